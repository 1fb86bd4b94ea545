import type { Baseline } from "./enrolments.ts";
import { concernsRelease, type Entry } from "./journal.ts";

/** Where the journal stood when a watch began. */
export type Beginning = Pick<Baseline, "head" | "epoch">;

/** What the index had done by the time the watch began is how things were. */
export const isSince = (entry: Entry, { head, epoch }: Beginning): boolean =>
  entry.epoch > epoch || (entry.epoch === epoch && entry.serial > head);

/**
 * Whether a quarantine of the project, or of this release, stood when the watch began: the last that was heard of one before is its
 * beginning, or the first that is heard after is its end. Its page hid files that were there. `entries` are those that concern a file
 * of the release; ascending.
 */
export function beganHidden(entries: readonly Entry[], release: string | null, began: Beginning): boolean {
  const concerned = entries.filter((entry) => entry.release === null || concernsRelease(entry, release));
  return (
    stoodAt(began, concerned, "project-quarantined", "project-cleared") ||
    stoodAt(began, concerned, "release-quarantined", "release-cleared")
  );
}

type Kind = Entry["action"]["kind"];

function stoodAt(began: Beginning, entries: readonly Entry[], put: Kind, end: Kind): boolean {
  const heard = entries.filter(({ action: { kind } }) => kind === put || kind === end);
  const before = heard.findLast((entry) => !isSince(entry, began));
  const after = heard.find((entry) => isSince(entry, began));
  return before === undefined ? after?.action.kind === end : before.action.kind === put;
}
