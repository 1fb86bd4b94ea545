import type { Received } from "./subscriber.ts";

/** How an act came out: the ground truth beside what the monitor said and what the subscriber got. */
export interface Outcome {
  readonly name: string;
  readonly artifact: string;
  readonly expected: string;
  readonly verdict: string | null;
  readonly severity: string | null;
  readonly topic: string | null;
  readonly ok: boolean;
}

/** Tells the story to a person, or keeps quiet for a machine. */
export interface Teller {
  scene(number: number, title: string): void;
  line(text: string): void;
  alert(alert: Received): void;
  outcome(outcome: Outcome, seconds: number): void;
  end(outcomes: readonly Outcome[], surprises: readonly string[]): void;
}

export const quiet: Teller = { scene() {}, line() {}, alert() {}, outcome() {}, end() {} };

const painted = (text: string, code: string, coloured: boolean): string =>
  coloured ? `\x1b[${code}m${text}\x1b[0m` : text;

const COMMANDS = `Watch a project of your own, three commands:

  npx counterfoil serve
  npx counterfoil enrol YOUR-PROJECT --key-file counterfoil-data/operator.key
  sha256sum dist/* | curl --data-binary @- -H "Authorization: Bearer $KEY" http://127.0.0.1:8080/v1/projects/YOUR-PROJECT/records

The first follows pypi.org and keeps running; the second prints the key for the third.
`;

/** A narrator on a terminal or a pipe. */
export function narrator(write: (text: string) => void, coloured: boolean): Teller {
  const good = (ok: boolean): string =>
    ok ? painted("ok ", "32", coloured) : painted("BAD", "1;31", coloured);
  return {
    scene: (number, title) => write(`\n${painted(`${number}. ${title}`, "1", coloured)}\n`),
    line: (text) => write(`   ${text}\n`),
    alert: (alert) => write(boxed(alert)),
    outcome: (each, seconds) =>
      write(
        `   ${good(each.ok)} ${each.artifact}: ${each.verdict ?? "no verdict"} after ${seconds.toFixed(1)} s\n`,
      ),
    end: (outcomes, surprises) => {
      write(`\n${tableOf(outcomes)}\n`);
      for (const surprise of surprises) write(`${painted("unexpected", "1;31", coloured)} ${surprise}\n`);
      write(`\n${COMMANDS}`);
    },
  };
}

/** An alert as its reader gets it: the subject, then the text, with a bar at its side. */
function boxed({ topic, subject, text }: Received): string {
  const lines = [`to ${topic}: ${subject}`, "", ...text.split("\n")];
  return `${lines.map((line) => `   | ${line}`.trimEnd()).join("\n")}\n`;
}

function tableOf(outcomes: readonly Outcome[]): string {
  const head = ["what happened", "artifact", "expected", "verdict", "told", ""];
  const rows = outcomes.map((each) => [
    each.name,
    each.artifact,
    each.expected,
    each.verdict ?? "-",
    each.topic === null ? "nobody" : `${each.topic}, ${each.severity}`,
    each.ok ? "ok" : "BAD",
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd();
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
