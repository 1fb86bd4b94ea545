import { isSha256, readDigest } from "./claimed-digests.ts";
import { isBlank, type LineFormat, placeOf } from "./lines.ts";
import { demandOneLine, lastOfAnyPath } from "./paths.ts";
import { refusal } from "./refusals.ts";
import type { Claim } from "./submissions.ts";

const OPTION = /^--hash=(\S+)\s*$/;

/** `pip hash`: a path and a colon, and below it the option that a requirements file would have. */
export const pipHash: LineFormat = (lines, at) => {
  const path = (lines[at] ?? "").trimEnd();
  const claims: Claim[] = [];
  if (!path.endsWith(":")) return null;
  for (let below = at + 1; below < lines.length; below += 1) {
    const [, hash] = OPTION.exec(lines[below] ?? "") ?? [];
    if (hash === undefined) break;
    const place = placeOf(below);
    claims.push({ file: lastOfAnyPath(path.slice(0, -1)), digest: readDigest(hash, place), ...place });
  }
  if (claims.length === 0) return null;
  demandOneLine(path, placeOf(at));
  return { claims, taken: claims.length + 1 };
};

const TITLE = /^Showing hash values of files to be uploaded:\s*$/;

/** What `print-hash` of PyPI's publishing action says before the first file. */
export const printHashTitle: LineFormat = (lines, at) =>
  TITLE.test(lines[at] ?? "") ? { claims: [], taken: 1 } : null;

const LABELLED = /^\s*((?:md5|sha|blake|ripemd)[\w-]*)\s*:\s*([0-9a-z]+)\s*$/i;

interface Labelled {
  readonly algorithm: string;
  readonly hex: string;
  readonly at: number;
}

/** The labelled digests from a line on, and the line behind them. */
function labelledFrom(lines: readonly string[], from: number): { found: Labelled[]; end: number } {
  const found: Labelled[] = [];
  for (let at = from; at < lines.length; at += 1) {
    const [, algorithm, hex = ""] = LABELLED.exec(lines[at] ?? "") ?? [];
    if (algorithm === undefined) return { found, end: at };
    found.push({ algorithm, hex, at });
  }
  return { found, end: lines.length };
}

/**
 * `print-hash` of PyPI's publishing action, per file: its path, a blank line, and `SHA256: …` among the digests that PyPI
 * shows. The others are beside the matter, and alone they are refused.
 */
export const printHash: LineFormat = (lines, at) => {
  const alone = labelledFrom(lines, at);
  if (alone.found.length > 0) {
    const sentence = "A digest, and no path above it to say which file it is of.";
    throw refusal("no-file-name", sentence, placeOf(at));
  }
  let below = at + 1;
  while (below < lines.length && isBlank(lines[below] ?? "")) below += 1;
  const { found, end } = labelledFrom(lines, below);
  const [first] = found;
  if (first === undefined) return null;
  const sha256s = found.filter(({ algorithm }) => isSha256(algorithm));
  const meant = sha256s.length > 0 ? sha256s : [first];
  const path = (lines[at] ?? "").trimEnd();
  demandOneLine(path, placeOf(at));
  const claims = meant.map(({ algorithm, hex, at: line }): Claim => {
    const place = placeOf(line);
    return { file: lastOfAnyPath(path), digest: readDigest(hex, place, algorithm), ...place };
  });
  return { claims, taken: end - at };
};
