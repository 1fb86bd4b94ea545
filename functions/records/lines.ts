import { parseDigest } from "../domain/digests.ts";
import { quoted } from "./quoted.ts";
import { notSha256, SubmissionRefused } from "./refusals.ts";
import type { Claim } from "./submissions.ts";

/** A line format: reads one line, or answers `null` when the line is not of its kind. Throws `SubmissionRefused`. */
export type LineFormat = (line: string, number: number) => Omit<Claim, "line"> | null;

/** GNU sha256sum: a backslash if the name is escaped, the digest, a space, `*` or a space for the mode, the name. */
const SHA256SUM = /^(\\?)([0-9a-z:]+) [ *](.+)$/i;
const ESCAPES: Readonly<Record<string, string>> = { "\\\\": "\\", "\\n": "\n", "\\r": "\r" };

const unescaped = (name: string): string => name.replace(/\\[\\nr]/g, (pair) => ESCAPES[pair] ?? pair);

/** `sha256sum dist/*` is what people type: where the file lay on their machine is no part of its name. */
const lastPart = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

const sha256sum: LineFormat = (line, number) => {
  const [, escaped, hex = "", name = ""] = SHA256SUM.exec(line) ?? [];
  if (escaped === undefined) return null;
  const digest = parseDigest(hex);
  if (digest === null) throw new SubmissionRefused("bad-digest", notSha256(hex), number);
  return { file: lastPart(escaped === "" ? name : unescaped(name)), digest };
};

/** Tried in order; the first that knows the line reads it. */
const FORMATS: readonly LineFormat[] = [sha256sum];

function readLine(line: string, number: number): Claim {
  for (const format of FORMATS) {
    const read = format(line, number);
    if (read !== null) return { ...read, line: number };
  }
  const wanted = "64 hexadecimal digits, two spaces and a file name, as sha256sum prints them";
  throw new SubmissionRefused("unparsable-line", `Expected ${wanted}; found ${quoted(line)}.`, number);
}

/** Reads line by line: CRLF as LF, blank lines skipped and counted. Throws `SubmissionRefused`. */
export function* claimsInLines(text: string): Generator<Claim> {
  let number = 0;
  for (const line of text.split("\n")) {
    number += 1;
    const bare = line.endsWith("\r") ? line.slice(0, -1) : line;
    if (bare.trim() !== "") yield readLine(bare, number);
  }
}
