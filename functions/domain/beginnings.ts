import type { Baseline } from "./enrolments.ts";
import { concernsRelease, type Entry } from "./journal.ts";

/** Where the journal stood when a watch began. */
export type Beginning = Pick<Baseline, "head" | "epoch">;

/** What the index had done by the time the watch began is how things were. */
export const isSince = (entry: Entry, { head, epoch }: Beginning): boolean =>
  entry.epoch > epoch || (entry.epoch === epoch && entry.serial > head);

/**
 * Whether a quarantine of the project, or of this release, stood when the watch began: then the first that is heard of one is its
 * end. Its page hid files that were there before. `entries` are those that concern a file of the release; ascending.
 */
export function beganHidden(entries: readonly Entry[], release: string | null, began: Beginning): boolean {
  const since = entries.filter((entry) => isSince(entry, began));
  const first = (put: Entry["action"]["kind"], end: Entry["action"]["kind"]) =>
    since.find(
      ({ action, ...entry }) =>
        (action.kind === put || action.kind === end) &&
        (entry.release === null || concernsRelease({ ...entry, action }, release)),
    )?.action.kind;
  return (
    first("project-quarantined", "project-cleared") === "project-cleared" ||
    first("release-quarantined", "release-cleared") === "release-cleared"
  );
}
