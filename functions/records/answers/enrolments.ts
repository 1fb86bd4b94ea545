import * as z from "zod/mini";

const nullableText = z.nullable(z.string());

const ExpectedAnswer = z.object({ provider: z.string(), repository: z.string(), workflow: nullableText });

/** An enrolment's choices. `silencedBy` may come to know more words. */
export const PolicyAnswer = z.object({
  graceMinutes: z.number(),
  strict: z.boolean(),
  frozen: z.boolean(),
  silencedBy: z.string(),
  requireSignature: z.boolean(),
  provenance: z.nullable(z.object({ publisher: ExpectedAnswer, counts: z.boolean() })),
  builders: z.array(z.object({ files: z.string(), publisher: ExpectedAnswer })),
  rehashDays: z.nullable(z.number()),
  deadlines: z.object({
    unverifiableMinutes: z.number(),
    unseenMinutes: z.number(),
    missingMinutes: z.number(),
  }),
});
export type PolicyAnswer = z.infer<typeof PolicyAnswer>;

const term = { addedAt: z.string(), endsAt: nullableText };

/** Somebody to be told; told nothing before `confirmed`. */
export const ContactAnswer = z.object({
  id: z.string(),
  kind: z.string(),
  address: z.string(),
  ...term,
  confirmed: z.boolean(),
});
export type ContactAnswer = z.infer<typeof ContactAnswer>;

/** A key, never its secret. */
export const CredentialAnswer = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  ...term,
  lastUsedAt: nullableText,
});
export type CredentialAnswer = z.infer<typeof CredentialAnswer>;

/** A registered SSH key. */
export const SignerAnswer = z.object({
  fingerprint: z.string(),
  type: z.string(),
  blob: z.string(),
  name: z.string(),
  ...term,
});
export type SignerAnswer = z.infer<typeof SignerAnswer>;

/** A CI job from which the watcher releases. */
export const PublisherAnswer = z.object({
  id: z.string(),
  provider: z.string(),
  issuer: z.string(),
  repository: z.string(),
  ownerId: nullableText,
  workflow: nullableText,
  ref: nullableText,
  environment: nullableText,
  name: z.string(),
  ...term,
});
export type PublisherAnswer = z.infer<typeof PublisherAnswer>;

/** A change that was asked for: in force at `inForceAt`, and to be taken back until then. */
export const ChangeAnswer = z.object({
  id: z.string(),
  /** One sentence. */
  what: z.string(),
  kind: z.string(),
  askedAt: z.string(),
  inForceAt: z.string(),
  by: z.string(),
});
export type ChangeAnswer = z.infer<typeof ChangeAnswer>;

const known = {
  id: z.string(),
  project: z.string(),
  enrolledAt: z.string(),
  selfClaimed: z.boolean(),
  vouchedAt: nullableText,
  endedAt: nullableText,
};

/** What anybody may know of an enrolment. */
export const KnownEnrolment = z.object(known);
export type KnownEnrolment = z.infer<typeof KnownEnrolment>;

/** An enrolment as its watcher and the operator see it. */
export const EnrolmentAnswer = z.object({
  ...known,
  /** When its first page was read: what was there then is its baseline. `null` while that waits, and nothing is judged for it. */
  watchedSince: nullableText,
  watcher: z.string(),
  policy: PolicyAnswer,
  contacts: z.array(ContactAnswer),
  credentials: z.array(CredentialAnswer),
  signers: z.array(SignerAnswer),
  publishers: z.array(PublisherAnswer),
  pending: z.array(ChangeAnswer),
});
export type EnrolmentAnswer = z.infer<typeof EnrolmentAnswer>;

/** A project's enrolments; the caller's own are whole. */
export const EnrolmentsAnswer = z.object({
  project: z.string(),
  enrolments: z.array(z.union([EnrolmentAnswer, KnownEnrolment])),
  next: nullableText,
});
export type EnrolmentsAnswer = z.infer<typeof EnrolmentsAnswer>;

/** A new enrolment, and its two keys, shown this once. */
export const EnrolledAnswer = z.object({
  ...EnrolmentAnswer.shape,
  keys: z.object({ maintainer: z.string(), ci: z.string() }),
});
export type EnrolledAnswer = z.infer<typeof EnrolledAnswer>;

/** Leave to enrol one project, once. */
export const InvitedAnswer = z.object({
  project: z.string(),
  invitation: z.string(),
  credential: z.string(),
  expiresAt: z.string(),
});
export type InvitedAnswer = z.infer<typeof InvitedAnswer>;

/** Invitations to a project, and which of them were used. */
export const InvitationsAnswer = z.object({
  project: z.string(),
  invitations: z.array(
    z.object({
      credential: z.string(),
      at: z.string(),
      expiresAt: z.string(),
      by: z.string(),
      used: z.boolean(),
    }),
  ),
});
export type InvitationsAnswer = z.infer<typeof InvitationsAnswer>;

/** An enrolment as it is now, and what was asked for; a change that waits says until when. */
export const AmendedAnswer = z.object({ enrolment: EnrolmentAnswer, changes: z.array(ChangeAnswer) });
export type AmendedAnswer = z.infer<typeof AmendedAnswer>;

/** A contact that was added. */
export const ContactAddedAnswer = z.object({ contact: ContactAnswer, changes: z.array(ChangeAnswer) });
export type ContactAddedAnswer = z.infer<typeof ContactAddedAnswer>;

/** A signing key that was registered; in force with the change. */
export const SignerAddedAnswer = z.object({ signer: SignerAnswer, changes: z.array(ChangeAnswer) });
export type SignerAddedAnswer = z.infer<typeof SignerAddedAnswer>;

/** A CI job that was registered; in force with the change. */
export const PublisherAddedAnswer = z.object({ publisher: PublisherAnswer, changes: z.array(ChangeAnswer) });
export type PublisherAddedAnswer = z.infer<typeof PublisherAddedAnswer>;

/** A contact that was asked again whether it wants to be told. */
export const ContactAskedAnswer = z.object({ contact: ContactAnswer });
export type ContactAskedAnswer = z.infer<typeof ContactAskedAnswer>;

/** That whoever reads at a contact wants to be told. */
export const ConfirmedAnswer = z.object({
  project: z.string(),
  enrolment: z.string(),
  contact: z.string(),
  confirmedAt: z.string(),
});
export type ConfirmedAnswer = z.infer<typeof ConfirmedAnswer>;

/** A new key, shown this once; it works from the change's `inForceAt`. */
export const KeyAddedAnswer = z.object({
  key: z.string(),
  credential: z.object({ id: z.string(), kind: z.string(), name: z.string() }),
  changes: z.array(ChangeAnswer),
});
export type KeyAddedAnswer = z.infer<typeof KeyAddedAnswer>;

const HistoryEntry = z.object({
  number: z.number(),
  at: z.string(),
  kind: z.string(),
  by: nullableText,
  /** One sentence. */
  what: z.string(),
  hash: z.string(),
});

/** What happened to an enrolment, oldest first. */
export const HistoryAnswer = z.object({
  project: z.string(),
  enrolment: z.string(),
  entries: z.array(HistoryEntry),
  next: nullableText,
});
export type HistoryAnswer = z.infer<typeof HistoryAnswer>;

/** What was judged, told and said of a finding, oldest first. */
export const FindingHistoryAnswer = z.object({
  project: z.string(),
  finding: z.string(),
  entries: z.array(HistoryEntry),
});
export type FindingHistoryAnswer = z.infer<typeof FindingHistoryAnswer>;

/** Who is sent the drill, and under which alert's id. */
export const DrillAnswer = z.object({
  contacts: z.array(z.object({ id: z.string(), address: z.string(), confirmed: z.boolean() })),
  alert: z.string(),
});
export type DrillAnswer = z.infer<typeof DrillAnswer>;
