import type { Change } from "../domain/changes.ts";
import { type Fact, fact, type Ownership } from "../domain/facts.ts";
import type { Look, Page } from "../domain/pages.ts";
import { IndexUnavailable, type Owners } from "../ports.ts";

/** The enrolments without a baseline, and the journal's head as asked before the page was read. */
export interface Fixing {
  readonly unfixed: readonly string[];
  readonly head: number | null;
}

/** Whether the change asks after the project as a whole, beside any files that it names. */
export const asksAfterProject = ({ files, whole }: Change): boolean => files.length === 0 || whole === true;

/**
 * What a look says of the project as a whole: where the change asks after it, a baseline waits for it, or the page shows
 * another state than the last one. Compare drops what is no news, so this may say too much.
 */
export function projectFacts(
  change: Change,
  { page, look }: { readonly page: Page | null; readonly look: Look },
  { unfixed, head, latest }: Fixing & { readonly latest: Page | null },
  ownership: Ownership | null,
): Fact[] {
  const state = page?.state ?? "gone";
  const isOther = latest !== null && latest.state !== state;
  if (unfixed.length === 0 && !asksAfterProject(change) && !isOther) return [];
  const { project } = change;
  const said = { kind: "project", project, look, state, baselineOf: unfixed, head, reason: null } as const;
  return [fact({ ...said, ...(ownership && { ownership }) })];
}

/**
 * Where nothing was read: entries of the journal can be judged without a page, and the head asked for a baseline is kept, because
 * what comes after it is no baseline, whenever its page is read at last.
 */
export function unreadProject(
  change: Change,
  look: Look,
  { unfixed, head }: { readonly unfixed: readonly string[]; readonly head: number },
  reason: string,
): Fact[] {
  if (unfixed.length === 0 && !(change.reason === "journal" && asksAfterProject(change))) return [];
  const { project } = change;
  const said = { kind: "project", project, look, state: "unreadable", baselineOf: unfixed } as const;
  return [fact({ ...said, head: unfixed.length === 0 ? null : head, reason })];
}

/**
 * Who may publish: asked once a day, on the sweep's turn at the page, and when an entry speaks of the project. An answer older than
 * the page, or none, says nothing: it would make what the journal has explained look like something new.
 */
export async function ownershipFor(
  change: Change,
  { serial }: Look,
  { owners }: { readonly owners: Owners },
): Promise<Ownership | null> {
  const isTurn = change.reason === "sweep" && change.files.length === 0;
  if (!isTurn && change.whole !== true) return null;
  try {
    const said = await owners.read(change.project);
    const isStale = said !== null && said.serial !== null && serial !== null && said.serial < serial;
    return isStale ? null : said;
  } catch (error) {
    if (error instanceof IndexUnavailable) return null;
    throw error;
  }
}
