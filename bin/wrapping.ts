import { inert } from "../functions/records/quoted.ts";

/** Longer lines are hard to read; a pipe has no width. */
const MOST_COLUMNS = 100;
const USUAL_COLUMNS = 80;
const FEWEST_COLUMNS = 24;

/** How wide text for people may be on this terminal. */
export const widthOf = (columns: number | undefined): number =>
  Math.max(FEWEST_COLUMNS, Math.min(columns ?? USUAL_COLUMNS, MOST_COLUMNS));

/**
 * Text in lines of at most `width`, `indent` included. Lines that begin with a blank are commands, and stay whole to be
 * copied; so does a word that is longer than a line. Every line is made inert.
 */
export function wrapped(text: string, width: number, indent = ""): string[] {
  return text.split("\n").flatMap((line) => {
    if (line === "" || line.startsWith(" ")) return [`${indent}${inert(line)}`.trimEnd()];
    const lines: string[] = [];
    for (const word of inert(line).split(" ")) {
      const last = lines.at(-1);
      if (last !== undefined && last.length + 1 + word.length <= width)
        lines[lines.length - 1] = `${last} ${word}`;
      else lines.push(`${indent}${word}`);
    }
    return lines;
  });
}
