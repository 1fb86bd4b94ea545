import { isSince as isSinceBeginning } from "./beginnings.ts";
import type { Case, JournalCoverage } from "./case.ts";
import { after, hours } from "./instants.ts";
import type { Entry } from "./journal.ts";
import type { Look } from "./pages.ts";

/** Whether the entry is newer than the page of this look: only then it can explain that a later page differs. */
export const isSince = (entry: Entry, look: Look): boolean =>
  entry.epoch === look.epoch && look.serial !== null ? entry.serial > look.serial : entry.seenAt >= look.at;

/**
 * A page that claims more than the journal has, or nothing (a 404 names no serial), is waited for: a late journal arrives, and no claim
 * excuses for ever.
 */
const LATE_MS = hours(1);

/** Whether the cursor has passed what this look saw: whatever the journal says of it, we have read. */
export function isPassed(look: Look, { epoch, serial, caughtUpAt }: JournalCoverage): boolean {
  if (look.epoch !== epoch || look.at > caughtUpAt) return false;
  if (look.serial !== null) return look.serial <= serial;
  return (look.ahead !== undefined && look.ahead <= serial) || after(look.at, LATE_MS) <= caughtUpAt;
}

export const adds = ({ action }: Entry, file: string): boolean =>
  action.kind === "file-added" && action.file === file;

/** The entry that announced the file. */
export const addedEntry = (of: Case): Entry | null =>
  of.entries.find((entry) => adds(entry, of.file)) ?? null;

/**
 * The entries that announced the file since the watch began. One from before says nothing of what shall be seen: whether it is kept
 * depends on who else watched then, and a quarantine may have hidden the file since.
 */
export const awaitedEntries = (of: Case): readonly Entry[] =>
  of.entries.filter((entry) => adds(entry, of.file) && isSinceBeginning(entry, of.began));
