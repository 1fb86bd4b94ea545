import { alertId, type Finding, type Grounds } from "../domain/findings.ts";
import { filled } from "../domain/words/filling.ts";
import { inert } from "../domain/words/inert.ts";
import { wordsFor } from "../domain/words/way.ts";
import type { Words } from "../domain/words/wording.ts";
import type { Alert } from "../ports.ts";

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
  if (finding.verdict === "drill")
    return `[counterfoil] DRILL, nothing is wrong: ${finding.project}`.slice(0, 99);
  const what = finding.state === "resolved" ? "resolved" : finding.severity.toUpperCase();
  const where = [finding.project, finding.release, finding.file].filter((part) => part !== null).join(" ");
  const claimed = finding.selfClaimed ? " (self-claimed)" : "";
  const line = `[counterfoil] ${what} ${finding.verdict}${claimed}${where === "" ? "" : `: ${where}`}`;
  return line.replace(/[^\x20-\x7e]/g, "?").slice(0, 99);
}

function textOf(finding: Finding): string {
  const words = wordsFor(finding);
  const head = finding.state === "resolved" ? resolution(finding, words) : opening(finding, words);
  return [
    ...head.map((line) => filled(line, finding)),
    "",
    ...groundsLines(finding),
    "",
    ...footer(finding),
  ].join("\n");
}

const opening = ({ openedAt }: Finding, words: Words): string[] => [
  words.happened,
  words.means,
  `Since ${openedAt}.`,
  ...adviceOf(words),
];

function resolution(
  { verdict, openedAt, changedAt, resolvedBy }: Finding,
  { resolved, happened }: Words,
): string[] {
  const was = `It was \`${verdict}\` from ${openedAt} to ${changedAt}.`;
  if (resolvedBy === null) return [`Resolved: ${resolved ?? happened}`, was];
  return [`Resolved: a person says that it is over. It was told as: ${happened}`, was];
}

function adviceOf({ harmless, steps }: Words): string[] {
  const head = harmless?.startsWith("If ") ? "Otherwise:" : "What to do:";
  return [
    ...(harmless === null ? [] : ["", harmless]),
    ...(steps.length === 0 ? [] : ["", head]),
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
  ];
}

/** Whoever reads it must not take a stranger's word for the developer's. */
const watcherOf = ({ enrolment, selfClaimed }: Finding): string | null =>
  selfClaimed ? `${enrolment} (self-claimed: the operator has not vouched for it)` : enrolment;

function groundsLines(finding: Finding): string[] {
  const { grounds, release, resolvedBy, acknowledged } = finding;
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
    ["watcher", watcherOf(finding)],
    ["note", grounds.note],
    ["resolved by", resolvedBy && `${resolvedBy.by}: ${resolvedBy.note}`],
    ["acknowledged", acknowledged && `${acknowledged.by} at ${acknowledged.at}: ${acknowledged.note}`],
  ];
  return rows.flatMap(([name, value]) => (value === null ? [] : [`${`${name}:`.padEnd(15)}${inert(value)}`]));
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
