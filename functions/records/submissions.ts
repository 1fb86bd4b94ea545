import type { Digest } from "../domain/digests.ts";

/** Where in a submission something stands: what a refusal names. */
export interface Place {
  /** 1-based line of the text as it came; `null` in a document where the piece stands nowhere alone. */
  readonly line: number | null;
  /** In a document, the way to the entry (`files[2]`); `null` in text that is read line by line. */
  readonly entry: string | null;
}

/** What one line or entry of a submission says: this file shall have this digest. */
export interface Claim extends Place {
  readonly file: string;
  readonly digest: Digest;
}

/**
 * What a submission is written in. JSON and a lock file are documents, read as a whole; everything else is `lines`: what
 * tools print, each line or block told apart by itself.
 */
export type SubmissionFormat = "json" | "pylock" | "lines";

/** A submission as a whole, every file once, in the order in which it names them. */
export interface Submission {
  readonly format: SubmissionFormat;
  readonly claims: readonly Claim[];
}
