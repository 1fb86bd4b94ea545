import { abreast } from "../domain/abreast.ts";
import { watchingAt } from "../domain/amendments.ts";
import type { Finding } from "../domain/findings.ts";
import { after, type Instant, laterHalf } from "../domain/instants.ts";
import type { ProjectName } from "../domain/names.ts";
import type { Settings } from "../domain/settings.ts";
import type { Chance, Deadline, Deadlines, Enrolments, PageStore, Queues } from "../ports.ts";
import { changesOf } from "./asking.ts";
import { UNREAD_AGAIN_MS, unreadPages } from "./unread.ts";

interface TurnsPorts {
  readonly chance: Chance;
  readonly settings: Pick<Settings, "sweepMs">;
  readonly enrolments: Pick<Enrolments, "ofProject">;
  readonly deadlines: Deadlines;
  readonly pageStore: Pick<PageStore, "latest">;
  readonly changes: Queues["changes"];
}

const ABREAST = 16;

/**
 * Has these projects' pages looked at, and sets each its next turn: sooner at one that could not be read. Answers what to say of
 * those. Whom nobody watches keeps the turn, and nothing is asked: who enrols meanwhile must find it there.
 */
export async function lookAtPages(
  due: readonly Deadline[],
  now: Instant,
  ports: TurnsPorts,
): Promise<readonly Finding[]> {
  if (due.length === 0) return [];
  const watched = await watchedOf(due, now, ports);
  if (watched.length > 0) await ports.changes.sweep.send(changesOf(watched, "sweep", now, ports.chance));
  const { sweepMs } = ports.settings;
  const unread = await unreadPages(watched, now, ports);
  const againMs = (project: ProjectName): number =>
    unread.some((finding) => finding.project === project)
      ? Math.min(UNREAD_AGAIN_MS, sweepMs)
      : laterHalf(sweepMs, ports.chance.fraction());
  await ports.deadlines.put(due.map((each) => ({ ...each, due: after(now, againMs(each.project)) })));
  return unread;
}

async function watchedOf(
  due: readonly Deadline[],
  now: Instant,
  { enrolments }: TurnsPorts,
): Promise<readonly Deadline[]> {
  const watching = await abreast(ABREAST, due, async ({ project }) =>
    watchingAt(await enrolments.ofProject(project), now),
  );
  return due.filter((_, each) => (watching[each] ?? []).length > 0);
}

/** Gives every enrolled project a turn that has none: an enrolment may have broken off before it set one. */
export async function giveTurns(
  now: Instant,
  {
    enrolments,
    deadlines,
  }: { readonly enrolments: Pick<Enrolments, "projects">; readonly deadlines: Deadlines },
): Promise<void> {
  await abreast(ABREAST, await enrolments.projects(), (project) =>
    deadlines.putIfAbsent({ kind: "page", project, file: "", due: now, sizeBytes: 0 }),
  );
}
