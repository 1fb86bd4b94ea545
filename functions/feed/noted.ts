import type { Instant } from "../domain/instants.ts";
import type { SourceState } from "../domain/sources.ts";
import type { Cursor } from "../ports.ts";
import type { Found } from "./found.ts";

const MOST_REASON_CHARACTERS = 300;

/** What is remembered of a source after a look that was no answer. */
export const failed = (claimed: SourceState, reason: string): SourceState => ({
  ...claimed,
  failing: {
    since: claimed.failing?.since ?? claimed.triedAt,
    reason: reason.slice(0, MOST_REASON_CHARACTERS),
  },
  notBefore: null,
});

/** What is remembered of a source after a look that found this; `cursor` as it is after the look. */
export function noted(claimed: SourceState, found: Found, at: Instant, cursor: Cursor | null): SourceState {
  const { older, remember } = found;
  if (older !== null) return { ...failed(claimed, older), shortSince: claimed.shortSince ?? at };
  const ahead = aheadOf(claimed, remember.serial, at, cursor);
  const answered = { answeredAt: at, failing: null, notBefore: null };
  return { ...claimed, ...remember, ...answered, shortSince: null, ahead };
}

/**
 * A list is never ahead for long of a journal that tells all: its serial is the journal's head when the list was made. The first that
 * was ahead stands until the journal comes to it, however far later lists are.
 */
function aheadOf(
  { epoch, ahead }: SourceState,
  serial: number | null,
  at: Instant,
  cursor: Cursor | null,
): NonNullable<SourceState["ahead"]> | null {
  if (serial === null || cursor === null || cursor.epoch !== epoch || serial <= cursor.serial) return null;
  return ahead && ahead.serial > cursor.serial && ahead.serial <= serial ? ahead : { serial, since: at };
}
