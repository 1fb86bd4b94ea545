import * as z from "zod/mini";

const nullableText = z.nullable(z.string());

/** A digest as text; whoever relies on its form checks it. */
export const Sha256 = z.templateLiteral(["sha256:", z.string()]);

/** What became of a submission: the half that the submitter keeps. */
export const ReceiptAnswer = z.object({
  project: z.string(),
  enrolment: z.string(),
  selfClaimed: z.boolean(),
  manifest: Sha256,
  /** A registered key signed the submission. */
  signed: z.boolean(),
  /** A credential's id; `publisher` and its id for a CI provider's token. */
  credential: z.string(),
  /** The CI job whose token it was; `null` for a key. */
  job: z.nullable(
    z.object({
      provider: z.string(),
      repository: z.string(),
      ref: nullableText,
      workflow: nullableText,
      run: nullableText,
    }),
  ),
  receivedAt: z.string(),
  files: z.array(
    z.object({
      file: z.string(),
      release: nullableText,
      digest: Sha256,
      authority: z.enum(["ci", "maintainer"]),
      signers: z.array(z.string()),
      outcome: z.enum(["recorded", "already-recorded", "contested"]),
      added: z.boolean(),
      others: z.array(Sha256),
      verdict: nullableText,
      standing: nullableText,
    }),
  ),
  next: z.string(),
});
export type ReceiptAnswer = z.infer<typeof ReceiptAnswer>;

/** One record. `credential` is told to its enrolment and the operator only. */
export const RecordAnswer = z.object({
  enrolment: z.string(),
  selfClaimed: z.boolean(),
  file: z.string(),
  release: nullableText,
  digest: Sha256,
  authority: z.string(),
  recordedAt: z.string(),
  withdrawnAt: nullableText,
  manifest: z.nullable(Sha256),
  signers: z.array(z.string()),
  credential: nullableText,
});
export type RecordAnswer = z.infer<typeof RecordAnswer>;

/** A project's records, by file and then by the instant of recording. */
export const RecordsAnswer = z.object({
  project: z.string(),
  records: z.array(RecordAnswer),
  next: nullableText,
});
export type RecordsAnswer = z.infer<typeof RecordsAnswer>;

/** What was withdrawn. */
export const WithdrawnAnswer = z.object({
  project: z.string(),
  enrolment: z.string(),
  file: z.string(),
  digest: Sha256,
  withdrawn: z.array(RecordAnswer),
  /** What that means for the file, and what it does not end. */
  next: z.string(),
});
export type WithdrawnAnswer = z.infer<typeof WithdrawnAnswer>;
