import type { Finding } from "../domain/findings.ts";
import { between, type Instant } from "../domain/instants.ts";
import { aboutMonitor } from "../domain/monitor.ts";
import type { Cursor, SweepPosition } from "../ports.ts";

/** Why the monitor cannot promise to see uploads right now; `null` when it can. The same occasion has the same id. */
function blindness(
  cursor: Cursor | null,
  position: SweepPosition,
  now: Instant,
  staleMs: number,
): Finding | null {
  if (cursor?.blind) return aboutMonitor("journal-went-back", cursor.blind.since, cursor.blind.reason);
  const since = cursor?.polledAt ?? position.startedAt;
  if (between(since, now) < staleMs) return null;
  const note = `The journal has not answered since ${since}: uploads since then have not been seen yet.`;
  return aboutMonitor("blind", since, note);
}

/** What to say about blindness now, given what was said last: a new occasion once, and its end once. */
export function blindnessNews(
  cursor: Cursor | null,
  position: SweepPosition,
  now: Instant,
  staleMs: number,
): { readonly tell: readonly Finding[]; readonly told: Finding | null } {
  const blind = blindness(cursor, position, now, staleMs);
  if (blind?.id === position.told?.id) return { tell: [], told: position.told };
  const over = position.told && ({ ...position.told, state: "resolved", changedAt: now } as const);
  return { tell: [...(over ? [over] : []), ...(blind ? [blind] : [])], told: blind };
}
