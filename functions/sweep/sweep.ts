import type { Watch } from "../domain/blindness.ts";
import type { Finding } from "../domain/findings.ts";
import { after, dayOf, type Instant, minutes } from "../domain/instants.ts";
import type { Settings } from "../domain/settings.ts";
import {
  type Chance,
  type Clock,
  type Cursors,
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
import { rehash, sweepTerms, sweepVerdicts } from "./asking.ts";
import { behindNews } from "./behind.ts";
import { blindnessNews } from "./blindness.ts";
import { countOn } from "./counting.ts";
import { quickenAll, sweepPaces } from "./pace.ts";
import { type Spending, spending } from "./spending.ts";
import { giveTurns, lookAtPages } from "./turns.ts";

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
/** Older than this and still unpublished: the alert message was lost, and goes to alert once more. */
const UNPUBLISHED_MS = minutes(2);

/**
 * One round: queues what is due as changes (deadlines, projects, re-hashes within the budget), and sends findings that
 * nobody published straight to alert. Changes are queued before deadlines are moved, so that a crash repeats; what they
 * cost is written down before they are queued, so that however many rounds break off, the budget holds.
 */
export async function sweep(ports: SweepPorts): Promise<void> {
  const now = ports.clock.now();
  await sweepVerdicts(now, ports);
  await sweepTerms(now, ports);
  const position = (await ports.positions.read()) ?? { day: "", spentBytes: 0, startedAt: now, told: null };
  if (position.day !== dayOf(now)) await giveTurns(now, ports);
  const due = {
    files: await ports.deadlines.due("rehash", now, MOST_DUE),
    pages: await ports.deadlines.due("page", now, MOST_DUE),
  };
  const taken = spending(position, due, now, ports);
  await ports.positions.write({ ...position, ...taken.means });
  await rehash(taken.files, now, ports);
  const unread = await lookAtPages(taken.pages, now, ports);
  await tellOfItself(position, taken, now, ports);
  const lost = await ports.view.unpublished(after(now, -UNPUBLISHED_MS), MOST_DUE);
  await tellEach([...unread, ...lost], ports);
  await sweepPaces(now, ports);
}

/** Says what the monitor does not see and does not come round to, and how much it covers; and remembers what it said. */
async function tellOfItself(
  position: SweepPosition,
  { left }: Spending,
  now: Instant,
  ports: SweepPorts,
): Promise<void> {
  const { staleMs, rehashMs } = ports.settings;
  const news = blindnessNews(await ports.cursors.read(), position, now, staleMs, await watchOf(ports));
  const late = behindNews(position.behind, left, now);
  const tell = [...news.tell, ...late.tell];
  if (tell.length > 0) await ports.alerts.send(tell);
  const counted = await countOn(position.counted ?? null, now, ports);
  if (rehashMs < (position.rehashMs ?? rehashMs)) await quickenAll(now, ports);
  // Read again: a round that takes long is overtaken by the next one, and what that spent is spent.
  const latest = (await ports.positions.read()) ?? position;
  const said = { told: news.told, behind: late.behind, rehashMs, ...(counted && { counted }) };
  await ports.positions.write({ ...latest, ...said });
}

const watchOf = async ({ settings, sourceStates }: SweepPorts): Promise<Watch> => ({
  source: settings.source,
  list: await sourceStates.read("list"),
  updates: await sourceStates.read("updates"),
});

/** Each by itself: one that cannot be sent must hold up neither the others nor the sweep. */
async function tellEach(findings: readonly Finding[], ports: SweepPorts): Promise<void> {
  for (const finding of findings) {
    try {
      await ports.alerts.send([finding]);
    } catch (error) {
      if (!(error instanceof MessageTooLarge)) throw error;
    }
  }
}
