import type { Place } from "./submissions.ts";

/** Why a submission was refused. Closed: the API publishes these words, and clients may switch over them. */
export type SubmissionCode =
  | "empty-submission"
  | "too-large"
  | "too-many-files"
  | "not-utf8"
  | "bad-json"
  | "bad-toml"
  | "bad-entry"
  | "unparsable-line"
  | "bad-digest"
  | "no-digest"
  | "other-algorithm"
  | "cut-short"
  | "bad-file-name"
  | "no-file-name"
  | "wrong-project"
  | "two-digests";

/** A submission says something that cannot be recorded. Nothing of it was kept: whole or nothing. */
export class SubmissionRefused extends Error {
  readonly code: SubmissionCode;
  /** 1-based line of the text, where one line is to blame. */
  readonly line: number | null;
  constructor(code: SubmissionCode, message: string, line: number | null = null) {
    super(message);
    this.name = "SubmissionRefused";
    this.code = code;
    this.line = line;
  }
}

/** The refusal of what stands at a place: a document's entry is named in the sentence. */
export const refusal = (code: SubmissionCode, sentence: string, { line, entry }: Place): SubmissionRefused =>
  new SubmissionRefused(code, entry === null ? sentence : `${entry}: ${sentence}`, line);
