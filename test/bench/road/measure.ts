import { setTimeout } from "node:timers/promises";
import { type Line, nowMs, percentile, rounded } from "../figures.ts";
import { startWorker, type Worker } from "../processes.ts";
import type { Origins, Published, Publishing } from "./index.ts";
import { type Monitor, startMonitor } from "./monitor.ts";
import { releaseOf, sha256Of } from "./releases.ts";
import { type Subscriber, startSubscriber } from "./subscriber.ts";

export interface RoadFigures {
  /** Projects' releases of one file each, all journalled at once, until the last verdict is on disk. */
  readonly releases_per_second: number;
  /** From standing in the journal to being received by a subscriber, at 20 releases a second and a poll of 100 ms. */
  readonly alert_latency_ms: { readonly p50: number; readonly p99: number };
  /** Processor time per release: of the monitor, and of the sandbox that it watches. */
  readonly cpu_ms_per_release: { readonly monitor: number | null; readonly index: number };
}

export interface RoadAsked {
  readonly releases: number;
  readonly alerts: number;
  readonly profile: string | null;
  readonly note: (progress: string) => void;
}

const POLL_SECONDS = 0.1;
const RELEASES_PER_SECOND = 20;
const CALLS_AT_ONCE = 8;

interface Road {
  readonly asked: RoadAsked;
  readonly index: Worker;
  readonly monitor: Monitor;
  readonly subscriber: Subscriber;
  /** The CI key of each project, by number. */
  readonly keys: string[];
}

export async function measureRoad(asked: RoadAsked): Promise<RoadFigures> {
  const index = startWorker("serving", new URL("index.ts", import.meta.url));
  const subscriber = await startSubscriber();
  try {
    const origins = await index.ask<Origins>("open");
    const { profile } = asked;
    const monitor = await startMonitor({
      index: origins,
      notify: subscriber.url,
      pollSeconds: POLL_SECONDS,
      profile,
    });
    try {
      return await walk({ asked, index, monitor, subscriber, keys: [] });
    } finally {
      await monitor.close();
    }
  } finally {
    subscriber.close();
    await index.end();
  }
}

async function walk(road: Road): Promise<RoadFigures> {
  await enrolAll(road);
  const burst = await throughput(road);
  const waits = await latencies(road);
  return {
    ...burst,
    alert_latency_ms: { p50: rounded(percentile(waits, 0.5)), p99: rounded(percentile(waits, 0.99)) },
  };
}

const publish = (road: Road, asked: Publishing): Promise<Published> => road.index.ask("publish", asked);

/** Every project has an earlier release, its baseline. Unrecorded releases are findings at once. */
async function enrolAll(road: Road): Promise<void> {
  const { releases, note } = road.asked;
  note(`road, enrolling ${releases} projects`);
  const { serial } = await publish(road, { from: 0, to: releases, version: "1.0" });
  await each(releases, async (number) => {
    const { project } = releaseOf(number, "1.0");
    const { keys } = await road.monitor.operator.enrol({ project, policy: { strict: true } });
    road.keys[number] = keys.ci;
  });
  await road.monitor.settled(serial);
}

async function throughput(
  road: Road,
): Promise<Pick<RoadFigures, "releases_per_second" | "cpu_ms_per_release">> {
  const { monitor, index, asked } = road;
  const { releases, note } = asked;
  note(`road, recording ${releases} releases`);
  await each(releases, async (number) => {
    const release = releaseOf(number, "2.0");
    await monitor
      .holding(road.keys[number] ?? "")
      .record(release.project, `${sha256Of(release)}  ${release.file}\n`);
  });
  await monitor.settled(0);
  note(`road, publishing ${releases} releases at once`);
  const [monitorMs, indexMs] = [monitor.cpuMs(), await index.ask<number>("cpuMs")];
  const { atMs, serial } = await publish(road, { from: 0, to: releases, version: "2.0" });
  await monitor.settled(serial);
  const seconds = (nowMs() - atMs) / 1000;
  const monitorSpent = monitorMs === null ? null : (monitor.cpuMs() ?? 0) - monitorMs;
  const indexSpent = (await index.ask<number>("cpuMs")) - indexMs;
  await each(releases, (number) => mustMatch(monitor, number));
  return {
    releases_per_second: rounded(releases / seconds),
    cpu_ms_per_release: {
      monitor: monitorSpent === null ? null : rounded(monitorSpent / releases),
      index: rounded(indexSpent / releases),
    },
  };
}

async function mustMatch({ operator }: Monitor, number: number): Promise<void> {
  const { project, file } = releaseOf(number, "2.0");
  const { artifacts } = await operator.artifacts(project);
  const verdict = artifacts.find((artifact) => artifact.file === file)?.verdict;
  if (verdict !== "match") throw new Error(`${file} is ${verdict}, not match`);
}

/** At random intervals: evenly spaced releases would meet every poll at the same phase. */
async function latencies({ asked, index, subscriber }: Road): Promise<number[]> {
  const { alerts, note } = asked;
  note(`road, ${alerts} unrecorded releases at ${RELEASES_PER_SECOND} a second`);
  const journalled = new Map<string, number>();
  let dueMs = nowMs();
  for (let number = 0; number < alerts; number += 1) {
    dueMs += (-Math.log(1 - Math.random()) * 1000) / RELEASES_PER_SECOND;
    await setTimeout(Math.max(0, dueMs - nowMs()));
    const { atMs } = await index.ask<Published>("publish", { from: number, to: number + 1, version: "3.0" });
    journalled.set(releaseOf(number, "3.0").file, atMs);
  }
  await subscriber.heard(alerts);
  return [...journalled].map(([file, atMs]) => (subscriber.heardMs.get(file) ?? Number.NaN) - atMs);
}

/** Does something for every number below `count`, several at a time. */
async function each(count: number, act: (number: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await act(next++);
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, lane));
}

export const roadLines = (of: RoadFigures): Line[] => [
  { what: "journal to verdict, releases of one 10 KB file", figure: `${of.releases_per_second} /s` },
  {
    what: "processor time per release",
    figure: `${of.cpu_ms_per_release.monitor ?? "?"} ms`,
    remark: `and ${of.cpu_ms_per_release.index} ms of the sandbox`,
  },
  {
    what: "journalled to alert received, 20 releases/s, poll 100 ms",
    figure: `${of.alert_latency_ms.p50} ms`,
    remark: `p50; p99 ${of.alert_latency_ms.p99} ms`,
  },
];
