import { behindSince, type Reading } from "./blindness.ts";
import { between, hours, type Instant } from "./instants.ts";
import type { Settings } from "./settings.ts";
import type { SourceName, SourceState } from "./sources.ts";

export type States = Readonly<Record<SourceName, SourceState | null>>;
type Paces = Pick<Settings, "source" | "staleMs" | "listMs" | "carryingListMs" | "rssMs">;

/**
 * Which sources are to be looked at now, those that carry more first. The list is looked at often only where it carries the monitor, or
 * soon will: half the silence that makes the monitor blind, so that it answers before that.
 */
export function turnsOf(states: States, reading: Reading | null, now: Instant, paces: Paces): SourceName[] {
  const everyMs: Record<SourceName, number> = {
    list: listEveryMs(reading, states.list, now, paces),
    updates: paces.rssMs,
    projects: paces.rssMs,
  };
  const names = ["list", "updates", "projects"] as const;
  return names.filter((name) => isDue(states[name], everyMs[name], now, paces));
}

/** With RSS chosen the list is read once, whole: it says from which serial on the journal would have to be read, should it be chosen one day. */
function listEveryMs(reading: Reading | null, list: SourceState | null, now: Instant, paces: Paces): number {
  if (reading === null || paces.source === "list") return paces.carryingListMs;
  if (paces.source === "rss") return Number.POSITIVE_INFINITY;
  const soonMs = paces.staleMs / 2;
  const isSilent =
    between(reading.polledAt, now) >= soonMs || behindSince(reading, list, now, soonMs) !== null;
  return isSilent ? paces.carryingListMs : paces.listMs;
}

/** The longest that an index may ask us to wait, and that any look does. */
const LONGEST_MS = hours(1);

function isDue(state: SourceState | null, everyMs: number, now: Instant, paces: Paces): boolean {
  if (everyMs === Number.POSITIVE_INFINITY) return false;
  if (state === null) return true;
  // What lies further ahead was noted by a clock that was wrong.
  if (state.notBefore !== null && now < state.notBefore && between(now, state.notBefore) <= LONGEST_MS)
    return false;
  // Also a look that nobody ended: its process died, or it is still under way.
  const isAnswered = state.answeredAt === state.triedAt;
  const waitMs = isAnswered ? everyMs : Math.min(everyMs, paces.carryingListMs);
  return now < state.triedAt || between(state.triedAt, now) >= waitMs;
}
