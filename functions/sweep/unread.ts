import { abreast } from "../domain/abreast.ts";
import type { Finding } from "../domain/findings.ts";
import { between, hours, type Instant, minutes } from "../domain/instants.ts";
import { aboutProject } from "../domain/monitor.ts";
import type { Deadline, PageStore } from "../ports.ts";

/** A page that could not be read is looked at again this soon. */
export const UNREAD_AGAIN_MS = hours(1);
/** So long after its last look a page should have been read again, and so long it is a matter of health only. */
const SLACK_MS = hours(1);
const HEALTH_ONLY_MS = hours(24);
/** A turn that comes so long after its time was slept through. */
const ON_TIME_MS = minutes(5);

const ABREAST = 8;

interface UnreadPorts {
  readonly settings: { readonly sweepMs: number };
  readonly pageStore: Pick<PageStore, "latest">;
}

/**
 * Which of the projects that are due again were not read since their last turn. An index that shows us no page of a
 * project hides everything in it: on health at first, because outages look the same; past a day on findings.
 */
export async function unreadPages(
  due: readonly Deadline[],
  now: Instant,
  ports: UnreadPorts,
): Promise<readonly Finding[]> {
  // A few at a time: each look brings its page along, and some pages are large.
  return (await abreast(ABREAST, due, (each) => unreadPage(each, now, ports))).flat();
}

async function unreadPage(
  { project, due: dueAt }: Deadline,
  now: Instant,
  ports: UnreadPorts,
): Promise<readonly Finding[]> {
  const latest = await ports.pageStore.latest(project);
  // After a long sleep everything is late, and nothing of it says anything about the index.
  if (latest === null)
    return between(dueAt, now) > ON_TIME_MS ? [] : [aboutProject(project, null, now, false)];
  // As of when it was to be: the turn may come late, because the sweep is behind or was asleep.
  const lateMs = between(latest.at, dueAt) - ports.settings.sweepMs;
  return lateMs < SLACK_MS ? [] : [aboutProject(project, latest.at, now, lateMs >= HEALTH_ONLY_MS)];
}
