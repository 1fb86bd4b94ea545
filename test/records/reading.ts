import assert from "node:assert/strict";
import { hexOf } from "../../functions/domain/digests.ts";
import { parseSubmission } from "../../functions/records/formats.ts";
import { type SubmissionCode, SubmissionRefused } from "../../functions/records/refusals.ts";
import type { Submission } from "../../functions/records/submissions.ts";

export type Pair = readonly [file: string, hex: string];

export const read = (text: string | Uint8Array, project = "six"): Submission =>
  parseSubmission(typeof text === "string" ? Buffer.from(text) : text, project);

export const pairs = (text: string | Uint8Array, project = "six"): Pair[] =>
  read(text, project).claims.map(({ file, digest }) => [file, hexOf(digest)]);

export function refusalOf(text: string | Uint8Array, project = "six"): SubmissionRefused {
  try {
    read(text, project);
  } catch (error) {
    if (error instanceof SubmissionRefused) return error;
    throw error;
  }
  return assert.fail("was not refused");
}

/** The refusal's code, its line, and that its sentence is fit for a terminal. */
export function assertRefused(
  text: string | Uint8Array,
  code: SubmissionCode,
  line: number | null,
  project = "six",
): SubmissionRefused {
  const refusal = refusalOf(text, project);
  assert.deepEqual([refusal.code, refusal.line], [code, line], refusal.message);
  assert.match(refusal.message, /^\P{C}+$/u);
  return refusal;
}
