import { abreast } from "../domain/abreast.ts";
import { watchingAt } from "../domain/amendments.ts";
import { after, type Instant, laterHalf, minutes } from "../domain/instants.ts";
import type { ProjectName } from "../domain/names.ts";
import { rehashMsOf } from "../domain/rehashing.ts";
import type { Settings } from "../domain/settings.ts";
import type { Chance, Deadlines, Enrolments, PageStore } from "../ports.ts";

interface PacePorts {
  readonly chance: Chance;
  readonly settings: Pick<Settings, "rehashMs">;
  readonly enrolments: Pick<Enrolments, "ofProject">;
  readonly pageStore: Pick<PageStore, "latest">;
  readonly deadlines: Deadlines;
}

/** Until then whatever made the pace quicker is stored by whoever decided it. */
const STORED_MS = minutes(1);
/** So many projects in one round: some have thousands of files, and each is a write. */
const MOST_PROJECTS = 20;
const ABREAST = 16;

/**
 * Brings forward the re-hashes of projects whose files are to be hashed more often from now on: what waits for a time beyond the new
 * bound is due somewhere in its later half. Done again after a crash, it leaves alone what is within the bound.
 */
export async function sweepPaces(now: Instant, ports: PacePorts): Promise<void> {
  for (const { project } of await ports.deadlines.due("pace", now, MOST_PROJECTS)) {
    await quicken(project, now, ports);
    await ports.deadlines.clear("pace", project, "");
  }
}

/** Has all re-hashes brought forward, some projects a round: the operator's bound is shorter than it was. */
export async function quickenAll(
  now: Instant,
  {
    enrolments,
    deadlines,
  }: { readonly enrolments: Pick<Enrolments, "projects">; readonly deadlines: Deadlines },
): Promise<void> {
  const due = after(now, STORED_MS);
  const projects = await enrolments.projects();
  await deadlines.put(projects.map((project) => ({ kind: "pace", project, file: "", due, sizeBytes: 0 })));
}

async function quicken(project: ProjectName, now: Instant, ports: PacePorts): Promise<void> {
  const watching = watchingAt(await ports.enrolments.ofProject(project), now);
  const intervalMs = rehashMsOf(watching, ports.settings.rehashMs);
  const files = watching.length === 0 ? [] : ((await ports.pageStore.latest(project))?.page?.files ?? []);
  await abreast(ABREAST, files, async ({ file, sizeBytes }) => {
    const due = after(now, laterHalf(intervalMs, ports.chance.fraction()));
    const deadline = { kind: "rehash", project, file, due, sizeBytes: sizeBytes ?? 0 } as const;
    await ports.deadlines.bringForward(deadline, after(now, intervalMs));
  });
}
