import type { Variant } from "./script.ts";

/** Between which instants something happened; the oracle often cannot say more. */
export interface Span {
  readonly loMs: number;
  readonly hiMs: number;
}

/** How many alerts there must and may be. */
export type Count = readonly [least: number, most: number];

/** What one watcher knows and was told of one file. */
export interface Watched {
  /** The digest in the baseline, if the file is in it; `hidden`: a quarantine hid it then, and it is whatever comes back. */
  readonly baseline: Variant | "hidden" | null;
  readonly content: string | null;
  readonly standing: string | null;
  /** Findings that are open, by what makes each one and no other. */
  readonly open: readonly string[];
  /** Findings that were ever opened. */
  readonly opened: readonly string[];
  /** `severity verdict state` to how many alerts, on findings. */
  readonly told: Readonly<Record<string, Count>>;
  /** The file was known and not there when the watcher came: the design does not say what becomes of it. */
  readonly isLoose: boolean;
}

/** One way in which a file may have been seen so far. Where the world leaves it open, there are several. */
export interface Branch {
  readonly everListed: boolean;
  readonly listed: boolean;
  readonly declared: Variant | null;
  readonly yanked: boolean;
  /** When the page was last seen to have changed about it. */
  readonly learned: Span | null;
  /** What was last fetched under this declaration: a variant, nothing whole, or nothing yet. */
  readonly observed: Variant | "none" | null;
  /** Before then a sweep does not fetch it again; `null` where something else may. */
  readonly rehashMs: number | null;
  /** Since when no whole body could be had. */
  readonly noneSince: Span | null;
  /** Every variant ever observed in agreement with its declaration. */
  readonly agreed: readonly Variant[];
  readonly firstSeen: Span | null;
  /** Why it is not listed, as far as that was understood. */
  readonly absence: "removed" | "hidden" | "vanished" | "unexplained" | null;
  /** How often it came back after it was taken away, or had vanished. */
  readonly returns: number;
  readonly isUnannounced: boolean;
  readonly watched: Readonly<Record<string, Watched>>;
}

export const UNSEEN: Branch = {
  everListed: false,
  listed: false,
  declared: null,
  yanked: false,
  learned: null,
  observed: null,
  rehashMs: null,
  noneSince: null,
  agreed: [],
  firstSeen: null,
  absence: null,
  returns: 0,
  isUnannounced: false,
  watched: {},
};

export const UNWATCHED: Watched = {
  baseline: null,
  content: null,
  standing: null,
  open: [],
  opened: [],
  told: {},
  isLoose: false,
};

/** Each branch once. */
export const distinct = (branches: readonly Branch[]): Branch[] => [
  ...new Map(branches.map((each) => [JSON.stringify(each), each])).values(),
];

/** Whether something is so, as far as can be said. */
export type Maybe = "yes" | "no" | "maybe";

/** Whether so much time has passed since, with as much slack as the monitor may take. */
export function passed(since: Span, afterMs: number, now: Span, slackMs: number): Maybe {
  if (since.hiMs + afterMs + slackMs <= now.loMs) return "yes";
  return since.loMs + afterMs <= now.hiMs ? "maybe" : "no";
}
