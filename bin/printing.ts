import { styleText } from "node:util";
import { inert } from "../functions/records/quoted.ts";

/** Everything for people goes through here: foreign text made inert, one line each. */
export const say = (line = ""): void => {
  process.stdout.write(`${line}\n`);
};

export const sayJson = (answer: unknown): void => say(JSON.stringify(answer, null, 2));

/** What is said beside the answer, so that a pipe gets the answer alone. */
export const note = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

export type Colour = "red" | "yellow" | "green" | "dim" | "bold";

/** Colours on a terminal only, and not where NO_COLOR is set. */
export const coloured = (colour: Colour, text: string): string =>
  styleText(colour, text, { stream: process.stdout });

const COLOURS: Readonly<Record<string, Colour>> = {
  critical: "red",
  warning: "yellow",
  match: "green",
  misdeclared: "red",
  replaced: "red",
  substituted: "red",
  mismatch: "red",
  unrecorded: "yellow",
  unverifiable: "yellow",
};

/** A word of the glossary in its colour, padded first so that columns line up. */
export const word = (text: string, width = 0): string => {
  const colour = COLOURS[text];
  const padded = inert(text).padEnd(width);
  return colour === undefined ? padded : coloured(colour, padded);
};

/** How wide a column must be for these cells. */
export const widest = (cells: readonly string[]): number =>
  cells.reduce((most, cell) => Math.max(most, inert(cell).length), 0);

/** Rows in columns, two spaces apart, every cell inert. */
export function sayColumns(rows: readonly (readonly string[])[], indent = ""): void {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) => widest(rows.map((row) => row[column] ?? "")));
  for (const row of rows)
    say(
      `${indent}${row.map((cell, column) => inert(cell).padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
    );
}

/** A count with its noun: `1 finding`, `2 findings`. */
export const counted = (count: number, noun: string, nouns = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : nouns}`;

/** How much was hashed again in time, in one sentence. */
export const coveredInWords = (of: {
  readonly artifacts: number;
  readonly rehashed: number;
  readonly since: string;
}): string => `${of.rehashed} of ${of.artifacts} listed were fetched and hashed since ${of.since}`;
