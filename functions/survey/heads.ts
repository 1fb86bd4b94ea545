import type { Settings } from "../domain/settings.ts";
import { IndexUnavailable, type Journal, type SourceStates } from "../ports.ts";

/** Who says how far the index is. */
export interface Heads {
  readonly settings: Pick<Settings, "source">;
  readonly journal: Pick<Journal, "head">;
  readonly sourceStates: Pick<SourceStates, "read">;
}

/** How far the index is: by its journal, or where that is not read, by the list of projects as it was last. Throws `IndexUnavailable`. */
export async function headKnown(heads: Heads): Promise<number> {
  if (heads.settings.source === "journal") return heads.journal.head();
  const list = await heads.sourceStates.read("list");
  if (list === null || list.serial === null)
    throw new IndexUnavailable("unreachable", "the list of all projects was not read yet");
  return list.serial;
}

/** More than a day of PyPI's events. */
const MOST_AHEAD = 50_000;

/**
 * The index's head for a baseline that is to be fixed. What entries up to there say is how things were, and never told: a head far
 * beyond what was read of the journal could mute them for good, and is waited for. Throws `IndexUnavailable`.
 */
export async function headToBegin(read: number, heads: Heads): Promise<number> {
  const head = await headKnown(heads);
  if (heads.settings.source === "journal" && head > read + MOST_AHEAD)
    throw new IndexUnavailable(
      "garbled",
      `the journal says that its head is ${head}, and was read up to ${read}`,
    );
  return head;
}

/**
 * Up to which serial a baseline may hold files that an entry adds. The list is older than the page: what the page shows, entries up
 * to its own serial have added.
 */
export const baselineHead = (
  head: number | null,
  claimed: number | null,
  { settings }: Heads,
): number | null => {
  if (head === null || claimed === null || settings.source === "journal") return head;
  return claimed > head + MOST_AHEAD ? head : Math.max(head, claimed);
};

/** Whether the index is known to have come so far. Where its journal does not answer the list may say so, or nobody can. */
export async function isReached(serial: number, epoch: number, heads: Heads): Promise<boolean> {
  try {
    return serial <= (await headKnown(heads));
  } catch (error) {
    if (!(error instanceof IndexUnavailable)) throw error;
    const list = await heads.sourceStates.read("list");
    return list !== null && list.epoch === epoch && serial <= (list.serial ?? 0);
  }
}
