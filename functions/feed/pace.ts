import { Conflict, IndexUnavailable } from "../ports.ts";

const MOST_MS = 60_000;
const MOST_DOUBLINGS = 6;

/**
 * How long to let the index alone after polls that failed, `failures` of them in a row: longer each time, and never less
 * than the index asked for. That another feed was first is no failure.
 */
export function waitAfterFailureMs(error: unknown, failures: number, pollMs: number): number {
  if (error instanceof Conflict) return pollMs;
  const askedMs = error instanceof IndexUnavailable ? (error.retryAfterMs ?? 0) : 0;
  const doublings = Math.min(Math.max(0, failures - 1), MOST_DOUBLINGS);
  return Math.max(askedMs, Math.min(MOST_MS, pollMs * 2 ** doublings));
}
