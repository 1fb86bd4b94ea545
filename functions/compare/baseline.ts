import type { Baseline } from "../domain/enrolments.ts";
import type { ProjectSighting } from "../domain/facts.ts";
import { baselineSubject } from "../domain/ledger.ts";
import { Conflict, type Ledger } from "../ports.ts";

/**
 * Fixes this page as the baseline of the enrolments that have none. Once, by whoever comes first: a second page would
 * let an attacker's upload slip into "was there before". So would the head of today for a page that could not be read
 * yesterday: the first head asked for the enrolment counts. `sightings` are all that are in the ledger, this one included.
 */
export async function fixBaselines(
  sighting: ProjectSighting,
  sightings: readonly ProjectSighting[],
  ledger: Ledger,
): Promise<void> {
  if (sighting.state === "unreadable") return;
  for (const id of sighting.baselineOf) {
    const known = await ledger.read(baselineSubject(id));
    const baseline = baselineFor(id, sighting, sightings);
    if (known.length === 0)
      await first(ledger.append(baselineSubject(id), null, { kind: "baseline", baseline }));
  }
}

/** What this page would be as the baseline of an enrolment. */
export const baselineFor = (
  id: string,
  { look }: ProjectSighting,
  sightings: readonly ProjectSighting[],
): Baseline => ({ page: look.page, ...firstHead(id, sightings), at: look.at });

/** The journal's place when somebody first wanted to look for this enrolment. */
function firstHead(id: string, sightings: readonly ProjectSighting[]): Pick<Baseline, "head" | "epoch"> {
  const asked = sightings.filter(({ baselineOf, head }) => baselineOf.includes(id) && head !== null);
  const places = asked.map(({ head, look }) => ({ head: head ?? 0, epoch: look.epoch }));
  return places.sort((a, b) => a.epoch - b.epoch || a.head - b.head).at(0) ?? { head: 0, epoch: 1 };
}

/** Losing this race is the point of it. */
async function first(appending: Promise<unknown>): Promise<void> {
  try {
    await appending;
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
  }
}
