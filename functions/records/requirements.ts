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
    for (const text of (continues ? line.slice(0, -1) : said).split(/\s+/))
      if (text !== "") tokens.push({ text, at });
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

/** The value of a `--hash`, written with `=` or behind a space; `null` for any other word. */
function hashIn({ text, at }: Token, before: Token | undefined): Token | null {
  if (before?.text === "--hash") return { text, at };
  return text.startsWith("--hash=") ? { text: text.slice("--hash=".length), at } : null;
}

/** What stands before a marker: `;` ends a path, and behind a URL it needs a space (PEP 508). */
function beforeMarker(tokens: readonly Token[]): readonly Token[] {
  const marker = tokens.findIndex(
    ({ text }) => text.startsWith(";") || (text.includes(";") && !hasUrl(text)),
  );
  const { text, at } = tokens[marker] ?? { text: "", at: 0 };
  if (marker < 0) return tokens;
  const rest = text.slice(0, text.indexOf(";"));
  return [...tokens.slice(0, marker), ...(rest === "" ? [] : [{ text: rest, at }])];
}

function requirementIn(tokens: readonly Token[]): Requirement {
  const hashes: Token[] = [];
  const others: Token[] = [];
  for (const [index, token] of tokens.entries()) {
    const hash = hashIn(token, tokens[index - 1]);
    if (hash !== null) hashes.push(hash);
    else if (token.text !== "--hash") others.push(token);
  }
  return { wanted: beforeMarker(others), hashes };
}

/** A URL, or `name@URL`. */
const hasUrl = (text: string): boolean => /^([\w.[\],-]+@)?[a-z][a-z0-9+.-]*:\/\//i.test(text);

const ARCHIVE = /\.(whl|zip|egg|tgz|tar(\.\w+)?)$/i;

/** `name @ URL` (PEP 508), a URL alone, or a path; `null` when a release is named, and no file. */
function targetOf(wanted: readonly Token[]): Token | null {
  const [first, at, url] = wanted;
  if (first === undefined) return null;
  if (wanted.length === 3 && at?.text === "@" && url !== undefined) return url;
  if (wanted.length > 1) return null;
  if (isUrl(first.text)) return first;
  if (hasUrl(first.text)) return { text: first.text.slice(first.text.indexOf("@") + 1), at: first.at };
  const path = first.text.replace(/\[[\w.,-]*\]$/, "");
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
    const what = wanted.length === 0 ? "A hash alone" : quoted(wanted.map(({ text }) => text).join(" "));
    const sentence = `${what} does not name one file, and a digest is of one; pip hash dist/* prints both.`;
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
  hashes.length > 0 || second?.text === "@" || (first !== undefined && hasUrl(first.text));

/**
 * A line of a requirements file with `--hash`, continued or not, or with a URL. Only what names a file can be recorded: a
 * direct reference or a path. `name==version` names a release, and its hashes are of whichever file pip may choose.
 */
export const requirement: LineFormat = (lines, at) => {
  const { tokens, taken } = logicalLine(lines, at);
  const said = requirementIn(tokens);
  return isMeant(tokens, said) ? { claims: claimsOf(said, at), taken } : null;
};
