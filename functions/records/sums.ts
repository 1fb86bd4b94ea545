import { readDigest } from "./claimed-digests.ts";
import { eachLine } from "./lines.ts";
import { demandOneLine, lastOfPath } from "./paths.ts";
import { refusal } from "./refusals.ts";
import type { Place } from "./submissions.ts";

const ESCAPES: Readonly<Record<string, string>> = { "\\\\": "\\", "\\n": "\n", "\\r": "\r" };

const unescaped = (name: string): string => name.replace(/\\[\\nr]/g, (pair) => ESCAPES[pair] ?? pair);

/** The name, of which a backslash before the line says that it is escaped. */
function nameOf(escaped: string, path: string, place: Place): string {
  if (path === "-" || path === "stdin")
    throw refusal("no-file-name", "What was hashed came through a pipe, without its name.", place);
  demandOneLine(path, place);
  return lastOfPath(escaped === "" ? path : unescaped(path));
}

const SUM = /^(\\?)([0-9a-z:]+) [ *](.+)$/is;

/** What was meant as a digest: hexadecimal, or too long for a word. */
const isMeant = (text: string): boolean => /^(\w+:)?[0-9a-f]+$/i.test(text) || text.length >= 32;

/**
 * GNU coreutils, `shasum`, `openssl dgst -r`: a backslash if the name is escaped, the digest, a space, `*` or a space for
 * the mode, the name.
 */
export const sha256sum = eachLine((line, place) => {
  const [, escaped, hex = "", path = ""] = SUM.exec(line) ?? [];
  if (escaped === undefined || !isMeant(hex)) return null;
  return { file: nameOf(escaped, path, place), digest: readDigest(hex, place), ...place };
});

const BEFORE_NAME = /^(\\?)([a-z][a-z0-9/_-]*) ?$/i;
const AFTER_NAME = /^\) ?= ?([0-9a-z:]*)\s*$/i;

/** `SHA256 (name) = …` of BSD, `shasum --tag` and coreutils' `--tag`; `SHA2-256(name)= …` of OpenSSL. */
export const tagged = eachLine((line, place) => {
  const opens = line.indexOf("(");
  const closes = line.lastIndexOf(")");
  if (opens < 0 || closes < opens) return null;
  const [, escaped, algorithm = ""] = BEFORE_NAME.exec(line.slice(0, opens)) ?? [];
  const [, hex] = AFTER_NAME.exec(line.slice(closes)) ?? [];
  if (escaped === undefined || hex === undefined) return null;
  return {
    file: nameOf(escaped, line.slice(opens + 1, closes), place),
    digest: readDigest(hex, place, algorithm),
    ...place,
  };
});
