import type { Compared, ExplanationAnswer } from "../functions/records/answers/explanations.ts";
import { inert } from "../functions/records/quoted.ts";
import { coloured, say, word } from "./printing.ts";
import { wrapped } from "./wrapping.ts";

/** Under a heading, an empty line before it; nothing where there is nothing to say. */
function section(heading: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  say();
  say(coloured("bold", heading));
  for (const line of lines) say(line);
}

const SIDES: Readonly<Record<string, string>> = {
  declared: "declared by the index",
  observed: "observed in the bytes",
  recorded: "recorded",
  before: "seen before",
};

/** The side on one line and the digest on the next: both fit on a phone. */
function sideLines({ side, digest, authority, signers, credential, at }: Compared, width: number): string[] {
  const who = [
    authority === null ? "" : ` by authority ${authority}`,
    signers.length === 0 ? "" : `, signed by ${signers.join(", ")}`,
    credential === null ? "" : `, with key ${credential}`,
    at === null ? "" : `, at ${at}`,
  ].join("");
  return [
    ...wrapped(`${SIDES[side] ?? side}${who}`, width, "  "),
    `    ${digest === null ? "nothing known" : inert(digest)}`,
  ];
}

function comparedLines(compared: readonly Compared[], width: number): string[] {
  if (compared.length === 0) return [];
  const isRecorded = compared.some(({ side }) => side === "recorded");
  return [
    ...compared.flatMap((each) => sideLines(each, width)),
    ...(isRecorded ? [] : ["  recorded", "    nothing for this file"]),
  ];
}

function sourceLines({ sources }: ExplanationAnswer, width: number): string[] {
  const { entry, page, url, firstSeen, deadline, attempts, wrongAttempts, note } = sources;
  const rows: [string, string | null][] = [
    ["journal entry", entry],
    ["index page", page],
    ["fetched from", url],
    [
      "attempts",
      attempts === 0
        ? null
        : `${attempts}, ${wrongAttempts || "none"} of them with other bytes than declared`,
    ],
    ["first seen", firstSeen],
    ["deadline", deadline],
    ["note", note],
  ];
  return rows.flatMap(([name, value]) =>
    value === null ? [] : [`  ${name}`, ...wrapped(value, width, "    ")],
  );
}

const stepLines = (steps: readonly string[], width: number): string[] =>
  steps.flatMap((step, index) => {
    const [first = "", ...rest] = wrapped(step, width, "     ");
    return [`  ${index + 1}. ${first.trimStart()}`, ...rest];
  });

/** An explanation for somebody with a terminal of this width, or a phone. */
export function sayExplanation(answer: ExplanationAnswer, width: number): void {
  const { project, file, verdict, severity, state, openedAt, selfClaimed, layers, advice, ended } = answer;
  const text = (said: string): string[] => wrapped(said, width, "  ");
  const claimed = selfClaimed ? ", self-claimed: the operator has not vouched for the watcher" : "";
  const lasting = state === "open" ? `open since ${openedAt}` : `${inert(state)}, opened ${openedAt}`;
  say(`${word(verdict)}  ${word(severity)}, ${lasting}${claimed}`);
  say(inert(file === null ? project : `${file}  of ${project}`));
  section("What happened", [...text(answer.happened), ...(ended === null ? [] : text(ended))]);
  section("What it means", text(answer.means));
  section(
    layers.length === 0 ? "Who disagrees: nobody" : `Who disagrees: ${layers.map(inert).join(", ")}`,
    text(answer.disagreement),
  );
  section("If it were harmless", text(answer.harmless));
  section("What was compared", comparedLines(answer.compared, width));
  section("What says so", sourceLines(answer, width));
  section("What to do", [...(advice === null ? [] : text(advice)), ...otherwise(answer, width)]);
  section("What is kept", text(answer.evidence));
}

const otherwise = ({ advice, steps }: ExplanationAnswer, width: number): string[] =>
  steps.length === 0
    ? []
    : [...(advice?.startsWith("If ") ? ["  Otherwise:"] : []), ...stepLines(steps, width)];
