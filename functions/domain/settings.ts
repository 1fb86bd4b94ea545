import { hours, minutes } from "./instants.ts";

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
  /** Without an answered poll for this long, the monitor says that it is blind. */
  readonly staleMs: number;
}

/** What an operator gets who chooses nothing; right for a public index. */
export const DEFAULT_SETTINGS: Settings = {
  confirmMs: minutes(2),
  minLookMs: 5_000,
  sweepMs: hours(24),
  rehashMs: hours(7 * 24),
  sweepBudgetBytes: 50_000_000_000,
  staleMs: minutes(5),
};
