import * as z from "zod/mini";

const nullableText = z.nullable(z.string());

/** One artifact as one enrolment's watcher sees it now. Verdicts and standings are words that may grow. */
export const ArtifactAnswer = z.object({
  enrolment: z.string(),
  selfClaimed: z.boolean(),
  file: z.string(),
  release: nullableText,
  declared: nullableText,
  observed: nullableText,
  verdict: nullableText,
  standing: z.string(),
  authority: nullableText,
  since: z.string(),
  hashedAt: nullableText,
  listed: z.boolean(),
  yanked: z.boolean(),
  /** Whether the page names provenance (PEP 740). */
  attested: z.boolean(),
  /** What reading it last came to; `null` where nobody did. A word that may grow. */
  provenance: nullableText,
});
export type ArtifactAnswer = z.infer<typeof ArtifactAnswer>;

/** A project's artifacts, by file and then by enrolment. */
export const ArtifactsAnswer = z.object({
  project: z.string(),
  artifacts: z.array(ArtifactAnswer),
  /** How many of the artifacts that pages list, on all pages of this answer, were fetched and hashed since `since`. */
  coverage: z.object({ artifacts: z.number(), rehashed: z.number(), since: z.string() }),
  next: nullableText,
});
export type ArtifactsAnswer = z.infer<typeof ArtifactsAnswer>;
