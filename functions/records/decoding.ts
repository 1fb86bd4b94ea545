import { SubmissionRefused } from "./refusals.ts";

/** The byte order marks of UTF-16: Windows PowerShell's `>` writes the first. */
const MARKS: readonly (readonly [first: number, second: number, encoding: string])[] = [
  [0xff, 0xfe, "utf-16le"],
  [0xfe, 0xff, "utf-16be"],
];

/**
 * The text of a submission: UTF-8 with or without a byte order mark, or UTF-16 with one. Throws `SubmissionRefused`
 * (`not-utf8`) rather than replace what it cannot read.
 */
export function decoded(bytes: Uint8Array): string {
  const mark = MARKS.find(([first, second]) => bytes[0] === first && bytes[1] === second);
  try {
    return new TextDecoder(mark?.[2] ?? "utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new SubmissionRefused(
      "not-utf8",
      "A submission is text in UTF-8, or in UTF-16 with a byte order mark, and this is neither.",
    );
  }
}
