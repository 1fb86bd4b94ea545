import type { Case, JournalCoverage } from "./case.ts";
import type { Entry } from "./journal.ts";
import type { Look } from "./pages.ts";

/** Whether the entry is newer than the page of this look: only then it can explain that a later page differs. */
export const isSince = (entry: Entry, look: Look): boolean =>
  entry.epoch === look.epoch && look.serial !== null ? entry.serial > look.serial : entry.seenAt >= look.at;

/** Whether the cursor has passed what this look saw: whatever the journal says of it, we have read. */
export const isPassed = (look: Look, { epoch, serial, caughtUpAt }: JournalCoverage): boolean =>
  look.epoch === epoch && (look.serial ?? 0) <= serial && look.at <= caughtUpAt;

export const adds = ({ action }: Entry, file: string): boolean =>
  action.kind === "file-added" && action.file === file;

/** The entry that announced the file. */
export const addedEntry = (of: Case): Entry | null =>
  of.entries.find((entry) => adds(entry, of.file)) ?? null;
