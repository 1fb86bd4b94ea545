import { readDigest } from "./claimed-digests.ts";
import { type LineFormat, placeOf } from "./lines.ts";
import { isUrl, lastOfAnyPath, lastOfUrl } from "./paths.ts";
import { quoted } from "./quoted.ts";
import { refusal } from "./refusals.ts";
import type { Claim } from "./submissions.ts";

interface Token {
  readonly text: string;
  /** Index of the line it stands in. */
  readonly at: number;
}

/** pip's comment: `#` at the beginning or behind a space, so that a URL keeps its fragment. */
const COMMENT = /(^|\s)#.*$/s;

/** A line and those that continue it, in words. As in pip, a comment ends the whole. */
function logicalLine(lines: readonly string[], from: number): { tokens: Token[]; taken: number } {
  const tokens: Token[] = [];
  let at = from;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const said = line.replace(COMMENT, "");
    const continues = said === line && line.endsWith("\\");
    const words = (continues ? line.slice(0, -1) : said).split(/\s+/).filter((word) => word !== "");
    tokens.push(...words.map((text) => ({ text, at })));
    if (!continues) break;
  }
  return { tokens, taken: Math.min(at + 1, lines.length) - from };
}

interface Requirement {
  /** What is required, up to a marker. */
  readonly wanted: readonly Token[];
  /** The values of `--hash`. */
  readonly hashes: readonly Token[];
}

function requirementIn(tokens: readonly Token[]): Requirement {
  const wanted: Token[] = [];
  const hashes: Token[] = [];
  let marked = false;
  for (const [index, { text, at }] of tokens.entries()) {
    if (tokens[index - 1]?.text === "--hash") hashes.push({ text, at });
    else if (text.startsWith("--hash=")) hashes.push({ text: text.slice("--hash=".length), at });
    else if (text !== "--hash" && !marked) {
      marked = text.startsWith(";");
      if (!marked) wanted.push({ text, at });
    }
  }
  return { wanted, hashes };
}

const ARCHIVE = /\.(whl|zip|egg|tgz|tar(\.\w+)?)$/i;

/** `name @ URL` (PEP 508), a URL alone, or a path; `null` when a release is named, and no file. */
function targetOf(wanted: readonly Token[]): Token | null {
  const [first, at, url] = wanted;
  if (first === undefined) return null;
  if (wanted.length === 3 && at?.text === "@" && url !== undefined) return url;
  if (wanted.length > 1) return null;
  if (isUrl(first.text)) return first;
  const direct = first.text.indexOf("@");
  if (direct > 0 && isUrl(first.text.slice(direct + 1)))
    return { text: first.text.slice(direct + 1), at: first.at };
  const path = first.text.replace(/;.*$|\[[^[\]]*\]$/s, "");
  return ARCHIVE.test(path) || /^\.|[/\\]/.test(path) ? { text: path, at: first.at } : null;
}

const FRAGMENT_HASH = /^(md5|sha1|sha224|sha256|sha384|sha512)$/i;

/** The digests in a URL's fragment (`#sha256=…&egg=…`), tagged. */
function fragmentHashes({ text, at }: Token): Token[] {
  const hash = text.indexOf("#");
  if (hash < 0 || !isUrl(text)) return [];
  return [...new URLSearchParams(text.slice(hash + 1))]
    .filter(([key]) => FRAGMENT_HASH.test(key))
    .map(([key, value]) => ({ text: `${key}:${value}`, at }));
}

function* claimsOf({ wanted, hashes }: Requirement, from: number): Generator<Claim> {
  const target = targetOf(wanted);
  if (target === null) {
    const what = wanted.length === 0 ? "A hash" : quoted(wanted.map(({ text }) => text).join(" "));
    const sentence = `${what} names no file: of which of a release's files this is the digest, nothing says. Send what pip hash prints.`;
    throw refusal("no-file-name", sentence, placeOf(from));
  }
  const file = isUrl(target.text) ? lastOfUrl(target.text) : lastOfAnyPath(target.text);
  const all = [...fragmentHashes(target), ...hashes];
  if (all.length === 0)
    throw refusal("no-digest", `${quoted(file)} is named without a SHA-256 digest.`, placeOf(target.at));
  for (const { text, at } of all) {
    const place = placeOf(at);
    yield { file, digest: readDigest(text, place), ...place };
  }
}

/** Whether this means to be a requirement that says more than a name and a version. */
const isMeant = ([first, second]: readonly Token[], { hashes }: Requirement): boolean =>
  hashes.length > 0 ||
  second?.text === "@" ||
  (first !== undefined && /^([\w.[\],-]+@)?\w+:\/\//.test(first.text));

/**
 * A line of a requirements file with `--hash`, continued or not, or with a URL. Only what names a file can be recorded: a
 * direct reference or a path. `name==version` names a release, and its hashes are of whichever file pip may choose.
 */
export const requirement: LineFormat = (lines, at) => {
  const { tokens, taken } = logicalLine(lines, at);
  const said = requirementIn(tokens);
  return isMeant(tokens, said) ? { claims: claimsOf(said, at), taken } : null;
};
