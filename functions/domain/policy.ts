import { idOf } from "./canonical.ts";
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
  /** The publisher from whom every file must carry provenance (PEP 740); `null` expects none. */
  readonly provenance: ExpectedProvenance | null;
  /** Services that build files of the project which the watcher does not record. */
  readonly builders: readonly Builder[];
  /**
   * Every artifact's bytes are hashed again within so many days, where the operator's bound is not shorter; `null` is that bound.
   * Of a self-claimed enrolment it counts once somebody vouched.
   */
  readonly rehashDays: number | null;
  readonly deadlines: Deadlines;
}

/** Who a release's provenance must name. */
export interface ExpectedPublisher {
  readonly provider: "github" | "gitlab";
  readonly repository: string;
  /** As a certificate names it: `release.yml`, or the path of GitLab's CI file; `null` takes any of the repository. */
  readonly workflow: string | null;
}

/** `github:owner/name/release.yml`; a path in folders stands behind a second slash, as GitLab writes it. */
export const publisherInWords = (of: {
  readonly provider: string;
  readonly repository: string;
  readonly workflow: string | null;
}): string => {
  const { provider, repository, workflow } = of;
  const path = workflow === null ? "" : `/${workflow.includes("/") ? "/" : ""}${workflow}`;
  return `${provider}:${repository}${path}`;
};

/** A service that builds files of these names: unrecorded, they are a notice where their provenance names it. */
export interface Builder {
  /** An exact file name in which each `*` stands for any characters. */
  readonly files: string;
  readonly publisher: ExpectedPublisher;
}

/** Whether a file is one that this builder is expected to make. */
export const builds = ({ files }: Builder, file: string): boolean => {
  const [first = "", ...rest] = files.split("*");
  const last = rest.at(-1);
  if (last === undefined) return file === files;
  if (!file.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest.slice(0, -1)) {
    const at = file.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return file.length - last.length >= from && file.endsWith(last);
};

/** Whether judging by this policy needs to know a file's provenance. */
export const asksProvenance = ({ provenance, builders }: Policy): boolean =>
  provenance !== null || builders.length > 0;

/** What provenance (PEP 740) an enrolment expects, and how much it takes it for. */
export interface ExpectedProvenance {
  readonly publisher: ExpectedPublisher;
  /** Good provenance stands in place of a record: as one by `ci`, and shown as that. */
  readonly counts: boolean;
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
  provenance: null,
  builders: [],
  rehashDays: null,
  deadlines: DEFAULT_DEADLINES,
};

/** The operator's bounds on what an enrolment may choose. */
export const MOST_GRACE_MINUTES = 7 * 24 * 60;
export const MOST_DEADLINE_MINUTES = 30 * 24 * 60;
export const MOST_REHASH_DAYS = 365;

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

type Choices = Omit<Policy, "deadlines">;

/** Whether a choice makes the monitor quieter than the one before. One row per choice, so that none is forgotten. */
const QUIETER: { readonly [C in keyof Choices]-?: (before: Policy[C], now: Policy[C]) => boolean } = {
  graceMinutes: (before, now) => now > before,
  strict: (before, now) => before && !now,
  frozen: (before, now) => before && !now,
  silencedBy: (before, now) => AUTHORITY[now] < AUTHORITY[before],
  requireSignature: (before, now) => before && !now,
  provenance: expectsLess,
  builders: (before, now) => now.some((each) => before.every((known) => idOf(known) !== idOf(each))),
  rehashDays: (before, now) => before !== null && (now === null || now > before),
};

/** Another publisher, or none, or one whose word counts from now on. To expect one where none was, or to count it no more, is stricter. */
function expectsLess(before: ExpectedProvenance | null, now: ExpectedProvenance | null): boolean {
  if (now?.counts === true && before?.counts !== true) return true;
  if (before === null) return false;
  const { workflow } = before.publisher;
  // To name the workflow where any was good is stricter.
  const widened = now && (workflow === null ? { ...now.publisher, workflow } : now.publisher);
  return idOf(before.publisher) !== idOf(widened);
}

const without = <T extends object>(change: T): T | undefined =>
  Object.keys(change).length === 0 ? undefined : change;

/** Splits a change into what makes the monitor louder or leaves it as it is, and what makes it quieter. */
export function parted(
  policy: Policy,
  change: PolicyChange,
): { readonly louder: PolicyChange; readonly quieter: PolicyChange } {
  const { deadlines: asked, ...choices } = change;
  const quietens = (key: string, value: unknown): boolean => {
    const rule = QUIETER[key as keyof Choices] as (before: unknown, now: unknown) => boolean;
    return rule(policy[key as keyof Policy], value);
  };
  const pick = (quieter: boolean): PolicyChange => {
    const own = Object.entries(choices).filter(([key, value]) => quieter === quietens(key, value));
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
