import type { Digest } from "../domain/digests.ts";

/** What one line or entry of a submission says: this file shall have this digest. */
export interface Claim {
  readonly file: string;
  readonly digest: Digest;
  /** 1-based line of a text submission; `null` in JSON. */
  readonly line: number | null;
}

/** A submission as a whole, every file once, in the order in which it names them. */
export interface Submission {
  readonly format: "lines" | "json";
  readonly claims: readonly Claim[];
}
