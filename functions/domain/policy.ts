import { minutes } from "./instants.ts";

/** An enrolment's choices. Minutes, because that is what a maintainer types. */
export interface Policy {
  /** How long an upload may stand without a record before it is `unrecorded`; 0 to 7 days. */
  readonly graceMinutes: number;
  /** No grace, and every unrecorded file is critical. */
  readonly strict: boolean;
  /** No release is expected at all: no grace, and every unrecorded file or removal is critical. */
  readonly frozen: boolean;
  /** The weakest authority that silences; `ci` alone never does once a maintainer record was used. */
  readonly silencedBy: "ci" | "maintainer";
  readonly deadlines: Deadlines;
}

/** How long each "could not tell yet" may last before it becomes a finding. */
export interface Deadlines {
  readonly unverifiableMinutes: number;
  readonly unseenMinutes: number;
  readonly missingMinutes: number;
}

/** An hour for what the index should show by itself, a day for what a watcher still has to upload. */
export const DEFAULT_DEADLINES: Deadlines = {
  unverifiableMinutes: 60,
  unseenMinutes: 60,
  missingMinutes: 24 * 60,
};

/** What an enrolment gets that chooses nothing. */
export const DEFAULT_POLICY: Policy = {
  graceMinutes: 15,
  strict: false,
  frozen: false,
  silencedBy: "ci",
  deadlines: DEFAULT_DEADLINES,
};

/** The operator's bounds on what an enrolment may choose. */
export const MOST_GRACE_MINUTES = 7 * 24 * 60;
export const MOST_DEADLINE_MINUTES = 30 * 24 * 60;

/** Grace in force: none when strict or frozen. */
export const graceMs = (policy: Policy): number =>
  policy.strict || policy.frozen ? 0 : minutes(policy.graceMinutes);
