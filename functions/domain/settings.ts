import { hours, minutes } from "./instants.ts";
import type { ChosenSource } from "./sources.ts";

/** The operator's choices that stages go by. All in milliseconds or bytes. */
export interface Settings {
  /** The confirmation window: how long a difference must last to be reproduced, and an absence to be proven. */
  readonly confirmMs: number;
  /** At most one look at a project in this time; 0 for an index on loopback. */
  readonly minLookMs: number;
  /** Every project's page is looked at again within this time. */
  readonly sweepMs: number;
  /** Every artifact's bytes are hashed again within this time. */
  readonly rehashMs: number;
  /** The most bytes that re-hashing may fetch in one UTC day. */
  readonly sweepBudgetBytes: number;
  /** The most pages and files that the sweep may ask for in a second, on average; 0 is no limit, for an index on loopback. */
  readonly sweepPerSecond: number;
  /** Without an answered poll for this long, the monitor says that it is blind. */
  readonly staleMs: number;
  /** By what the index is followed. */
  readonly source: ChosenSource;
  /** How often the list of all projects is looked at while the journal answers: it is large. */
  readonly listMs: number;
  /** How often it is looked at while it carries the monitor, and after a look that failed. */
  readonly carryingListMs: number;
  /** How often the feeds of releases and projects are looked at. */
  readonly rssMs: number;
}

/** What an operator gets who chooses nothing; right for a public index. */
export const DEFAULT_SETTINGS: Settings = {
  confirmMs: minutes(2),
  minLookMs: 5_000,
  sweepMs: hours(24),
  rehashMs: hours(7 * 24),
  sweepBudgetBytes: 50_000_000_000,
  sweepPerSecond: 2,
  staleMs: minutes(5),
  source: "journal",
  listMs: hours(1),
  carryingListMs: minutes(5),
  rssMs: minutes(1),
};
