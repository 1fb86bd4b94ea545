import { type Blindness, type Lateness, type Vision, visionOf, type Watch } from "../domain/blindness.ts";
import type { Finding } from "../domain/findings.ts";
import { between, type Instant } from "../domain/instants.ts";
import { aboutMonitor } from "../domain/monitor.ts";
import type { Cursor, SweepPosition } from "../ports.ts";

/** What to tell of a blindness. The same occasion has the same id. */
function blindFinding(blind: Blindness<Instant>, now: Instant, staleMs: number): Finding | null {
  const { kind, since, reason } = blind;
  if (kind === "went-back") return aboutMonitor("journal-went-back", since, reason);
  // Who has just begun is blind too, and health says so; people are told when it lasts, as with any silence.
  if (between(since, now) < staleMs) return null;
  return aboutMonitor("blind", since, noteOf(blind));
}

function noteOf({ kind, reason }: Blindness<Instant>): string {
  const unseen = "Uploads since then have not been seen yet.";
  return kind === "silent" ? `${sentence(reason)} ${unseen}` : sentence(reason);
}

const sentence = (reason: string): string => `${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}.`;

const lateFinding = ({ since, reason }: Lateness<Instant>): Finding =>
  aboutMonitor("source-fallback", since, sentence(reason));

function findingOf({ blind, late }: Vision<Instant>, now: Instant, staleMs: number): Finding | null {
  if (blind !== null) return blindFinding(blind, now, staleMs);
  return late === null ? null : lateFinding(late);
}

/** What to say about what the monitor sees now, given what was said last: a new occasion once, and its end once. */
export function blindnessNews(
  cursor: Cursor | null,
  position: SweepPosition,
  now: Instant,
  staleMs: number,
  watch: Watch,
): { readonly tell: readonly Finding[]; readonly told: Finding | null } {
  const is = findingOf(visionOf(cursor, position.startedAt, now, staleMs, watch), now, staleMs);
  if (is?.id === position.told?.id) return { tell: [], told: position.told };
  const over = position.told && ({ ...position.told, state: "resolved", changedAt: now } as const);
  return { tell: [...(over ? [over] : []), ...(is ? [is] : [])], told: is };
}
