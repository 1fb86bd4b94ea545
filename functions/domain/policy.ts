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
  /** A submission without a signature of a registered key is refused. */
  readonly requireSignature: boolean;
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
  requireSignature: false,
  deadlines: DEFAULT_DEADLINES,
};

/** The operator's bounds on what an enrolment may choose. */
export const MOST_GRACE_MINUTES = 7 * 24 * 60;
export const MOST_DEADLINE_MINUTES = 30 * 24 * 60;

/** Grace in force: none when strict or frozen. */
export const graceMs = (policy: Policy): number =>
  policy.strict || policy.frozen ? 0 : minutes(policy.graceMinutes);

/** Some of a policy's choices, to be changed. */
export interface PolicyChange extends Partial<Omit<Policy, "deadlines">> {
  readonly deadlines?: Partial<Deadlines>;
}

/** The policy with these choices made, and the others as they were. */
export const amended = (policy: Policy, { deadlines, ...change }: PolicyChange): Policy => ({
  ...policy,
  ...change,
  deadlines: { ...policy.deadlines, ...deadlines },
});

const AUTHORITY = { ci: 1, maintainer: 2 } as const;

/** How loud each choice is: what lowers it makes the monitor quieter. One row per choice, so that none is forgotten. */
const LOUDNESS: { readonly [C in keyof Omit<Policy, "deadlines">]-?: (value: Policy[C]) => number } = {
  graceMinutes: (minutes) => -minutes,
  strict: Number,
  frozen: Number,
  silencedBy: (authority) => AUTHORITY[authority],
  requireSignature: Number,
};

const without = <T extends object>(change: T): T | undefined =>
  Object.keys(change).length === 0 ? undefined : change;

/** Splits a change into what makes the monitor louder or leaves it as it is, and what makes it quieter. */
export function parted(
  policy: Policy,
  change: PolicyChange,
): { readonly louder: PolicyChange; readonly quieter: PolicyChange } {
  const { deadlines: asked, ...choices } = change;
  const loud = (of: Partial<Policy>, key: string): number => {
    const measure = LOUDNESS[key as keyof typeof LOUDNESS] as (value: unknown) => number;
    return measure(of[key as keyof Policy]);
  };
  const pick = (quieter: boolean): PolicyChange => {
    const own = Object.entries(choices).filter(
      ([key]) => quieter === loud(choices as Partial<Policy>, key) < loud(policy, key),
    );
    const times = Object.entries(asked ?? {}).filter(
      ([key, value]) => quieter === value > policy.deadlines[key as keyof Deadlines],
    );
    const deadlines = without(Object.fromEntries(times) as Partial<Deadlines>);
    return { ...Object.fromEntries(own), ...(deadlines && { deadlines }) };
  };
  return { louder: pick(false), quieter: pick(true) };
}

/** Whether two changes speak of one choice, so that the later supersedes the earlier. */
export const overlaps = (one: PolicyChange, other: PolicyChange): boolean =>
  Object.keys(one).some((key) =>
    key === "deadlines"
      ? Object.keys(one.deadlines ?? {}).some((each) => each in (other.deadlines ?? {}))
      : key in other,
  );
