import type { Digest } from "./digests.ts";
import type { Instant } from "./instants.ts";
import type { ProjectName } from "./names.ts";
import { DEFAULT_POLICY, type Policy, type PolicyChange } from "./policy.ts";

/** One watcher's standing wish that a project be watched. Several may watch one project; none can quiet another. */
export interface Enrolment {
  readonly id: string;
  readonly project: ProjectName;
  readonly policy: Policy;
  readonly enrolledAt: Instant;
  /** Registered by somebody whom nobody invited, where the operator lets anybody. */
  readonly selfClaimed: boolean;
  /** When the operator vouched for it; `null` until then, and for whoever was invited. */
  readonly vouchedAt: Instant | null;
  /** What the watcher calls themselves; told to them and to the operator only. */
  readonly watcher: string;
  /** Those that ended stay in the lists below: history names them. */
  readonly contacts: readonly Contact[];
  readonly credentials: readonly HeldCredential[];
  readonly signers: readonly Signer[];
  readonly publishers: readonly Publisher[];
  /** Asked for and not in force when this was written; `inForce` applies those whose time has come. */
  readonly amendments: readonly Amendment[];
  /** The watcher wishes no more from here on. */
  readonly endedAt: Instant | null;
  /** The ledger's entry up to which this tells the enrolment's history. */
  readonly number: number;
}

/** An enrolment as it begins, with whatever was chosen. */
export const newEnrolment = (
  chosen: Pick<Enrolment, "id" | "project" | "enrolledAt"> & Partial<Enrolment>,
): Enrolment => ({
  selfClaimed: false,
  vouchedAt: null,
  watcher: "",
  contacts: [],
  credentials: [],
  signers: [],
  publishers: [],
  amendments: [],
  endedAt: null,
  number: 1,
  ...chosen,
  policy: { ...DEFAULT_POLICY, ...chosen.policy },
});

/** From when to when something of an enrolment is in force. */
export interface Term {
  readonly addedAt: Instant;
  readonly endsAt: Instant | null;
}

export const isInForce = ({ endsAt }: Term, now: Instant): boolean => endsAt === null || endsAt > now;

/** Somebody whom the watcher wants told of this enrolment's findings. Told nothing until they confirmed. */
export interface Contact extends Term {
  readonly id: string;
  readonly kind: "webhook" | "email";
  /** An https URL, or a mail address. */
  readonly address: string;
  /** When it was confirmed over the channel itself; `null` until then, and always where the host's topic keeps that. */
  readonly confirmedAt: Instant | null;
  /** What the host's topic calls it, where it has a name of its own for it. */
  readonly handle: string | null;
  /** How often it was asked again, and when last; absent where it never was. */
  readonly asked?: { readonly times: number; readonly at: Instant };
}

/** A credential as its enrolment knows it. The secret's digest is elsewhere (`Credential`). */
export interface HeldCredential extends Term {
  readonly id: string;
  readonly kind: "maintainer" | "ci";
  /** What its holder calls it; never public. */
  readonly name: string;
}

/** A registered SSH key: what it signs has the authority of a maintainer. */
export interface Signer extends Term {
  /** `SHA256:…`, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
  readonly type: string;
  /** The public key itself, base64 as in an authorized_keys line. */
  readonly blob: string;
  readonly name: string;
}

/** What a CI provider's token must say of itself to submit records with authority `ci`. */
export interface PublisherClaims {
  readonly provider: "github" | "gitlab";
  /** The exact `iss` of its tokens. */
  readonly issuer: string;
  /** `owner/name`, or `group/subgroup/name`. */
  readonly repository: string;
  /** Numeric id of the owner or namespace: a name that was given up and registered by somebody else is refused. */
  readonly ownerId: string | null;
  /** `release.yml` under `.github/workflows`, or the path of GitLab's CI file. */
  readonly workflow: string | null;
  /** A full ref such as `refs/heads/main`, or with one `*` at its end such as `refs/tags/v*`. */
  readonly ref: string | null;
  readonly environment: string | null;
}

/** A CI job from which the watcher releases; needs no secret. */
export interface Publisher extends PublisherClaims, Term {
  readonly id: string;
  readonly name: string;
}

/** What may change about an enrolment. */
export type Ask =
  | { readonly kind: "policy"; readonly policy: PolicyChange }
  | { readonly kind: "add-contact"; readonly contact: Contact }
  | { readonly kind: "end-contact"; readonly id: string }
  /** `replaces` ends another one, after a while in which both work. */
  | {
      readonly kind: "add-credential";
      readonly credential: HeldCredential;
      readonly replaces: { readonly id: string; readonly endsAt: Instant } | null;
    }
  /** `held` is what the enrolment does not hold by name yet: a key from before enrolments held theirs. */
  | { readonly kind: "end-credential"; readonly id: string; readonly held?: HeldCredential }
  | { readonly kind: "add-signer"; readonly signer: Signer }
  | { readonly kind: "end-signer"; readonly fingerprint: string }
  | { readonly kind: "add-publisher"; readonly publisher: Publisher }
  | { readonly kind: "end-publisher"; readonly id: string }
  | { readonly kind: "end-enrolment" };

/** A change of an enrolment that somebody asked for. */
export interface Amendment {
  readonly id: string;
  readonly ask: Ask;
  readonly askedAt: Instant;
  /** `askedAt` for what acts at once; later for what makes the monitor quieter. */
  readonly inForceAt: Instant;
  /** Id of the credential that asked. */
  readonly by: string;
}

/** Whether nobody but the watcher says who they are, as of now. Said wherever an enrolment's id is shown. */
export const isSelfClaimed = ({ selfClaimed, vouchedAt }: Enrolment): boolean =>
  selfClaimed && vouchedAt === null;

/** What was there before the watch began: the first page read after enrolment, fixed once. */
export interface Baseline {
  /** SHA-256 of the page kept as baseline; `null` when the project had no page yet. */
  readonly page: Digest | null;
  /** The journal's head, asked right after the enrolment was committed: what a later entry adds is not baseline. */
  readonly head: number;
  readonly epoch: number;
  readonly at: Instant;
}

/** How strong a record is, by the credential that made it. `first-seen` is the monitor's own memory: no record at all. */
export type Authority = "first-seen" | "ci" | "maintainer";

/** A watcher's authenticated statement that an artifact shall have this digest. Never overwritten. */
export interface Recorded {
  readonly enrolment: string;
  readonly project: ProjectName;
  readonly file: string;
  readonly release: string | null;
  readonly digest: Digest;
  readonly authority: Exclude<Authority, "first-seen">;
  /** Id of the credential it came by, or of the publisher whose token it was; never the secret. */
  readonly credential: string;
  readonly recordedAt: Instant;
  /** SHA-256 of the manifest it came in; `null` in histories from before manifests were kept. */
  readonly manifest: Digest | null;
  /** Fingerprints of those who signed the manifest, sorted; empty when nobody did. Several: room for k of n. */
  readonly signers: readonly string[];
  /** When the watcher took it back; `null` while it is live. Recording it again makes it live again. */
  readonly withdrawnAt: Instant | null;
}

/** Only live records count: what was withdrawn is history. */
export const isLive = ({ withdrawnAt }: Recorded): boolean => withdrawnAt === null;

/** What a watcher is in the habit of doing, as far as judging needs it. */
export interface Habits {
  /** When a `maintainer` record was first used: a later record by `ci` alone no longer silences. */
  readonly maintainerSince: Instant | null;
  /** At least one other release than the judged one was recorded. */
  readonly recordsReleases: boolean;
}

/**
 * What a credential may do. The operator enrols and cannot submit records; a CI key submits and nothing else; an invitation
 * enrols one watcher, once; a contact's says once that whoever reads there wants to be told.
 */
export type CredentialKind = "operator" | "maintainer" | "ci" | "invitation" | "contact";

/** Something by which a watcher or the operator is known. The secret itself is kept nowhere. */
export interface Credential {
  readonly id: string;
  readonly kind: CredentialKind;
  /** `null` for the operator and for an invitation. */
  readonly enrolment: string | null;
  readonly project: ProjectName | null;
  /** SHA-256 of the secret; the secret itself was shown once. */
  readonly secret: Digest;
  readonly createdAt: Instant;
  /** The contact that a confirmation is for. */
  readonly contact?: string;
  /** An invitation or a confirmation is good until then; `null` for what has no end of its own. */
  readonly expiresAt: Instant | null;
  /** Roughly: a use within an hour of the one noted is not noted again. */
  readonly lastUsedAt: Instant | null;
}
