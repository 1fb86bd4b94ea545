import * as z from "zod/mini";
import { RecordAnswer, Sha256 } from "./records.ts";

const nullableText = z.nullable(z.string());

/** Bytes of the finding's file, or that there were too many of them. Nobody but a client of these routes ever reads them. */
const EvidenceBytes = z.object({
  /** Of the whole body, also where only its head is kept. */
  digest: Sha256,
  at: z.string(),
  /** How much is kept; of what a cap refused, how much would have been. */
  sizeBytes: z.number(),
  /** False when the cap cut it: then its head is kept, and does not have this digest. */
  whole: z.boolean(),
  /** `attempt` that differed from what was declared, or fetched again for `this-finding` or `another-finding`. */
  origin: z.string(),
  /** Which attempt it was, of how many of one look; `null` where the ledger has no fact of it. */
  attempt: z.nullable(
    z.object({
      number: z.number(),
      of: z.number(),
      fact: z.string(),
      address: nullableText,
      detail: nullableText,
    }),
  ),
  /** The cap for which nothing is kept: `day` or `finding`. */
  refused: nullableText,
});
export type EvidenceBytes = z.infer<typeof EvidenceBytes>;

/** A page of the index. `why`: finding, judged, first-seen, baseline; more may come. */
const EvidencePage = z.object({
  digest: Sha256,
  /** `null` where it is not kept, or no more. */
  sizeBytes: z.nullable(z.number()),
  why: z.array(z.string()),
});
export type EvidencePage = z.infer<typeof EvidencePage>;

/** What the journal said of the finding's file, its release or the project. */
const EvidenceEntry = z.object({
  epoch: z.number(),
  serial: z.number(),
  release: nullableText,
  at: z.string(),
  seenAt: z.string(),
  text: z.string(),
});

/** What is kept of a finding; the oldest first in each list. */
export const EvidenceAnswer = z.object({
  project: z.string(),
  finding: z.string(),
  enrolment: nullableText,
  file: nullableText,
  bytes: z.array(EvidenceBytes),
  pages: z.array(EvidencePage),
  entries: z.array(EvidenceEntry),
  /** How many older entries are not among these. */
  entriesLeftOut: z.number(),
  ledger: z.object({ subject: z.string(), entries: z.number() }),
  /** Of this enrolment and file, withdrawn ones too. */
  records: z.array(RecordAnswer),
  /** Provenance objects (PEP 740) that were read, by digest. */
  provenance: z.array(z.object({ digest: Sha256, at: z.string(), outcome: z.string() })),
});
export type EvidenceAnswer = z.infer<typeof EvidenceAnswer>;

/** An entry of the ledger, as it is chained. What is another watcher's is left out, and then it is not `whole`. */
const FindingLedgerEntry = z.object({
  subject: z.string(),
  number: z.number(),
  previous: nullableText,
  at: z.string(),
  body: z.record(z.string(), z.unknown()),
  hash: z.string(),
  whole: z.boolean(),
});
export type FindingLedgerEntry = z.infer<typeof FindingLedgerEntry>;

/** The history of what a finding is about, oldest first. */
export const FindingLedgerAnswer = z.object({
  project: z.string(),
  finding: z.string(),
  entries: z.array(FindingLedgerEntry),
  next: nullableText,
});
export type FindingLedgerAnswer = z.infer<typeof FindingLedgerAnswer>;
