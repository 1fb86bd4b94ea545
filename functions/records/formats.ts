import { belongsTo, isFileName, type ProjectName } from "../domain/names.ts";
import { decoded } from "./decoding.ts";
import { pipHash, printHash, printHashTitle } from "./headed.ts";
import { claimsInJson, looksLikeJson } from "./json.ts";
import { claimsInLines, type LineFormat } from "./lines.ts";
import { fileHashList, fileHashTable } from "./powershell.ts";
import { claimsInPylock, looksLikePylock } from "./pylock.ts";
import { quoted } from "./quoted.ts";
import { refusal, SubmissionRefused } from "./refusals.ts";
import { requirement } from "./requirements.ts";
import type { Claim, Submission, SubmissionFormat } from "./submissions.ts";
import { sha256sum, tagged } from "./sums.ts";

/** A submission of more bytes is refused; enough for the files of any release many times over. */
export const MOST_SUBMISSION_BYTES = 1024 * 1024;

/** No release of any project has a tenth of this; what has more is a mistake, and would be a heavy one. */
export const MOST_FILES = 5_000;

/** The first that knows a line reads it. Last is what begins with a bare path: any line could. */
const LINE_FORMATS: readonly LineFormat[] = [
  fileHashTable,
  fileHashList,
  sha256sum,
  tagged,
  printHashTitle,
  pipHash,
  requirement,
  printHash,
];

const READERS: Readonly<Record<SubmissionFormat, (text: string, project: ProjectName) => Iterable<Claim>>> = {
  json: claimsInJson,
  pylock: claimsInPylock,
  lines: (text) => claimsInLines(text, LINE_FORMATS),
};

/** A lock file before JSON: `[[packages]]` begins like an array. */
function formatOf(text: string): SubmissionFormat {
  if (looksLikePylock(text)) return "pylock";
  return looksLikeJson(text) ? "json" : "lines";
}

function checkName(claim: Claim, project: ProjectName): void {
  const { file } = claim;
  if (file === "")
    throw refusal("bad-file-name", "A file's name is missing: a folder is named, or nothing.", claim);
  if (!isFileName(file) || !file.isWellFormed())
    throw refusal("bad-file-name", `${quoted(file)} is not the bare name of one file.`, claim);
  if (!belongsTo(file, project)) {
    const why = `is not the name of a distribution file of ${project} (wheel or sdist)`;
    throw refusal("wrong-project", `${quoted(file)} ${why}.`, claim);
  }
}

function addTo(kept: Map<string, Claim>, claim: Claim): void {
  const earlier = kept.get(claim.file);
  if (earlier !== undefined && earlier.digest !== claim.digest) {
    const before = earlier.line === null ? "" : `; line ${earlier.line} says the other`;
    throw refusal("two-digests", `${quoted(claim.file)} has two digests${before}.`, claim);
  }
  if (earlier === undefined) kept.set(claim.file, claim);
  if (kept.size > MOST_FILES)
    throw refusal("too-many-files", `A submission names at most ${MOST_FILES} files.`, claim);
}

function nothingNamed(format: SubmissionFormat, project: ProjectName): SubmissionRefused {
  const what =
    format === "pylock"
      ? `The lock file names no file of ${project}`
      : "Nothing in it names a file: whatever printed it may have found none";
  return new SubmissionRefused("empty-submission", `${what}.`);
}

/**
 * Reads a submission for one project, whatever its format: detected from what it says, because curl declares every body
 * a form. Whole or nothing: throws `SubmissionRefused` for the first thing wrong, and nothing else for any input.
 */
export function parseSubmission(bytes: Uint8Array, project: ProjectName): Submission {
  if (bytes.byteLength > MOST_SUBMISSION_BYTES)
    throw new SubmissionRefused("too-large", `A submission has at most ${MOST_SUBMISSION_BYTES} bytes.`);
  const text = decoded(bytes);
  const format = formatOf(text);
  const kept = new Map<string, Claim>();
  for (const claim of READERS[format](text, project)) {
    checkName(claim, project);
    addTo(kept, claim);
  }
  if (kept.size === 0) throw nothingNamed(format, project);
  return { format, claims: [...kept.values()] };
}
