import type { Change } from "../domain/changes.ts";
import type { Digest } from "../domain/digests.ts";
import type { Enrolment } from "../domain/enrolments.ts";
import type { ListedFile } from "../domain/pages.ts";
import { asksProvenance } from "../domain/policy.ts";
import type { ArtifactRow } from "../domain/view.ts";

/** What decides whether a file's provenance is read. */
export interface Expectation {
  readonly change: Change;
  /** As in `Seen`. */
  readonly baselines: ReadonlyMap<string, ReadonlyMap<string, Digest | null>>;
  /** The enrolments that expect a publisher. */
  readonly expecting: ReadonlySet<string>;
}

/** The enrolments, as they are in force, that are judged by provenance. */
export const expectingOf = (enrolments: readonly Enrolment[]): ReadonlySet<string> =>
  new Set(
    enrolments
      .filter(({ endedAt, policy }) => endedAt === null && asksProvenance(policy))
      .map(({ id }) => id),
  );

/** Whether some watcher asks for this file's provenance. What was there before a watch began is not judged by its own. */
export const isExpected = ({ expecting, baselines }: Expectation, file: ListedFile): boolean =>
  [...expecting].some((id) => {
    const pairs = baselines.get(id);
    return pairs !== undefined && pairs.get(file.file) !== file.declared;
  });

/** Whether the page names provenance for a file where it named none, or the reverse. */
export const isRenamed = (seen: Expectation, file: ListedFile, rows: readonly ArtifactRow[]): boolean =>
  isExpected(seen, file) && rows.some(({ attested }) => attested !== (file.provenance !== undefined));

/**
 * Whether the provenance of a file whose bytes are known must be read: it appeared, or nobody could read it yet and the change
 * asks after it. While a fresh upload's first reading is under way, other changes do not ask again.
 */
export function mustBeRead(seen: Expectation, file: ListedFile, rows: readonly ArtifactRow[]): boolean {
  if (file.provenance === undefined || !isExpected(seen, file)) return false;
  if (isRenamed(seen, file, rows)) return true;
  // The page names it: that the index has none may be an edge's old answer.
  const unknown = rows.some(({ provenance = "none" }) => provenance === "none" || provenance === "unread");
  return unknown && asksAfter(seen.change, file.file);
}

const asksAfter = ({ files, reason, looks }: Change, file: string): boolean =>
  looks === 0 &&
  (files.includes(file) || (files.length === 0 && (reason === "policy" || reason === "sweep")));
