import { between, type Instant } from "./instants.ts";

/** The monitor cannot promise to see uploads. `Since` allows `null` where nobody may know since when. */
export interface Blindness<Since extends Instant | null = Instant | null> {
  /** The journal was never read; not read in full for too long; or is another one than was read before. */
  readonly kind: "unread" | "silent" | "went-back";
  readonly since: Instant | Since;
  readonly reason: string;
}

/** As much of the cursor as tells whether the monitor sees. */
export interface Reading {
  readonly polledAt: Instant;
  readonly blind: { readonly since: Instant; readonly reason: string } | null;
}

/**
 * Whether the monitor is blind at `now`, and why; `null` while it sees. The one rule for whoever says so: health and
 * sweep. Silence counts from the last full answer and is blindness once it has lasted `staleMs`. Who never read the
 * journal (`null`) is blind from the start: since `startedAt`, where anybody took note of that.
 */
export function blindness<Since extends Instant | null>(
  reading: Reading | null,
  startedAt: Since,
  now: Instant,
  staleMs: number,
): Blindness<Since> | null {
  if (reading === null)
    return { kind: "unread", since: startedAt, reason: "the journal has not been read yet" };
  if (reading.blind !== null) return { kind: "went-back", ...reading.blind };
  const { polledAt } = reading;
  if (between(polledAt, now) < staleMs) return null;
  return { kind: "silent", since: polledAt, reason: `the journal was last read in full at ${polledAt}` };
}
