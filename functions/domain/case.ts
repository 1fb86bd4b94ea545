import type { Digest } from "./digests.ts";
import type { Enrolment, Habits, Recorded } from "./enrolments.ts";
import type { History } from "./history.ts";
import type { Instant } from "./instants.ts";
import type { Entry } from "./journal.ts";
import type { ProjectName } from "./names.ts";

/** Everything the judge is given about one artifact for one enrolment. Nothing in it is read from a projection. */
export interface Case {
  readonly project: ProjectName;
  readonly file: string;
  readonly release: string | null;
  readonly enrolment: Enrolment;
  readonly history: History;
  /** The enrolment's live records for this file, oldest first. */
  readonly recorded: readonly Recorded[];
  /** What the enrolment recorded for this file and took back since: nothing may stand in place of that word. */
  readonly withdrawn: readonly Digest[];
  readonly habits: Habits;
  /** The digest under which the baseline page listed this file; `null` when it did not, or an entry added it since. */
  readonly baseline: Digest | null;
  readonly began: Began;
  /** Journal entries that name the file, its release or the whole project; ascending. */
  readonly entries: readonly Entry[];
  readonly journal: JournalCoverage;
  /** Our first sighting of any file of the release. */
  readonly releaseSeen: Instant | null;
  /** How many projects showed a flaky edge, for each hour in which this artifact did. */
  readonly flakyHours: ReadonlyMap<string, number>;
  /** The confirmation window. */
  readonly confirmMs: number;
  /** The instant of judging. */
  readonly now: Instant;
}

/** Where the index stood when the watch began. What it had done by then, we cannot know of from its journal. */
export interface Began {
  /** When the baseline page was read. */
  readonly at: Instant;
  /** The serial that page claimed; 0 when there was no page, `null` when it claimed none. */
  readonly serial: number | null;
  /** The journal's head, asked right after the enrolment was committed. */
  readonly head: number;
  readonly epoch: number;
  /** The baseline page lists this file, under whatever digest. */
  readonly lists: boolean;
}

/** What the cursor allows us to say about entries that are not there. */
export interface JournalCoverage {
  readonly epoch: number;
  readonly serial: number;
  /** Every entry from before this instant is read. */
  readonly caughtUpAt: Instant;
  readonly blind: boolean;
  /** Times of this epoch in which entries may have passed unseen. */
  readonly intervals: readonly BlindInterval[];
}

/** A time in which the monitor could not promise to see the journal's entries, now over. */
export interface BlindInterval {
  readonly since: Instant;
  readonly until: Instant;
}
