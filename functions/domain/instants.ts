/** A moment as an ISO-8601 UTC string with milliseconds, so that text order is time order. */
export type Instant = string;

export const instant = (epochMs: number): Instant => new Date(epochMs).toISOString();

export const after = (at: Instant, delayMs: number): Instant => instant(Date.parse(at) + delayMs);

/** Milliseconds from `from` to `to`; negative when `to` is earlier. */
export const between = (from: Instant, to: Instant): number => Date.parse(to) - Date.parse(from);

export const earliest = (instants: readonly (Instant | null)[]): Instant | null =>
  instants.reduce((least, at) => (at !== null && (least === null || at < least) ? at : least), null);

/** The UTC day of an instant, as `2026-11-22`. */
export const dayOf = (at: Instant): string => at.slice(0, 10);

/** The UTC hour of an instant, as `2026-11-22T17`. */
export const hourOf = (at: Instant): string => at.slice(0, 13);

export const minutes = (count: number): number => count * 60_000;
export const hours = (count: number): number => count * 3_600_000;
export const days = (count: number): number => hours(24 * count);

/** A time in the second half of an interval: within its bound, and with an unguessable `fraction` (0 to 1) not foreseeable. */
export const laterHalf = (intervalMs: number, fraction: number): number => intervalMs * (0.5 + fraction / 2);
