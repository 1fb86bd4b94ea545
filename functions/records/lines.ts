import { quoted } from "./quoted.ts";
import { refusal } from "./refusals.ts";
import type { Claim, Place } from "./submissions.ts";

/** What a format read: so many lines, at least one, and what they claim. Reading the claims throws `SubmissionRefused`. */
export interface Block {
  readonly claims: Iterable<Claim>;
  readonly taken: number;
}

/**
 * Reads what begins at `lines[at]`, or answers `null` when it is not of its kind. It decides by the form alone, so that
 * what has the form and is wrong is refused in that form's words. Throws `SubmissionRefused`.
 */
export type LineFormat = (lines: readonly string[], at: number) => Block | null;

/** Where a line stands: counted from 1, as editors do. */
export const placeOf = (at: number): Place => ({ line: at + 1, entry: null });

/** A format whose every line stands by itself. */
export const eachLine =
  (read: (line: string, place: Place) => Claim | null): LineFormat =>
  (lines, at) => {
    const claim = read(lines[at] ?? "", placeOf(at));
    return claim === null ? null : { claims: [claim], taken: 1 };
  };

export const isBlank = (line: string): boolean => line.trim() === "";

/** `sha256sum --check` and pip skip these too. */
const isComment = (line: string): boolean => line.trimStart().startsWith("#");

function blockAt(lines: readonly string[], at: number, formats: readonly LineFormat[]): Block {
  for (const format of formats) {
    const block = format(lines, at);
    if (block !== null) return block;
  }
  const wanted = "64 hexadecimal digits, two spaces and a file name, as sha256sum prints them";
  throw refusal("unparsable-line", `Expected ${wanted}; found ${quoted(lines[at] ?? "")}.`, placeOf(at));
}

/**
 * Reads line by line: CRLF as LF, blank lines and comments skipped and counted; of the formats, the first that knows what
 * begins at a line reads it. Throws `SubmissionRefused`.
 */
export function* claimsInLines(text: string, formats: readonly LineFormat[]): Generator<Claim> {
  const lines = text.split("\n").map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    if (isBlank(line) || isComment(line)) {
      at += 1;
      continue;
    }
    const { claims, taken } = blockAt(lines, at, formats);
    yield* claims;
    at += taken;
  }
}
