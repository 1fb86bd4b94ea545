import { type Blindness, blindness } from "../domain/blindness.ts";
import type { Finding } from "../domain/findings.ts";
import { between, type Instant } from "../domain/instants.ts";
import { aboutMonitor } from "../domain/monitor.ts";
import type { Cursor, SweepPosition } from "../ports.ts";

/** What to tell of a blindness. The same occasion has the same id. */
function findingOf(blind: Blindness<Instant>, now: Instant, staleMs: number): Finding | null {
  const { kind, since, reason } = blind;
  if (kind === "went-back") return aboutMonitor("journal-went-back", since, reason);
  // Who has just begun is blind too, and health says so; people are told when it lasts, as with any silence.
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
  const is = blindness(cursor, position.startedAt, now, staleMs);
  const blind = is && findingOf(is, now, staleMs);
  if (blind?.id === position.told?.id) return { tell: [], told: position.told };
  const over = position.told && ({ ...position.told, state: "resolved", changedAt: now } as const);
  return { tell: [...(over ? [over] : []), ...(blind ? [blind] : [])], told: blind };
}
