import * as z from "zod/mini";
import { Sha256 } from "./records.ts";

const nullableText = z.nullable(z.string());

/** What one watcher's records say of one file. `answer`: ok, differs, unrecorded or unknown; more may come. */
export const VerifiedFor = z.object({
  enrolment: z.string(),
  selfClaimed: z.boolean(),
  verdict: nullableText,
  standing: nullableText,
  authority: nullableText,
  declared: nullableText,
  observed: nullableText,
  recorded: z.array(
    z.object({
      digest: Sha256,
      authority: z.string(),
      recordedAt: z.string(),
      signers: z.array(z.string()),
      manifest: z.nullable(Sha256),
    }),
  ),
  hashedAt: nullableText,
  answer: z.string(),
  /** On what it rests, and what that would not have caught; in words. */
  why: z.string(),
});
export type VerifiedFor = z.infer<typeof VerifiedFor>;

/**
 * The monitor's word on files somebody holds. `published`: same, other, gone or unknown; as of the page it last read. A file's own
 * `answer` is that of the watchers whom the operator let in or vouched for: what strangers recorded neither makes it nor
 * spoils it.
 */
export const VerifyAnswer = z.object({
  project: z.string(),
  files: z.array(
    z.object({
      file: z.string(),
      digest: Sha256,
      answer: z.string(),
      why: z.string(),
      enrolments: z.array(VerifiedFor),
      published: z.string(),
    }),
  ),
  /** Since when and why the monitor may have missed uploads. */
  coverage: z.object({ blind: z.nullable(z.object({ since: nullableText, reason: z.string() })) }),
});
export type VerifyAnswer = z.infer<typeof VerifyAnswer>;
