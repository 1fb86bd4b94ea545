import type { Finding } from "../domain/findings.ts";
import type { LedgerEntry } from "../domain/ledger.ts";
import { findingsIn, isPublished } from "../domain/told.ts";

/** What an entry had to tell and no `published` entry of the history mentions. What others lost, the sweep finds. */
export const unpublishedOf = ({ body }: LedgerEntry, history: readonly LedgerEntry[]): Finding[] =>
  findingsIn(body).filter((finding) => !isPublished(history, finding));
