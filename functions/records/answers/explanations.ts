import * as z from "zod/mini";

const nullableText = z.nullable(z.string());

/** One of the digests that were laid side by side. `side`: declared, observed, recorded or before; more may come. */
const Compared = z.object({
  side: z.string(),
  digest: nullableText,
  /** Of a record: how strong it is, and by which signing keys; `credential` to its watcher and the operator only. */
  authority: nullableText,
  signers: z.array(z.string()),
  credential: nullableText,
  at: nullableText,
});
export type Compared = z.infer<typeof Compared>;

/** A finding in words: which layer disagrees, what that means, what it would look like if it were harmless. */
export const ExplanationAnswer = z.object({
  project: z.string(),
  finding: z.string(),
  enrolment: nullableText,
  selfClaimed: z.boolean(),
  file: nullableText,
  release: nullableText,
  verdict: z.string(),
  severity: z.string(),
  state: z.string(),
  openedAt: z.string(),
  happened: z.string(),
  means: z.string(),
  /** Whose word stands against the others': index, bytes, edge, record, journal, provenance, enrolment or monitor. */
  layers: z.array(z.string()),
  disagreement: z.string(),
  harmless: z.string(),
  advice: nullableText,
  steps: z.array(z.string()),
  ended: nullableText,
  compared: z.array(Compared),
  /** Which entry and which page say so, as far as they do. */
  sources: z.object({
    entry: nullableText,
    page: nullableText,
    url: nullableText,
    firstSeen: nullableText,
    deadline: nullableText,
    attempts: z.number(),
    wrongAttempts: z.number(),
    note: nullableText,
  }),
  /** What is kept of it, in words. */
  evidence: z.string(),
});
export type ExplanationAnswer = z.infer<typeof ExplanationAnswer>;
