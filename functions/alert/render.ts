import { alertId, type Finding, type Grounds } from "../domain/findings.ts";
import type { Alert } from "../ports.ts";
import { WORDS, type Words } from "./words.ts";

const PLAIN: Words = { happened: "FILE: see below.", means: "", harmless: null, steps: [] };

/**
 * Renders one finding's state. The subject is ASCII and under 100 characters (SNS refuses more); the first three
 * lines of the text stand alone on a phone: what happened, what it means, since when.
 */
export function render(finding: Finding): Alert {
  return {
    schema: "counterfoil.alert.v1",
    id: alertId(finding),
    topic: finding.topic,
    severity: finding.severity,
    subject: subjectOf(finding),
    text: textOf(finding),
    finding,
  };
}

function subjectOf(finding: Finding): string {
  const what = finding.state === "resolved" ? "resolved" : finding.severity.toUpperCase();
  const where = [finding.project, finding.release].filter((part) => part !== null).join(" ");
  const line = `[counterfoil] ${what} ${finding.verdict}: ${where} ${finding.file ?? ""}`.trim();
  return line.replace(/[^\x20-\x7e]/g, "?").slice(0, 99);
}

function textOf(finding: Finding): string {
  const words = WORDS[finding.verdict] ?? PLAIN;
  const fill = (text: string): string => filled(text, finding);
  const lines =
    finding.state === "resolved"
      ? [
          `Resolved: ${fill(words.happened)}`,
          `It was opened at ${finding.openedAt} and ended at ${finding.changedAt}.`,
        ]
      : [fill(words.happened), fill(words.means), `Since ${finding.openedAt}.`, ...adviceOf(words).map(fill)];
  return [...lines, "", ...groundsLines(finding), "", ...footer(finding)].join("\n");
}

/** File and project names come from strangers: filled in once, by a function, so that nothing in them is a pattern. */
function filled(text: string, { file, project, release }: Finding): string {
  const values: Record<string, string> = {
    FILE: file ?? "a file",
    PROJECT: project ?? "the project",
    RELEASE: release ?? "the release",
  };
  return text.replace(/FILE|PROJECT|RELEASE/g, (name) => values[name] ?? name);
}

const adviceOf = (words: Words): string[] => [
  ...(words.harmless === null ? [] : ["", words.harmless]),
  ...(words.steps.length === 0 ? [] : ["", words.harmless === null ? "What to do:" : "If not:"]),
  ...words.steps.map((step, index) => `  ${index + 1}. ${step}`),
];

function groundsLines({ grounds, release, enrolment }: Finding): string[] {
  const rows: [string, string | null][] = [
    ["release", release],
    ["PyPI declares", grounds.declared],
    ["we fetched", grounds.observed],
    ...recordedRows(grounds),
    ["seen before", grounds.before.join(", ") || null],
    ["attempts", attemptsOf(grounds)],
    ["first seen", grounds.firstSeen],
    ["deadline", grounds.deadline],
    ["journal", grounds.entry],
    ["fetched from", grounds.url],
    ["index page", grounds.page],
    ["watcher", enrolment],
    ["note", grounds.note],
  ];
  return rows.flatMap(([name, value]) => (value === null ? [] : [`${`${name}:`.padEnd(15)}${value}`]));
}

const recordedRows = ({ recorded, observed }: Grounds): [string, string | null][] =>
  recorded.length === 0
    ? observed === null
      ? []
      : [["you recorded", "nothing for this file"]]
    : recorded.map((each) => ["you recorded", `${each.digest} (${each.authority}, ${each.recordedAt})`]);

const attemptsOf = ({ attempts, wrongAttempts }: Grounds): string | null =>
  wrongAttempts === 0 ? null : `${wrongAttempts} of ${attempts} had other bytes than declared`;

const footer = (finding: Finding): string[] => [
  `finding ${finding.id}`,
  `alert ${alertId(finding)}  thread ${finding.thread}  topic ${finding.topic}`,
];
