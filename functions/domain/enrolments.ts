import type { Digest } from "./digests.ts";
import type { Instant } from "./instants.ts";
import type { ProjectName } from "./names.ts";
import type { Policy } from "./policy.ts";

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
  /** Id of the credential it came by; never the secret. */
  readonly credential: string;
  readonly recordedAt: Instant;
}

/** What a watcher is in the habit of doing, as far as judging needs it. */
export interface Habits {
  /** When a `maintainer` record was first used: a later record by `ci` alone no longer silences. */
  readonly maintainerSince: Instant | null;
  /** At least one other release than the judged one was recorded. */
  readonly recordsReleases: boolean;
}

/** What a credential may do. The operator enrols and cannot submit records; a CI key submits and nothing else. */
export type CredentialKind = "operator" | "maintainer" | "ci";

/** Something by which a watcher or the operator is known. The secret itself is kept nowhere. */
export interface Credential {
  readonly id: string;
  readonly kind: CredentialKind;
  /** `null` for the operator. */
  readonly enrolment: string | null;
  readonly project: ProjectName | null;
  /** SHA-256 of the secret; the secret itself was shown once. */
  readonly secret: Digest;
  readonly createdAt: Instant;
}
