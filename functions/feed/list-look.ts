import { abreast } from "../domain/abreast.ts";
import { LIST_FRESH_MS } from "../domain/blindness.ts";
import { hexOf, sha256 } from "../domain/digests.ts";
import { between } from "../domain/instants.ts";
import type { ProjectName } from "../domain/names.ts";
import type { Shown, SourceState } from "../domain/sources.ts";
import { type Enrolments, type Entries, IndexUnavailable, type Source } from "../ports.ts";
import { type Found, nothingIn } from "./found.ts";

export interface ListPorts {
  readonly enrolments: Pick<Enrolments, "among" | "projects">;
  readonly entries: Pick<Entries, "highest">;
}

const ABREAST = 8;
const MOST_LACKING = 5_000;
/** 64 bits of a hash: nobody gains by a name that is taken for another's, least of all whoever finds one. */
const KEY_DIGITS = 16;
const keyOf = (project: ProjectName): string => hexOf(sha256(project)).slice(0, KEY_DIGITS);

/**
 * Looks at the list of all projects. An enrolled project moved when its serial is above how far the last look reached, and no kept
 * entry is as high; or when the list lacks it and did not before. Nothing follows from a list that was not read whole.
 * Throws `IndexUnavailable`.
 */
export async function lookAtList(source: Source, before: SourceState, ports: ListPorts): Promise<Found> {
  // Asked before the list is: of whoever enrols meanwhile, nothing can be lacking yet.
  const enrolled = new Set(await ports.enrolments.projects());
  const lacking = new Set(enrolled);
  const above = new Map<ProjectName, number>();
  const isDoubted = isLongShort(before);
  const looked = await source.look(isDoubted ? null : before.etag, async (batch) => {
    for (const { project } of batch) lacking.delete(project);
    const moved = isDoubted ? serialsOf(batch, enrolled) : await enrolledAbove(batch, before.serial, ports);
    for (const [project, serial] of moved) above.set(project, Math.max(serial, above.get(project) ?? 0));
  });
  if (looked.kind === "unchanged") return nothingIn(before);
  const reached = reachOf(looked);
  const isShort = before.serial !== null && reached < before.serial;
  const mark = isShort && isDoubted ? 0 : (before.serial ?? 0);
  const untold = await only(
    [...above].filter(([, serial]) => serial > mark),
    ([project, serial]) => isUntold(project, serial, before.epoch, ports),
  );
  const missing = keyed(lacking);
  const left = newly(missing, before);
  const moved = new Map([
    ...left.map((project) => [project, null] as const),
    // Above the list's own serial it is no serial that anything can be measured by.
    ...untold.map(([project, serial]) => [project, serial > reached ? null : serial] as const),
  ]);
  const older = isShort && !isDoubted ? olderBy(reached, before.serial) : null;
  const seen = [...missing.keys()];
  const { serial, etag } = looked;
  return { moved, remember: older === null ? { serial, etag, seen } : nothingIn(before).remember, older };
}

/** Asked of the store for the names of each batch: a set from before the list was read would miss who enrolled since. */
async function enrolledAbove(
  batch: readonly Shown[],
  reached: number | null,
  { enrolments }: ListPorts,
): Promise<readonly (readonly [ProjectName, number])[]> {
  if (reached === null) return [];
  const above = batch.flatMap(({ project, serial }) =>
    serial !== null && serial > reached ? [[project, serial] as const] : [],
  );
  if (above.length === 0) return [];
  const enrolled = await enrolments.among([...new Set(above.map(([project]) => project))]);
  return above.filter(([project]) => enrolled.has(project));
}

/**
 * No edge keeps a copy for so long: what was reached before was a lie or lost, and whoever moved behind it is not known. Then every
 * enrolled project moved that no entry has told of.
 */
const isLongShort = ({ shortSince, triedAt }: SourceState): boolean =>
  !!shortSince && Math.abs(between(shortSince, triedAt)) >= LIST_FRESH_MS;

const serialsOf = (batch: readonly Shown[], enrolled: ReadonlySet<ProjectName>) =>
  batch.flatMap(({ project, serial }) =>
    serial !== null && enrolled.has(project) ? [[project, serial] as const] : [],
  );

function reachOf({ serial }: { readonly serial: number | null }): number {
  if (serial === null)
    throw new IndexUnavailable("garbled", "the list of projects names no serial of its own");
  return serial;
}

/** Edges keep copies of several ages. What an older one lacks may be gone all the same: only its reach is no news. */
const olderBy = (reached: number, before: number): string =>
  `the list of projects reaches serial ${reached}, and reached ${before} before: an older copy`;

/** Whether the journal has not said what made the project move. */
const isUntold = async (project: ProjectName, serial: number, epoch: number, ports: ListPorts) =>
  (await ports.entries.highest(project, epoch)) < serial;

/** As many as are remembered, in the order of their keys, which nobody chooses: of others only the sweep sees that they are gone. */
const keyed = (lacking: ReadonlySet<ProjectName>): ReadonlyMap<string, ProjectName> =>
  new Map(
    [...lacking]
      .map((project) => [keyOf(project), project] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, MOST_LACKING),
  );

/** Who is removed or in quarantine is left out. Of the first list nobody can say who left it. */
function newly(
  missing: ReadonlyMap<string, ProjectName>,
  { serial, seen }: SourceState,
): readonly ProjectName[] {
  const known = new Set(seen);
  return serial === null ? [] : [...missing].flatMap(([key, project]) => (known.has(key) ? [] : [project]));
}

async function only<T>(all: readonly T[], holds: (each: T) => Promise<boolean>): Promise<readonly T[]> {
  const held = await abreast(ABREAST, all, holds);
  return all.filter((_, index) => held[index]);
}
