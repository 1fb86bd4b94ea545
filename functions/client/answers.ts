import * as z from "zod/mini";

/** What the API answers. Words that may grow (verdicts, standings) stay strings, so that an old client reads a new monitor. */
const nullableText = z.nullable(z.string());

const PolicyAnswer = z.object({
  graceMinutes: z.number(),
  strict: z.boolean(),
  frozen: z.boolean(),
  silencedBy: z.string(),
});

/** Absent from a monitor of before anybody could enrol uninvited. */
const selfClaimed = z._default(z.boolean(), false);

/** `POST /v1/enrolments` */
export const EnrolledAnswer = z.object({
  id: z.string(),
  project: z.string(),
  policy: PolicyAnswer,
  selfClaimed,
  keys: z.object({ maintainer: z.string(), ci: z.string() }),
});
export type EnrolledAnswer = z.infer<typeof EnrolledAnswer>;

/** `POST /v1/projects/{project}/enrolments/{id}/vouch` */
export const VouchedAnswer = z.object({
  id: z.string(),
  project: z.string(),
  policy: PolicyAnswer,
  selfClaimed,
  vouchedAt: nullableText,
});
export type VouchedAnswer = z.infer<typeof VouchedAnswer>;

const Sha256 = z.templateLiteral(["sha256:", z.string()]);

/** `POST /v1/projects/{project}/records`: a `Receipt`. */
export const ReceiptAnswer = z.object({
  project: z.string(),
  enrolment: z.string(),
  selfClaimed,
  manifest: Sha256,
  credential: z.string(),
  receivedAt: z.string(),
  files: z.array(
    z.object({
      file: z.string(),
      release: nullableText,
      digest: Sha256,
      authority: z.enum(["ci", "maintainer"]),
      outcome: z.enum(["recorded", "already-recorded", "contested"]),
      added: z.boolean(),
      others: z.array(Sha256),
      verdict: nullableText,
      standing: nullableText,
    }),
  ),
  next: z.string(),
});

const ArtifactAnswer = z.object({
  enrolment: z.string(),
  selfClaimed,
  file: z.string(),
  release: nullableText,
  declared: nullableText,
  observed: nullableText,
  verdict: nullableText,
  standing: z.string(),
  authority: nullableText,
  since: z.string(),
  hashedAt: nullableText,
});
export type ArtifactAnswer = z.infer<typeof ArtifactAnswer>;

/** `GET /v1/projects/{project}/artifacts` */
export const ArtifactsAnswer = z.object({ project: z.string(), artifacts: z.array(ArtifactAnswer) });
export type ArtifactsAnswer = z.infer<typeof ArtifactsAnswer>;

const FindingAnswer = z.object({
  id: z.string(),
  enrolment: nullableText,
  selfClaimed,
  file: nullableText,
  release: nullableText,
  verdict: z.string(),
  severity: z.string(),
  topic: z.string(),
  state: z.string(),
  openedAt: z.string(),
  changedAt: z.string(),
});
export type FindingAnswer = z.infer<typeof FindingAnswer>;

/** `GET /v1/projects/{project}/findings` */
export const FindingsAnswer = z.object({ project: z.string(), findings: z.array(FindingAnswer) });
export type FindingsAnswer = z.infer<typeof FindingsAnswer>;

/** `GET /v1/health` */
export const HealthAnswer = z.object({
  ok: z.boolean(),
  blind: z.nullable(z.object({ since: nullableText, reason: z.string() })),
  cursor: z.nullable(
    z.object({ epoch: z.number(), serial: z.number(), polledAt: z.string(), lagSeconds: z.number() }),
  ),
  unknownActions: z.number(),
  queues: z.array(
    z.object({ queue: z.string(), waiting: z.number(), inFlight: z.number(), dead: z.number() }),
  ),
  projects: z.number(),
  artifacts: z.number(),
  openFindings: z.number(),
  version: z.string(),
});
export type HealthAnswer = z.infer<typeof HealthAnswer>;

/** A refusal, as far as a client needs it. */
export const ProblemAnswer = z.object({
  title: z.string(),
  detail: z.string(),
  code: z.string(),
  line: z.optional(z.number()),
});
