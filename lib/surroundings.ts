import { Stack } from "aws-cdk-lib";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Thing } from "./access.ts";
import { isLoopback } from "./addresses.ts";
import type { Bundles } from "./bundling.ts";
import type { MonitorProps } from "./monitor-props.ts";
import type { QueueName, Variable } from "./names.ts";
import type { Queues } from "./queues.ts";
import { type Stores, streamsOf } from "./stores.ts";
import type { Topics } from "./topics.ts";
import { TRUSTED_ROOT_FILE } from "./trusted-root.ts";

/** What all functions are put into: what is kept, what moves, who is told, and what the operator chose. */
export interface Surroundings {
  readonly stores: Stores;
  readonly queues: Queues;
  readonly topics: Topics;
  readonly props: MonitorProps;
  readonly bundles: Bundles;
  /** Our version, for the User-Agent. */
  readonly version: string;
}

/** What every variable is in this stack; a function is given those that it needs. */
export function variables({
  stores,
  queues,
  topics,
  props,
  version,
}: Surroundings): Partial<Record<Variable, string>> {
  const { tables, buckets } = stores;
  const url = (name: QueueName): string => queues.all[name].queue.queueUrl;
  return {
    version,
    ledgerTable: tables.Ledger.tableName,
    recordsTable: tables.Records.tableName,
    watchersTable: tables.Watchers.tableName,
    journalTable: tables.Journal.tableName,
    viewTable: tables.View.tableName,
    scheduleTable: tables.Schedule.tableName,
    pagesTable: tables.Pages.tableName,
    evidenceBucket: buckets.evidence.bucketName,
    ledgerCopyBucket: buckets["ledger-copy"].bucketName,
    changesNowQueue: url("changes-now"),
    changesSweepQueue: url("changes-sweep"),
    artifactsNowQueue: url("artifacts-now"),
    artifactsSweepQueue: url("artifacts-sweep"),
    factsQueue: url("facts"),
    alertsQueue: url("alerts"),
    backlog: Stack.of(stores).toJsonString(queues.backlog()),
    findingsTopic: topics.all.findings.topicArn,
    healthTopic: topics.all.health.topicArn,
    undeliveredQueue: topics.undelivered.queueArn,
    index: props.index,
    filesOrigins: JSON.stringify(props.filesOrigins),
    contact: props.contact === "" ? "loopback" : props.contact,
    settings: JSON.stringify(settingsOf(props)),
    pollMs: String(props.pollSeconds * 1000),
    ...(props.trustedRoot !== undefined && { trustedRoot: TRUSTED_ROOT_FILE }),
    ...(props.heartbeatUrl !== undefined && { heartbeatUrl: props.heartbeatUrl }),
    logLevel: props.logLevel,
    registration: props.registration,
    quieteningHours: String(props.quieteningHours),
    oidcIssuers: JSON.stringify(props.oidcIssuers),
  };
}

const HOUR_MS = 3_600_000;

/** The domain's `Settings`. At most one look at a project in 5 seconds, but on our own machine. */
function settingsOf(props: MonitorProps): Readonly<Record<string, number | string>> {
  return {
    confirmMs: props.confirmSeconds * 1000,
    minLookMs: isLoopback(props.index) ? 0 : 5_000,
    sweepMs: props.sweepHours * HOUR_MS,
    rehashMs: props.rehashHours * HOUR_MS,
    sweepBudgetBytes: props.sweepBudgetGigabytes * 1e9,
    sweepPerSecond: isLoopback(props.index) ? 0 : props.sweepRequestsPerSecond,
    staleMs: Math.max(300_000, 10 * props.pollSeconds * 1000),
    source: props.source,
    ...crossCheckPaces(isLoopback(props.index) ? props.pollSeconds * 1000 : Number.POSITIVE_INFINITY),
  };
}

/** How often the sources beside the journal are looked at; on our own machine as often as the tests like. */
const crossCheckPaces = (pollMs: number): Readonly<Record<string, number>> => ({
  listMs: Math.min(HOUR_MS, 120 * pollMs),
  carryingListMs: Math.min(300_000, 10 * pollMs),
  rssMs: Math.min(60_000, 2 * pollMs),
});

/** The ARNs of a thing that a policy names. `logGroupArn` and `copyDeadLetters` belong to the function that asks. */
export function arnOf(thing: Thing, { stores, queues, topics }: Surroundings, own: Own): string {
  const [kind = "", name = "", ...rest] = thing.split("/");
  switch (kind) {
    case "table":
      return [find(stores.tables, name, thing).tableArn, ...rest].join("/");
    case "queue":
      return find(queues.all, name, thing).queue.queueArn;
    case "dead-letters":
      return find(queues.all, name, thing).deadLetters.queueArn;
    case "topic":
      return find(topics.all, name, thing).topicArn;
    case "bucket":
      return [find(stores.buckets, name, thing).bucketArn, ...rest].join("/");
    default:
      return alone(kind, { stores, topics }, own);
  }
}

/** What belongs to the function that asks. */
export interface Own {
  readonly logGroupArn: string;
  readonly deadLetters?: Queue;
}

function alone(kind: string, { stores, topics }: Pick<Surroundings, "stores" | "topics">, own: Own): string {
  const arns: Readonly<Record<string, string | undefined>> = {
    "topics-key": topics.key.keyArn,
    "any-subscription": "*",
    "ledger-stream": stores.tables.Ledger.tableStreamArn,
    "ledger-streams": streamsOf(stores.tables.Ledger),
    "copy-dead-letters": own.deadLetters?.queueArn,
    "log-group": own.logGroupArn,
  };
  return find(arns, kind, kind);
}

function find<T>(among: Readonly<Record<string, T | undefined>>, name: string, thing: string): T {
  const found = among[name];
  if (found === undefined) throw new Error(`lib/access.ts names ${thing}, which is not in this stack`);
  return found;
}
