import type { Ownership, ProjectSighting } from "./facts.ts";
import { between, hours } from "./instants.ts";
import type { Entry } from "./journal.ts";
import { isOlder, type Look, type ProjectState } from "./pages.ts";

/** Successive looks at a project that agree on something. */
export interface Run<V> {
  readonly value: V;
  /** At least one; the oldest page first. */
  readonly sightings: readonly [ProjectSighting, ...ProjectSighting[]];
  /** The last look that said otherwise before, and the first that does so after. */
  readonly before: ProjectSighting | null;
  readonly after: ProjectSighting | null;
}

/** Each once, from the oldest page to the newest: which of them came first to us changes nothing. */
export const inOrder = (sightings: readonly ProjectSighting[]): readonly ProjectSighting[] =>
  [...new Map(sightings.map((each) => [each.id, each])).values()]
    .sort((a, b) => a.id.localeCompare(b.id))
    .sort((a, b) => (isOlder(a.look, b.look) ? -1 : isOlder(b.look, a.look) ? 1 : 0));

/** The looks, which are in order, by what they say; those for which `said` has nothing are passed over. */
export function runsOf<V>(
  ordered: readonly ProjectSighting[],
  said: (sighting: ProjectSighting) => V | undefined,
): readonly Run<V>[] {
  const runs: { value: V; sightings: [ProjectSighting, ...ProjectSighting[]] }[] = [];
  for (const sighting of ordered) {
    const value = said(sighting);
    if (value === undefined) continue;
    const last = runs.at(-1);
    if (last !== undefined && last.value === value) last.sightings.push(sighting);
    else runs.push({ value, sightings: [sighting] });
  }
  return runs.map((run, index) => ({
    ...run,
    before: runs[index - 1]?.sightings.at(-1) ?? null,
    after: runs[index + 1]?.sightings[0] ?? null,
  }));
}

export const stateIn = ({ state }: ProjectSighting): ProjectState | undefined =>
  state === "unreadable" ? undefined : state;

/** An edge may hold a page for a day (PyPI's `Surrogate-Control`), and one copy of it after another is shown. */
const STALE_MS = hours(25);

/**
 * The spells during which pages said that this is the project's state. A break under the same serial that is shorter than an
 * old copy lives is that old copy: by itself a state moves no serial.
 */
export function spellsOf(
  ordered: readonly ProjectSighting[],
  state: ProjectState,
): readonly Run<ProjectState>[] {
  const spells: Run<ProjectState>[] = [];
  let broken: Run<ProjectState> | null = null;
  for (const run of runsOf(ordered, stateIn)) {
    const last = spells.at(-1);
    if (run.value !== state) broken = run;
    else if (last !== undefined && broken !== null && isFlicker(last, broken, run))
      spells.splice(-1, 1, { ...run, before: last.before, sightings: [...last.sightings, ...run.sightings] });
    else spells.push(run);
  }
  return spells;
}

function isFlicker(last: Run<ProjectState>, broken: Run<ProjectState>, run: Run<ProjectState>): boolean {
  const [from, to] = [broken.sightings[0].look, run.sightings[0].look];
  const serials = new Set([last.sightings.at(-1)?.look.serial, from.serial, to.serial]);
  return serials.size === 1 && !serials.has(null) && between(from.at, to.at) < STALE_MS;
}

/** A place in the journal's order. */
type Place = Pick<Look, "epoch" | "serial" | "at">;

/** Whether what was read there shows what the entry did. A page without a serial is as new as its time. */
export function shows({ epoch, serial, at }: Place, entry: Pick<Entry, "epoch" | "serial" | "at">): boolean {
  if (epoch !== entry.epoch) return epoch > entry.epoch;
  return serial === null ? at >= entry.at : serial >= entry.serial;
}

/** Whether a look says anything of the project that those around it, among `known`, do not say. */
export function isNews(sighting: ProjectSighting, known: readonly ProjectSighting[]): boolean {
  if (sighting.baselineOf.length > 0) return true;
  const ordered = inOrder([...known, sighting]);
  return (
    differs(sighting, ordered, stateIn) ||
    differs(sighting, ordered, ({ ownership }) => ownership && namesIn(ownership))
  );
}

/** One that begins a run that no neighbour belongs to. */
function differs<V>(
  sighting: ProjectSighting,
  ordered: readonly ProjectSighting[],
  said: (each: ProjectSighting) => V | undefined,
): boolean {
  if (said(sighting) === undefined) return false;
  const own = runsOf(ordered, said).find(({ sightings }) => sightings.includes(sighting));
  return own?.sightings.length === 1;
}

/** Who is said to hold what, whatever serial the answer claimed. */
const namesIn = ({ roles, organization }: Ownership): string =>
  JSON.stringify([roles.map(({ role, user }) => [user, role]).sort(), organization]);
