import { type Enrolment, isSelfClaimed } from "./enrolments.ts";
import { days } from "./instants.ts";

/**
 * Within which time a project's bytes are hashed again: the shortest that its watchers ask for, and never more than the operator's
 * bound. All share one budget: where anybody may enrol, a stranger's wish must not spend it.
 */
export const rehashMsOf = (watching: readonly Enrolment[], boundMs: number): number =>
  Math.min(
    boundMs,
    ...watching
      .filter((each) => !isSelfClaimed(each))
      .map(({ policy: { rehashDays } }) => (rehashDays === null ? boundMs : days(rehashDays))),
  );
