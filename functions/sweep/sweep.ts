import type { Watch } from "../domain/blindness.ts";
import { type Change, change, changesNaming } from "../domain/changes.ts";
import type { Finding } from "../domain/findings.ts";
import { after, dayOf, type Instant, laterHalf, minutes } from "../domain/instants.ts";
import type { ProjectName } from "../domain/names.ts";
import type { Settings } from "../domain/settings.ts";
import {
  type Chance,
  type Clock,
  type Cursors,
  type Deadline,
  type Deadlines,
  type Enrolments,
  MessageTooLarge,
  type PageStore,
  type Positions,
  type Queues,
  type SourceStates,
  type SweepPosition,
  type View,
} from "../ports.ts";
import { drawn, grown } from "./allowance.ts";
import { behindNews } from "./behind.ts";
import { blindnessNews } from "./blindness.ts";
import { countOn } from "./counting.ts";
import { sweepPaces } from "./pace.ts";
import { UNREAD_AGAIN_MS, unreadPages } from "./unread.ts";

export interface SweepPorts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly settings: Settings;
  readonly cursors: Pick<Cursors, "read">;
  readonly sourceStates: Pick<SourceStates, "read">;
  readonly deadlines: Deadlines;
  readonly positions: Positions;
  readonly enrolments: Pick<Enrolments, "projects" | "ofProject">;
  readonly view: Pick<View, "unpublished" | "ofProject">;
  readonly pageStore: Pick<PageStore, "latest">;
  readonly changes: Queues["changes"];
  readonly alerts: Queues["alerts"];
}

const MOST_DUE = 500;
/** A deadline stays until a judgement moves it; meanwhile it asks again this often. */
const ASK_AGAIN_MS = minutes(10);
/** Older than this and still unpublished: the alert message was lost, and goes to alert once more. */
const UNPUBLISHED_MS = minutes(2);

/**
 * One round: queues what is due as changes (deadlines, projects, re-hashes within the budget), and sends findings that
 * nobody published straight to alert. Changes are queued before deadlines are moved, so that a crash repeats.
 */
export async function sweep(ports: SweepPorts): Promise<void> {
  const now = ports.clock.now();
  await sweepVerdicts(now, ports);
  await sweepTerms(now, ports);
  const position = (await ports.positions.read()) ?? { day: "", spentBytes: 0, startedAt: now, told: null };
  const allowance = grown(position.allowance ?? null, ports.settings.sweepPerSecond, now);
  const files = await rehash(position, halfOf(allowance.requests, ports.chance), now, ports);
  const pages = await sweepPages(allowance.requests - files.taken, now, ports);
  const { spentBytes } = files;
  const { staleMs } = ports.settings;
  const news = blindnessNews(await ports.cursors.read(), position, now, staleMs, await watchOf(ports));
  const late = behindNews(position.behind, [...pages.left, ...files.left], now);
  const tell = [...news.tell, ...late.tell];
  if (tell.length > 0) await ports.alerts.send(tell);
  const counted = await countOn(position.counted ?? null, now, ports);
  await ports.positions.write({
    ...position,
    day: dayOf(now),
    spentBytes,
    told: news.told,
    allowance: { ...allowance, requests: allowance.requests - pages.taken - files.taken },
    behind: late.behind,
    ...(counted && { counted }),
  });
  await sweepPaces(now, ports);
  const lost = await ports.view.unpublished(after(now, -UNPUBLISHED_MS), MOST_DUE);
  await tellEach([...pages.unread, ...lost], ports);
}

/** For files; pages get what they leave. What neither needs is saved up, so that a backlog of one kind soon has it all. */
const halfOf = (requests: number, chance: Chance): number => Math.floor(requests / 2 + chance.fraction());

/** What one part of a round took of what is due, and left for later. */
interface Taken {
  readonly taken: number;
  readonly left: readonly Deadline[];
}

const watchOf = async ({ settings, sourceStates }: SweepPorts): Promise<Watch> => ({
  source: settings.source,
  list: await sourceStates.read("list"),
  updates: await sourceStates.read("updates"),
});

/** Each by itself, last of all: one that cannot be sent must hold up neither the others nor the sweep. */
async function tellEach(findings: readonly Finding[], ports: SweepPorts): Promise<void> {
  for (const finding of findings) {
    try {
      await ports.alerts.send([finding]);
    } catch (error) {
      if (!(error instanceof MessageTooLarge)) throw error;
    }
  }
}

/** Looks at every project's page in turn; sooner again at one that could not be read. Answers what to say of those. */
async function sweepPages(
  requests: number,
  now: Instant,
  ports: SweepPorts,
): Promise<Taken & { readonly unread: readonly Finding[] }> {
  const all = await ports.deadlines.due("page", now, MOST_DUE);
  const due = drawn(all, requests, now, ports.chance);
  const left = all.filter((each) => !due.includes(each));
  if (due.length === 0) return { taken: 0, left, unread: [] };
  await ports.changes.sweep.send(changesOf(due, "sweep", now, ports.chance));
  const { sweepMs } = ports.settings;
  const unread = await unreadPages(due, now, ports);
  const againMs = (project: ProjectName): number =>
    unread.some((finding) => finding.project === project)
      ? Math.min(UNREAD_AGAIN_MS, sweepMs)
      : laterHalf(sweepMs, ports.chance.fraction());
  await ports.deadlines.put(due.map((each) => ({ ...each, due: after(now, againMs(each.project)) })));
  return { taken: due.length, left, unread };
}

/** Has judged again what time may have changed. */
async function sweepVerdicts(now: Instant, ports: SweepPorts): Promise<void> {
  const due = await ports.deadlines.due("verdict", now, MOST_DUE);
  if (due.length === 0) return;
  await ports.changes.now.send(changesOf(due, "deadline", now, ports.chance));
  await askAgainLater(due, now, ports);
}

/** What comes into force now is judged by from now on, whoever looks; here its projects are looked at. */
async function sweepTerms(now: Instant, ports: SweepPorts): Promise<void> {
  const due = await ports.deadlines.due("terms", now, MOST_DUE);
  const projects = new Set(due.map(({ project }) => project));
  const changes = [...projects].map((project) => change({ project, reason: "policy", at: now }));
  if (changes.length > 0) await ports.changes.now.send(changes);
  for (const { project, file } of due) await ports.deadlines.clear("terms", project, file);
}

const askAgainLater = (due: readonly Deadline[], now: Instant, ports: SweepPorts): Promise<void> =>
  ports.deadlines.put(due.map((each) => ({ ...each, due: after(now, ASK_AGAIN_MS) })));

/** One change per project, in an order that cannot be foreseen. */
function changesOf(
  due: readonly Deadline[],
  reason: "deadline" | "sweep",
  at: Instant,
  chance: Chance,
): Change[] {
  const lane = reason === "sweep" ? "sweep" : "now";
  const byProject = Map.groupBy(due, (each): ProjectName => each.project);
  const shuffled = [...byProject].map((each) => ({ each, order: chance.fraction() }));
  return shuffled
    .sort((a, b) => a.order - b.order)
    .flatMap(({ each: [project, of] }) => {
      const files = of.flatMap((each) => (each.file === "" ? [] : [each.file]));
      return changesNaming({ project, reason, lane, at }, files);
    });
}

/**
 * Re-hashes what is due as far as the requests left to this round and today's bytes reach; the rest stays due. Answers the bytes
 * spent today, too. An artifact's bytes are always asked for whole: a file host answers no conditional request for them.
 */
async function rehash(
  position: SweepPosition,
  requests: number,
  now: Instant,
  ports: SweepPorts,
): Promise<Taken & { readonly spentBytes: number }> {
  const due = await ports.deadlines.due("rehash", now, MOST_DUE);
  const spentBytes = position.day === dayOf(now) ? position.spentBytes : 0;
  const lot = drawn(due, requests, now, ports.chance);
  const affordable = affordableOf(lot, ports.settings.sweepBudgetBytes, spentBytes);
  const left = due.filter((each) => !affordable.includes(each));
  if (affordable.length === 0) return { taken: 0, left, spentBytes };
  await ports.changes.sweep.send(changesOf(affordable, "sweep", now, ports.chance));
  await askAgainLater(affordable, now, ports);
  const spent = affordable.reduce((sum, each) => sum + each.sizeBytes, spentBytes);
  return { taken: affordable.length, left, spentBytes: spent };
}

/** What still fits into the day. An artifact larger than any day's budget gets a day of its own: never is not a bound. */
function affordableOf(
  due: readonly Deadline[],
  budgetBytes: number,
  spentBytes: number,
): readonly Deadline[] {
  let leftBytes = budgetBytes - spentBytes;
  const affordable = due.filter(({ sizeBytes }) => {
    const fits = sizeBytes <= leftBytes;
    if (fits) leftBytes -= sizeBytes;
    return fits;
  });
  return affordable.length === 0 && spentBytes === 0 ? due.slice(0, 1) : affordable;
}
