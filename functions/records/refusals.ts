import { quoted } from "./quoted.ts";

/** Why a submission was refused. Closed: the API publishes these words, and clients may switch over them. */
export type SubmissionCode =
  | "empty-submission"
  | "too-large"
  | "too-many-files"
  | "not-utf8"
  | "bad-json"
  | "bad-entry"
  | "unparsable-line"
  | "bad-digest"
  | "bad-file-name"
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

/** The sentence of `bad-digest`, the same for every format. */
export const notSha256 = (text: string): string =>
  `A SHA-256 digest has 64 hexadecimal digits, and this has not: ${quoted(text)}.`;
