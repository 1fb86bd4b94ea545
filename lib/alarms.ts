import { Duration } from "aws-cdk-lib";
import {
  ComparisonOperator,
  type IMetric,
  Metric,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import type { Function as Lambda } from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { MonitorProps } from "./monitor-props.ts";
import { CONSUMERS, type Consumer, FUNCTIONS, type FunctionName, type QueueName } from "./names.ts";
import type { Pipeline } from "./pipeline.ts";
import { RUNBOOK, type RunbookHeading } from "./runbook.ts";
import type { Topics } from "./topics.ts";

/** One condition under which somebody is told on health, and where to read on. */
export interface AlarmKind {
  /** Its construct's id, and so part of its logical id. */
  readonly id: string;
  /** What stands in the subject of the mail. */
  readonly name: string;
  /** What it means, in a sentence for somebody who was asleep. */
  readonly means: string;
  readonly heading: RunbookHeading;
  readonly metric: IMetric;
  readonly when: { readonly comparison: ComparisonOperator; readonly threshold: number };
  /** Of so many periods, so many beyond the threshold. */
  readonly periods: { readonly of: number; readonly beyond: number };
  /** Tells of something that happened, and is not over when the metric is silent again: "OK" is never said of it. */
  readonly once?: true;
  /** What silence of the metric means. @default nothing bad */
  readonly missing?: TreatMissingData;
}

const MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);
const ONCE = { of: 1, beyond: 1 };

/** A metric of ours, by the stage that counts it. */
export const ours = (
  service: FunctionName,
  metricName: string,
  statistic: string,
  period: Duration,
): Metric =>
  new Metric({ namespace: "Counterfoil", metricName, dimensionsMap: { service }, statistic, period });

const over = (threshold: number) => ({
  comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
  threshold,
});
const none = { comparison: ComparisonOperator.LESS_THAN_THRESHOLD, threshold: 1 };

/** Whether uploads are seen, and soon. */
function ofTheJournal(): readonly AlarmKind[] {
  return [
    {
      id: "Poll",
      name: "no successful poll",
      means:
        "No poll of the journal was answered for five minutes: the monitor is blind until it is answered again, unless the list of all projects stands in, which health says; then uploads are seen late.",
      heading: RUNBOOK.poll,
      metric: ours("feed", "Polls", Stats.SUM, FIVE_MINUTES),
      when: none,
      periods: ONCE,
      missing: TreatMissingData.BREACHING,
    },
    {
      id: "Blind",
      name: "blind",
      means:
        "Polls are answered, but the journal's head is below the cursor: the monitor cannot promise to see uploads until the head passes it or you start a new epoch.",
      heading: RUNBOOK.blind,
      metric: ours("feed", "Blind", Stats.MAXIMUM, FIVE_MINUTES),
      when: over(0),
      periods: ONCE,
    },
    {
      id: "Lag",
      name: "lag",
      means:
        "For a quarter of an hour, changes were queued more than ten minutes after the journal had them: uploads are seen, but late.",
      heading: RUNBOOK.lag,
      metric: ours("feed", "LagSeconds", Stats.MAXIMUM, FIVE_MINUTES),
      when: over(600),
      periods: { of: 3, beyond: 3 },
    },
    {
      id: "UnknownActions",
      name: "unknown journal actions",
      means:
        "The journal has actions of no known form: PyPI changed something, and what they do to an enrolled project may be misread.",
      heading: RUNBOOK.unknownActions,
      metric: ours("feed", "UnknownActions", Stats.SUM, FIVE_MINUTES),
      when: over(0),
      periods: ONCE,
      once: true,
    },
  ];
}

/** What somebody does to the ledger, or the monitor to a bill. */
function ofGuards(props: MonitorProps): readonly AlarmKind[] {
  return [
    {
      id: "LedgerTampering",
      name: "ledger tampering",
      means:
        "An entry of the ledger was modified, removed, or is not what its hash says: no part of the monitor does that, so somebody with rights in this account did.",
      heading: RUNBOOK.tampering,
      metric: ours("copy", "LedgerTampering", Stats.SUM, MINUTE),
      when: over(0),
      periods: ONCE,
      once: true,
    },
    {
      id: "FetchedBytes",
      name: "fetched bytes",
      means: `More than ${props.costGuardGigabytesPerDay} GB were fetched in a day: nothing is wrong with PyPI, but it costs you and burdens the index.`,
      heading: RUNBOOK.fetchedBytes,
      metric: ours("fetch", "FetchedBytes", Stats.SUM, Duration.days(1)),
      when: over(props.costGuardGigabytesPerDay * 1e9),
      periods: ONCE,
      once: true,
    },
  ];
}

/** After this long without being consumed, an upload is told of late; a sweep may take its time. */
const MOST_AGE_SECONDS: Readonly<Record<QueueName, number>> = {
  "changes-now": 1_800,
  "artifacts-now": 1_800,
  facts: 1_800,
  alerts: 900,
  "changes-sweep": 86_400,
  "artifacts-sweep": 86_400,
};

const deadLetters = (id: string, of: string, means: string, queue: Queue): AlarmKind => ({
  id,
  name: `dead letters of ${of}`,
  means,
  heading: RUNBOOK.deadLetters,
  metric: queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period: MINUTE }),
  when: over(0),
  periods: ONCE,
});

function ofQueues({ queues, feed, sweep, copy }: Pipeline, topics: Topics): readonly AlarmKind[] {
  const all = Object.values(queues.all);
  return [
    ...all.map(({ name, deadLetters: queue }) =>
      deadLetters(
        `DeadLetters-${name}`,
        name,
        `A message of ${name} was given up after every try: a fault of ours, and what it was about is judged later than promised.`,
        queue,
      ),
    ),
    ...[
      { name: "feed", queue: feed.schedule.deadLetters },
      { name: "sweep", queue: sweep.schedule.deadLetters },
    ].map(({ name, queue }) =>
      deadLetters(
        `DeadLetters-${name}`,
        `the schedule of ${name}`,
        `The schedule could not hand ${name} its event: it lacks a right, or the function is gone. Until that is mended ${name} does not run.`,
        queue,
      ),
    ),
    deadLetters(
      "DeadLetters-copy",
      "the ledger copy",
      "Entries of the ledger could not be copied to the locked bucket: they are in the table, but a change to them would go unnoticed.",
      copy.deadLetters,
    ),
    {
      ...deadLetters(
        "Undelivered",
        "alerts",
        "SNS gave up delivering an alert to a subscriber: somebody was not told what they should have been.",
        topics.undelivered,
      ),
      name: "undelivered alerts",
      heading: RUNBOOK.undelivered,
    },
    ...all.map(({ name, queue }) => ({
      id: `Oldest-${name}`,
      name: `oldest message of ${name}`,
      means: `A message of ${name} has waited for more than ${MOST_AGE_SECONDS[name] / 60} minutes: the stage behind it does not keep up, or fails.`,
      heading: RUNBOOK.oldest,
      metric: queue.metricApproximateAgeOfOldestMessage({ statistic: Stats.MAXIMUM, period: FIVE_MINUTES }),
      when: over(MOST_AGE_SECONDS[name]),
      periods: ONCE,
    })),
  ];
}

const ofFunction = (name: FunctionName, lambda: Lambda): readonly AlarmKind[] => [
  {
    id: `Errors-${name}`,
    name: `errors of ${name}`,
    means: `Invocations of ${name} failed as a whole: it crashed, ran out of time or memory, or lacks a right. What it had in hand is tried again.`,
    heading: RUNBOOK.errors,
    metric: lambda.metricErrors({ statistic: Stats.SUM, period: FIVE_MINUTES }),
    when: over(0),
    periods: { of: 3, beyond: 2 },
  },
  {
    id: `Throttles-${name}`,
    name: `throttles of ${name}`,
    means: `Lambda has not let ${name} run for a quarter of an hour: nothing is lost, but everything is late. The account's limit on concurrent executions is too low.`,
    heading: RUNBOOK.throttles,
    metric: lambda.metricThrottles({ statistic: Stats.SUM, period: FIVE_MINUTES }),
    when: over(0),
    periods: { of: 3, beyond: 3 },
  },
];

/** What fails of a batch does not fail its invocation, and SQS's age leaves out what was received three times. */
const ofConsumer = (name: Consumer): AlarmKind => ({
  id: `Failed-${name}`,
  name: `failed messages of ${name}`,
  means:
    name === "alert"
      ? "A finding or a health notice could not be published, or not be marked as published: it is tried again, and until then somebody is not told."
      : `Messages of ${name} have failed for a quarter of an hour: they are tried again, what they are about is judged late, and after the last try they are dead letters.`,
  heading: RUNBOOK.errors,
  metric: ours(name, "MessagesFailed", Stats.SUM, FIVE_MINUTES),
  when: over(0),
  periods: name === "alert" ? ONCE : { of: 3, beyond: 3 },
});

function ofOthers({ functions }: Pipeline): readonly AlarmKind[] {
  return [
    {
      id: "Sweep",
      name: "no sweep",
      means:
        "Sweep has not run for a quarter of an hour: deadlines pass unnoticed, and what nobody published is not published again.",
      heading: RUNBOOK.sweep,
      metric: functions.sweep.metricInvocations({ statistic: Stats.SUM, period: Duration.minutes(15) }),
      when: none,
      periods: ONCE,
      missing: TreatMissingData.BREACHING,
    },
    {
      id: "LedgerCopyBehind",
      name: "ledger copy behind",
      means:
        "Entries of the ledger have waited for more than half an hour to be copied to the locked bucket; the stream keeps them for 24 hours.",
      heading: RUNBOOK.copy,
      metric: functions.copy.metric("IteratorAge", { statistic: Stats.MAXIMUM, period: FIVE_MINUTES }),
      when: over(1_800_000),
      periods: ONCE,
    },
    {
      id: "ApiFaults",
      name: "API faults",
      means:
        "The API has failed at requests for ten minutes, by a fault of ours: records and enrolments may not be stored, though watching goes on.",
      heading: RUNBOOK.api,
      // Not the gateway's 5XXError, in which each answer of `/v1/health` counts while the monitor is blind. What the gateway
      // answers for a function that crashed or was throttled is in that function's own alarms.
      metric: ours("api", "Faults", Stats.SUM, FIVE_MINUTES),
      when: over(0),
      periods: { of: 3, beyond: 2 },
    },
  ];
}

/** Every alarm of the stack. */
export const alarmsOf = (pipeline: Pipeline, topics: Topics, props: MonitorProps): readonly AlarmKind[] => [
  ...ofTheJournal(),
  ...ofGuards(props),
  ...ofOthers(pipeline),
  ...ofQueues(pipeline, topics),
  ...FUNCTIONS.flatMap((name) => ofFunction(name, pipeline.functions[name])),
  ...CONSUMERS.map(ofConsumer),
];
