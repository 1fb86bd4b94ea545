import { belongsTo, isFileName, type ProjectName } from "../domain/names.ts";
import { claimsInJson, looksLikeJson } from "./json.ts";
import { claimsInLines } from "./lines.ts";
import { quoted } from "./quoted.ts";
import { SubmissionRefused } from "./refusals.ts";
import type { Claim, Submission } from "./submissions.ts";

/** A submission of more bytes is refused; enough for the files of any release many times over. */
export const MOST_SUBMISSION_BYTES = 1024 * 1024;

/** No release of any project has a tenth of this; what has more is a mistake, and would be a heavy one. */
export const MOST_FILES = 5_000;

function decoded(bytes: Uint8Array): string {
  if (bytes.byteLength > MOST_SUBMISSION_BYTES)
    throw new SubmissionRefused("too-large", `A submission has at most ${MOST_SUBMISSION_BYTES} bytes.`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new SubmissionRefused(
      "not-utf8",
      "A submission is UTF-8 text (PowerShell writes UTF-16 by default).",
    );
  }
}

function checkName({ file, line }: Claim, project: ProjectName): void {
  if (!isFileName(file) || !file.isWellFormed()) {
    const why = "is not the bare name of one file";
    throw new SubmissionRefused("bad-file-name", `${quoted(file)} ${why}.`, line);
  }
  if (!belongsTo(file, project)) {
    const why = `is not the name of a distribution file of ${project} (wheel or sdist)`;
    throw new SubmissionRefused("wrong-project", `${quoted(file)} ${why}.`, line);
  }
}

function addTo(kept: Map<string, Claim>, claim: Claim): void {
  const earlier = kept.get(claim.file);
  if (earlier !== undefined && earlier.digest !== claim.digest) {
    const before = earlier.line === null ? "" : `; line ${earlier.line} says the other`;
    throw new SubmissionRefused("two-digests", `${quoted(claim.file)} has two digests${before}.`, claim.line);
  }
  if (earlier === undefined) kept.set(claim.file, claim);
  if (kept.size > MOST_FILES)
    throw new SubmissionRefused(
      "too-many-files",
      `A submission names at most ${MOST_FILES} files.`,
      claim.line,
    );
}

/**
 * Reads a submission for one project, whatever its format: detected from what it says, because curl declares every body
 * a form. Whole or nothing: throws `SubmissionRefused` for the first thing wrong, and nothing else for any input.
 */
export function parseSubmission(bytes: Uint8Array, project: ProjectName): Submission {
  const text = decoded(bytes);
  const format = looksLikeJson(text) ? "json" : "lines";
  const kept = new Map<string, Claim>();
  for (const claim of format === "json" ? claimsInJson(text) : claimsInLines(text)) {
    checkName(claim, project);
    addTo(kept, claim);
  }
  if (kept.size === 0) throw new SubmissionRefused("empty-submission", "The submission names no file.");
  return { format, claims: [...kept.values()] };
}
