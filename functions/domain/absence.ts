import type { Case } from "./case.ts";
import type { AbsentSighting } from "./facts.ts";
import { after, between, type Instant, minutes } from "./instants.ts";
import { concernsRelease, type Entry, removes } from "./journal.ts";
import { awaitedEntries, isPassed, isSince } from "./passed.ts";

/** The entry that takes the artifact away since it was last shown (or, never shown, since it was added). */
export function removalEntry(of: Case): Entry | null {
  const { shown } = of.history;
  const added = awaitedEntries(of).at(-1);
  const isLater = (entry: Entry, index: number): boolean =>
    shown === null ? added !== undefined && index > of.entries.indexOf(added) : isSince(entry, shown.look);
  return (
    of.entries
      .filter((entry, index) => removes(entry, of.file, of.release) && isLater(entry, index))
      .at(-1) ?? null
  );
}

const PROJECT_KINDS = ["project-quarantined", "project-cleared"] as const;
const RELEASE_KINDS = ["release-quarantined", "release-cleared"] as const;

/** The last entry of these kinds since the artifact was last shown: a quarantine that a later page has shown it through explains nothing. */
function lastOf(of: Case, kinds: typeof PROJECT_KINDS | typeof RELEASE_KINDS): Entry | undefined {
  const { shown } = of.history;
  return of.entries
    .filter((entry) => shown === null || isSince(entry, shown.look))
    .filter((entry) => entry.release === null || concernsRelease(entry, of.release))
    .findLast(({ action }) => kinds.some((kind) => kind === action.kind));
}

/** Whether the project's status, or a quarantine that nothing has lifted, explains that it is not shown. */
export const isQuarantined = (of: Case): boolean =>
  of.history.absences.at(-1)?.state === "quarantined" ||
  lastOf(of, PROJECT_KINDS)?.action.kind === "project-quarantined" ||
  lastOf(of, RELEASE_KINDS)?.action.kind === "release-quarantined";

/** The entries that let go of what quarantines hid, since it was last shown. */
const clearings = (of: Case): Entry[] =>
  [lastOf(of, PROJECT_KINDS), lastOf(of, RELEASE_KINDS)]
    .filter((entry) => entry !== undefined)
    .filter(({ action: { kind } }) => kind === "project-cleared" || kind === "release-cleared");

/** Those after the last one that a quarantine explains: by the state of its own page. */
const afterHidden = (absences: readonly AbsentSighting[]): readonly AbsentSighting[] =>
  absences.slice(absences.findLastIndex(({ state }) => state === "quarantined") + 1);

/**
 * "No entry says so" needs two readings a window apart that a caught-up cursor has passed without being blind. One of a page from
 * before a quarantine was lifted is none: an edge's old copy goes on hiding what is back.
 */
export function absenceProven(of: Case): boolean {
  const { history, journal, confirmMs } = of;
  const lifted = clearings(of);
  const passed = afterHidden(history.absences).filter(
    ({ look }) => isPassed(look, journal) && !lifted.some((entry) => isSince(entry, look)),
  );
  const [first, last] = [passed.at(0), passed.at(-1)];
  if (first === undefined || last === undefined || journal.blind) return false;
  return between(first.look.at, last.look.at) >= confirmMs;
}

/** The first look that lacked it, whatever age its page claimed, since nothing that we know of explains it. */
export function lackedSince(of: Case): Instant | null {
  const lifted = clearings(of);
  const lacking = afterHidden(of.history.lacking).filter(({ look }) =>
    lifted.every(({ seenAt }) => look.at >= seenAt),
  );
  return lacking.at(0)?.look.at ?? null;
}

/**
 * When a file that pages lack, and that nothing explains or proves gone, is told all the same. Pages have been stuck for
 * hours; one that is stuck for longer than a recorded file may be missing is no weather any more.
 */
export function lackedEnd(of: Case): Instant | null {
  const since = lackedSince(of);
  return since && after(since, minutes(of.enrolment.policy.deadlines.missingMinutes));
}
