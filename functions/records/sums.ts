import { readDigest } from "./claimed-digests.ts";
import { eachLine } from "./lines.ts";
import { demandOneLine, lastOfPath } from "./paths.ts";
import { refusal } from "./refusals.ts";
import type { Place } from "./submissions.ts";

/**
 * The name behind the folders. What coreutils escapes needs no unescaping: a folder is dropped with its escapes, and a
 * file's name that needs some is refused either way.
 */
function nameOf(path: string, place: Place): string {
  if (path === "-" || path === "stdin")
    throw refusal("no-file-name", "What was hashed came through a pipe, without its name.", place);
  demandOneLine(path, place);
  return lastOfPath(path);
}

const SUM = /^\\?([0-9a-z:]+) [ *](.+)$/is;

/** What was meant as a digest: hexadecimal, or too long for a word. */
const isMeant = (text: string): boolean => /^(\w+:)?[0-9a-f]+$/i.test(text) || text.length >= 32;

/**
 * GNU coreutils, `shasum`, `openssl dgst -r`: a backslash if the name is escaped, the digest, a space, `*` or a space for
 * the mode, the name.
 */
export const sha256sum = eachLine((line, place) => {
  const [, hex, path = ""] = SUM.exec(line) ?? [];
  if (hex === undefined || !isMeant(hex)) return null;
  return { file: nameOf(path, place), digest: readDigest(hex, place), ...place };
});

const BEFORE_NAME = /^\\?([a-z][a-z0-9/_-]*) ?$/i;
const AFTER_NAME = /^\) ?= ?([0-9a-z:]*)\s*$/i;

/** `SHA256 (name) = …` of BSD, `shasum --tag` and coreutils' `--tag`; `SHA2-256(name)= …` of OpenSSL. */
export const tagged = eachLine((line, place) => {
  const opens = line.indexOf("(");
  const closes = line.lastIndexOf(")");
  if (opens < 0 || closes < opens) return null;
  const [, algorithm] = BEFORE_NAME.exec(line.slice(0, opens)) ?? [];
  const [, hex] = AFTER_NAME.exec(line.slice(closes)) ?? [];
  if (algorithm === undefined || hex === undefined) return null;
  return {
    file: nameOf(line.slice(opens + 1, closes), place),
    digest: readDigest(hex, place, algorithm),
    ...place,
  };
});
