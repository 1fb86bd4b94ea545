import { abreast } from "../domain/abreast.ts";
import { watchingAt } from "../domain/amendments.ts";
import { type Coverage, coverageOf } from "../domain/coverage.ts";
import { after, between, hours, type Instant } from "../domain/instants.ts";
import type { ProjectName } from "../domain/names.ts";
import type { Counted, Counting, Enrolments, View } from "../ports.ts";

interface CountingPorts {
  readonly settings: { readonly rehashMs: number };
  readonly enrolments: Pick<Enrolments, "projects" | "ofProject">;
  readonly view: Pick<View, "ofProject">;
}

/** A count begins so long after the one before; and takes so many projects in one round, so that no round takes long. */
const EVERY_MS = hours(6);
const MOST_PROJECTS = 200;
const ABREAST = 8;

/**
 * Counts on, some projects a round, and publishes a whole count when it has been through all of them. A lost position costs a
 * count begun anew. `since` is fixed when a count begins, so that all of it speaks of one time.
 */
export async function countOn(
  known: Counted | null,
  now: Instant,
  ports: CountingPorts,
): Promise<Counted | null> {
  const { coverage = null, counting = null } = known ?? {};
  if (counting === null && coverage !== null && between(coverage.at, now) < everyMs(ports)) return known;
  const begun = counting ?? beginning(now, ports);
  const next = await ports.enrolments.projects({ beyond: begun.past, most: MOST_PROJECTS });
  const each = await abreast(ABREAST, next, (project) =>
    coverageIn(project, { since: begun.since, now }, ports),
  );
  const counted: Counting = {
    ...begun,
    past: next.at(-1) ?? begun.past,
    artifacts: each.reduce((sum, { artifacts }) => sum + artifacts, begun.artifacts),
    rehashed: each.reduce((sum, { rehashed }) => sum + rehashed, begun.rehashed),
  };
  if (next.length === MOST_PROJECTS) return { coverage, counting: counted };
  const { since, artifacts, rehashed } = counted;
  return { coverage: { since, artifacts, rehashed, at: now }, counting: null };
}

/** Where everything is hashed again within minutes, hours are no news. */
const everyMs = ({ settings }: CountingPorts): number => Math.min(EVERY_MS, settings.rehashMs / 4);

const beginning = (now: Instant, { settings }: CountingPorts): Counting => ({
  since: after(now, -settings.rehashMs),
  past: "",
  artifacts: 0,
  rehashed: 0,
});

/** What an enrolment left behind that ended is watched by nobody. */
async function coverageIn(
  project: ProjectName,
  { since, now }: { readonly since: Instant; readonly now: Instant },
  { enrolments, view }: CountingPorts,
): Promise<Coverage> {
  const watching = watchingAt(await enrolments.ofProject(project), now);
  return coverageOf(await view.ofProject(project), since, watching);
}
