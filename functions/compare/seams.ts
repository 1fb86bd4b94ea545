import type { Digest } from "../domain/digests.ts";
import type { Settings } from "../domain/settings.ts";
import type {
  Chance,
  Clock,
  Cursors,
  Deadlines,
  Enrolments,
  Entries,
  FlakyEdges,
  Ledger,
  Queues,
  Records,
  View,
} from "../ports.ts";

/** What compare sees of the world. */
export interface ComparePorts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly settings: Pick<Settings, "confirmMs" | "rehashMs">;
  readonly ledger: Ledger;
  readonly enrolments: Pick<Enrolments, "ofProject">;
  readonly records: Pick<Records, "ofFile" | "habits">;
  readonly entries: Pick<Entries, "concerning" | "ofProject">;
  readonly cursors: Pick<Cursors, "read">;
  readonly baselines: Baselines;
  readonly flakyEdges: FlakyEdges;
  readonly view: Pick<View, "put" | "putFindings">;
  readonly deadlines: Deadlines;
  /** Evidence may wait for fresh uploads: it goes to the slow lane only. */
  readonly artifacts: Pick<Queues["artifacts"], "sweep">;
  readonly alerts: Queues["alerts"];
}

/** The (file, declared digest) pairs of kept pages. A kept page never changes, so its pairs may be held in memory. */
export interface Baselines {
  pairs(page: Digest): Promise<BaselinePage>;
}

/** What judging needs of the page that was there when a watch began. */
export interface BaselinePage {
  /** The serial it claimed; `null` when it claimed none. */
  readonly serial: number | null;
  readonly pairs: ReadonlyMap<string, Digest | null>;
}
