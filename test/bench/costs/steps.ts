import type { Usage } from "./prices.ts";
import { HOURS, looksOf, MINUTES, rehashesOf, type Volume } from "./volumes.ts";

/** A kind of work: how often it is done in a month, what once takes, and why so much. */
export interface Step {
  readonly name: string;
  readonly times: number;
  readonly once: Usage;
  readonly because: string;
}

/** As lib deploys it; the test compares. */
export const DEPLOYED = {
  memoryMegabytes: {
    feed: 256,
    survey: 1024,
    fetch: 512,
    compare: 512,
    alert: 256,
    sweep: 512,
    api: 512,
    copy: 256,
  },
  alarms: 45,
  queues: 6,
  pollSeconds: 5,
} as const;

type Stage = keyof typeof DEPLOYED.memoryMegabytes;

/** 2.5 KB an entry of the ledger, 0.75 KB a row of the view, 0.25 KB of a page's copies per file. */
const ENTRY_KB = 2.5;
const ROW_KB = 0.75;
const PAGE_KB_PER_FILE = 0.25;
const READ_KB = 4;
/** 100 serials are read again with each poll; so many projects are among them. */
const NAMES_PER_POLL = 40;
/** Of the network, arm64 at 512 MB. */
const MEGABYTES_PER_SECOND = 75;
const BUSY_SECONDS = { survey: 0.4, fetch: 0.3, compare: 0.15, alert: 0.4, sweep: 1.5, api: 0.1, copy: 0.1 };
/** An event source asks its queue with five connections at a time, for 20 seconds each. */
const IDLE_POLLS_PER_MINUTE = 15;
/** What is remembered of a feed: 500 keys. It is written when a look begins and when it ends. */
const FEED_STATE_KB = 14;
/** New names in a feed, a minute. */
const NAMES_PER_FEED = 10;
const LIST_STATE_KB = 1;
const NAME_KB = 0.1;
const COUNTED_PER_ROUND = 200;
const LINE_KB = 0.7;
const PLATFORM_KB = 1.2;
const KB_PER_GB = 1_000_000;

const run = (stage: Stage, seconds: number, messages: number): Usage => ({
  gigabyteSeconds: ((DEPLOYED.memoryMegabytes[stage] / 1024) * seconds) / messages,
  invocations: 1 / messages,
  logGigabytes: (LINE_KB + PLATFORM_KB / messages) / KB_PER_GB,
});

/** One message on a queue: sent, received, deleted, in batches. */
const message = (messages: number): Usage => ({ sqsRequests: 3 / messages });

export function sum(usages: readonly Usage[]): Usage {
  const total: Record<string, number> = {};
  for (const usage of usages)
    for (const [name, count] of Object.entries(usage)) total[name] = (total[name] ?? 0) + count;
  return total;
}

export const times = (count: number, usage: Usage): Usage =>
  Object.fromEntries(Object.entries(usage).map(([name, each]) => [name, each * count]));

const pageKb = ({ files, projects }: Volume): number => 1 + (PAGE_KB_PER_FILE * files) / projects;
const reads = (kb: number): number => Math.max(1, Math.ceil(kb / READ_KB));

/** A look at a page, by survey: enrolment, look, page, cursor, baseline, and the project's whole view. */
const look = (volume: Volume): Usage =>
  sum([
    message(volume.together),
    run("survey", BUSY_SECONDS.survey, volume.together),
    {
      readUnits: 4 + reads(pageKb(volume)) + reads((ROW_KB * volume.files) / volume.projects),
      writeUnits: 1,
    },
  ]);

const fetched = (volume: Volume): Usage =>
  sum([
    message(volume.together),
    run("fetch", BUSY_SECONDS.fetch + volume.meanMegabytes / MEGABYTES_PER_SECOND, 1),
  ]);

/** A fact, by compare: history, eight reads beside it; entry (3), view (1), rehash (3) and verdict (1) deadlines; its copy. */
const judged = (volume: Volume, entries: number): Usage =>
  sum([
    message(volume.together),
    run("compare", BUSY_SECONDS.compare, 1),
    { readUnits: reads(entries * ENTRY_KB) + 9, writeUnits: 8 },
    run("copy", BUSY_SECONDS.copy, volume.together),
    { puts: 1 },
  ]);

/** A finding told, one per invocation, to the operator and a contact: in the view and its index (11), published and marked (7). */
const TOLD: Usage = sum([
  message(1),
  run("alert", BUSY_SECONDS.alert, 1),
  { readUnits: 6, writeUnits: 18, published: 1, posted: 2, keyRequests: 1, puts: 1 },
]);

/** What a look says of a project, by compare, that is no news: history, enrolment, baseline and entries read, and nothing written. */
const unchanged = (volume: Volume): Usage =>
  sum([message(volume.together), run("compare", BUSY_SECONDS.compare, 1), { readUnits: 4 }]);

/** Half a year's re-hashes lie behind a file on average of the first year. */
const entriesOf = (volume: Volume): number => 3 + (6 * rehashesOf(volume)) / volume.files;

/** A deadline that came due: put off by sweep while it is worked on, and in its index (3). */
const due: Usage = { writeUnits: 3, readUnits: 1 };

const newFile = (volume: Volume): Usage =>
  sum([
    { writeUnits: 2, sqsRequests: 1 },
    times(2, look(volume)),
    fetched(volume),
    times(3, judged(volume, 3)),
    times(2, TOLD),
    // Shown for the first time (4 and a query), the release first seen (2), the page's new copy, the record (4), its ledger's
    // entry (3) and the manifest with a signature (3), with the enrolment and the key read before.
    { writeUnits: 6 + Math.ceil(pageKb(volume) / 2) + 10, readUnits: 7 + reads(pageKb(volume)) },
    { apiRequests: 1 },
    run("api", BUSY_SECONDS.api, 1),
  ]);

const rehash = (volume: Volume): Usage =>
  sum([due, look(volume), fetched(volume), judged(volume, entriesOf(volume))]);

const POLLS = (MINUTES * 60) / DEPLOYED.pollSeconds;

/** A look at the list of all projects reads the names of the enrolled ones. It is read by feed while that waits. */
const listed = ({ projects }: Volume): Usage => ({
  readUnits: LIST_STATE_KB + 1 + reads(NAME_KB * projects),
  writeUnits: 2 * LIST_STATE_KB,
});

/** Counts are six hours apart, and take some projects of each round. */
const countsOf = ({ projects }: Volume): number => MINUTES / (360 + Math.ceil(projects / COUNTED_PER_ROUND));

/** Names, the enrolments of each project, and its whole view. */
const counted = ({ projects, files }: Volume): Usage => ({
  readUnits: projects * (1 + reads((ROW_KB * files) / projects)) + reads(NAME_KB * projects),
});

/** What runs however little there is to watch. */
function standing(): readonly Step[] {
  return [
    {
      name: "feed, waiting for the next poll",
      times: MINUTES,
      once: { ...run("feed", 55, 1), scheduled: 1 },
      because: "one invocation a minute, 55 seconds long",
    },
    {
      name: "feed, polling",
      times: POLLS,
      once: { readUnits: 2 + NAMES_PER_POLL, writeUnits: 1 },
      because: `the cursor read and moved, how far the list was read, and ${NAMES_PER_POLL} names looked up, every ${DEPLOYED.pollSeconds} seconds`,
    },
    {
      name: "feed, reading RSS",
      times: 2 * MINUTES,
      once: { readUnits: 1 + reads(FEED_STATE_KB) + NAMES_PER_FEED, writeUnits: 2 * FEED_STATE_KB },
      because: "two feeds a minute, and what was seen of them written twice, while feed waits",
    },
    {
      name: "sweep",
      times: MINUTES,
      once: sum([run("sweep", BUSY_SECONDS.sweep, 1), { readUnits: 53, writeUnits: 2, scheduled: 1 }]),
      because:
        "one round a minute over the shards of its indexes; what it spends is written before, what it said after",
    },
    {
      name: "event sources, asking empty queues",
      times: MINUTES * DEPLOYED.queues,
      once: { sqsRequests: IDLE_POLLS_PER_MINUTE },
      because: `${DEPLOYED.queues} queues, five connections each, 20 seconds long`,
    },
    {
      name: "alarms, metrics, dashboard, key",
      times: 1,
      once: { alarms: DEPLOYED.alarms, metrics: 22, dashboards: 1, keys: 1 },
      because: `${DEPLOYED.alarms} alarms, 22 metrics of ours, one dashboard, one key`,
    },
  ];
}

/** What was written in a year, a month's share of it held on average for half of that. */
function kept(volume: Volume): Usage {
  const entries = 12 * (3 * volume.newFiles + rehashesOf(volume)) + volume.files;
  const ledgerGb = (entries * ENTRY_KB) / KB_PER_GB;
  const viewGb = (volume.files * (ROW_KB + 0.9)) / KB_PER_GB;
  const pagesGb = ((12 * 0.5 * volume.newFiles + volume.projects) * pageKb(volume)) / KB_PER_GB;
  const tableGigabytes = ledgerGb + viewGb + pagesGb;
  return { tableGigabytes, recoveryGigabytes: tableGigabytes, bucketGigabytes: ledgerGb };
}

/** A month of a monitor that has run for a year. */
export function stepsOf(volume: Volume): readonly Step[] {
  return [
    ...standing(),
    {
      name: "feed, reading the list",
      times: HOURS,
      once: listed(volume),
      because: "the list of all projects once an hour, while feed waits, and who of them is enrolled",
    },
    {
      name: "counting what was hashed again",
      times: countsOf(volume),
      once: counted(volume),
      because: `each project's view, ${COUNTED_PER_ROUND} projects a round, six hours after the last count`,
    },
    {
      name: "sweep of pages",
      times: looksOf(volume),
      once: sum([due, look(volume), unchanged(volume)]),
      because:
        "a look at each page and who may publish it, about once in three quarters of `sweepHours` (a week for all of PyPI, else a day)",
    },
    {
      name: "new files",
      times: volume.newFiles,
      once: newFile(volume),
      because: "two looks, one fetch, three facts, two alerts, one record",
    },
    {
      name: "hashing again",
      times: rehashesOf(volume),
      once: rehash(volume),
      because: "a look, a fetch and a fact for each file, within the budget",
    },
    {
      name: "storage, after a year",
      times: 1,
      once: kept(volume),
      because: "tables, their recovery, the ledger's copy",
    },
  ];
}

/** The first looks at everything that was there before: once, not monthly. */
export const baselineOf = (volume: Volume): Usage =>
  sum([
    times(volume.files, sum([fetched(volume), judged(volume, 1), { writeUnits: 4, readUnits: 1 }])),
    times(volume.projects, look(volume)),
  ]);
