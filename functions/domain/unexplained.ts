import type { Case } from "./case.ts";
import { type Gap, isListed } from "./history.ts";
import { after, between, hours } from "./instants.ts";
import { removes } from "./journal.ts";
import { addedEntry, isPassed, isSince } from "./passed.ts";

/** An edge keeps a page for at most a day. */
const EDGE_COPY_MS = hours(24);
/** How long before its first reading an upload may have been journalled: each page is read at least this often. */
const BETWEEN_LOOKS_MS = hours(24);

/** The index may have done it before the watch began, behind a baseline page that was older than its journal. */
function mayBeOlder({ began, journal, history: { firstShown } }: Case): boolean {
  if (began.lists || firstShown === null) return true;
  if (firstShown.epoch !== began.epoch) return false;
  const { ahead = null } = firstShown;
  // A claim that was more than the journal had is as good as any once the journal comes to it.
  const serial = firstShown.serial ?? (ahead !== null && ahead <= journal.serial ? ahead : null);
  if (serial === null || began.serial === null) return between(began.at, firstShown.at) < EDGE_COPY_MS;
  return serial > began.serial && serial <= began.head;
}

/** Whether some entry that adds the file should have come, and none did so far. */
export const lacksEntry = (of: Case): boolean =>
  isListed(of.history) && addedEntry(of) === null && !mayBeOlder(of);

/**
 * "Never journalled" needs what "no entry says so" needs: two readings a window apart, both passed by a cursor that sees. The
 * newest reading mostly is not, as it is judged before the next poll.
 */
export function isUnannounced(of: Case): boolean {
  if (of.journal.blind || !lacksEntry(of)) return false;
  const { epoch } = of.journal;
  const passed = of.history.showings.filter((look) => look.epoch < epoch || isPassed(look, of.journal));
  const [first, last] = [passed.at(0), passed.findLast((look) => look.epoch === epoch)];
  return first !== undefined && last !== undefined && between(first.at, last.at) >= of.confirmMs;
}

/** Whether an entry that adds it may have passed while nobody saw. */
export const wasBlindBefore = ({ journal, history: { firstSeen } }: Case): boolean =>
  firstSeen !== null && journal.intervals.some(({ until }) => until > after(firstSeen, -BETWEEN_LOOKS_MS));

/**
 * The last time the file was gone and came back: taken away by an entry, or proven gone without one. Never after a
 * quarantine, which lets go of what it hid.
 */
export const gapBefore = (of: Case): Gap | null =>
  of.history.gaps.findLast((gap) => wasRemoved(of, gap) || wasGone(of, gap)) ?? null;

/** By an entry from since it was last shown: a release of the same number removed before that took nothing of it. */
const wasRemoved = ({ entries, file, release }: Case, { before, absences }: Gap): boolean =>
  entries.some(
    (entry) =>
      removes(entry, file, release) &&
      isSince(entry, before) &&
      absences.some(({ look }) => !isSince(entry, look)),
  );

function wasGone({ entries, journal, confirmMs }: Case, { before, absences }: Gap): boolean {
  const [first, last] = [absences.at(0), absences.at(-1)];
  if (first === undefined || last === undefined || journal.blind) return false;
  const wasHidden =
    absences.some(({ state }) => state === "quarantined") ||
    entries.some((entry) => entry.action.kind.endsWith("-quarantined") && isSince(entry, before));
  const isProven = absences.every(({ look }) => isPassed(look, journal));
  return !wasHidden && isProven && between(first.look.at, last.look.at) >= confirmMs;
}
