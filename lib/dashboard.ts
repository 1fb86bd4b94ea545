import { Duration, Stack } from "aws-cdk-lib";
import {
  type Alarm,
  AlarmStatusWidget,
  GraphWidget,
  type IMetric,
  type IWidget,
  SingleValueWidget,
  Stats,
  TextWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import { ours } from "./alarms.ts";
import type { MonitorProps } from "./monitor-props.ts";
import { CONSUMERS, FUNCTIONS } from "./names.ts";
import type { Pipeline } from "./pipeline.ts";
import type { WorkQueue } from "./queues.ts";

const FIVE_MINUTES = Duration.minutes(5);
const HALF = 12;
const WHOLE = 24;

const graph = (title: string, left: IMetric[], right: IMetric[] = []): GraphWidget =>
  new GraphWidget({ title, left, right, width: HALF, height: 6, leftYAxis: { min: 0 } });

const introduction = (scope: Stack, { index }: MonitorProps): string => `# Is anybody blind?
This monitor watches ${index} (stack ${scope.stackName}, ${scope.region}).

1. A red alarm below: its description says what it means and names its heading in \`docs/runbook.md\`.
2. **Polls** must not stop, **lag** stays below a few minutes, **blind** is 0. If not, uploads may be missed: that comes first.
3. **Oldest message** of a *now* queue grows: the stage behind it fails. Its errors and logs are next. **Dead letters** above 0: \`npx counterfoil replay\`.
4. Findings are not here: ask \`npx counterfoil findings PROJECT\`. This page says only whether they would arrive.`;

function seeing(): IWidget[] {
  const now = [
    ours("feed", "Polls", Stats.SUM, FIVE_MINUTES),
    ours("feed", "LagSeconds", Stats.MAXIMUM, FIVE_MINUTES),
    ours("feed", "Blind", Stats.MAXIMUM, FIVE_MINUTES),
  ];
  return [
    new SingleValueWidget({ title: "Is it blind?", metrics: now, width: 6, height: 6 }),
    new GraphWidget({
      title: "Polls, and lag in seconds",
      left: now.slice(0, 1),
      right: now.slice(1, 2),
      width: 18,
      height: 6,
    }),
  ];
}

const waiting = (queues: readonly WorkQueue[]): IWidget[] => [
  graph(
    "Waiting messages",
    queues.map(({ name, queue }) =>
      queue.metricApproximateNumberOfMessagesVisible({
        label: name,
        statistic: Stats.MAXIMUM,
        period: FIVE_MINUTES,
      }),
    ),
  ),
  graph(
    "Oldest message, in seconds",
    queues.map(({ name, queue }) =>
      queue.metricApproximateAgeOfOldestMessage({
        label: name,
        statistic: Stats.MAXIMUM,
        period: FIVE_MINUTES,
      }),
    ),
  ),
];

const givenUp = (queues: readonly WorkQueue[]): IWidget =>
  graph(
    "Dead letters; messages that failed and are tried again",
    queues.map(({ name, deadLetters }) =>
      deadLetters.metricApproximateNumberOfMessagesVisible({
        label: name,
        statistic: Stats.MAXIMUM,
        period: FIVE_MINUTES,
      }),
    ),
    CONSUMERS.map((name) =>
      ours(name, "MessagesFailed", Stats.SUM, FIVE_MINUTES).with({ label: `${name} failed` }),
    ),
  );

const told = (): IWidget =>
  graph("Alerts published; changes queued", [
    ours("alert", "AlertsPublished", Stats.SUM, FIVE_MINUTES),
    ours("feed", "Changes", Stats.SUM, FIVE_MINUTES),
  ]);

const fetched = ({ costGuardGigabytesPerDay, sweepBudgetGigabytes }: MonitorProps): IWidget =>
  new GraphWidget({
    title: "Fetched in a day, in bytes: with the sweep's budget and the cost guard",
    left: [ours("fetch", "FetchedBytes", Stats.SUM, Duration.days(1))],
    leftAnnotations: [
      { label: "cost guard", value: costGuardGigabytesPerDay * 1e9 },
      { label: "sweep's budget", value: sweepBudgetGigabytes * 1e9 },
    ],
    leftYAxis: { min: 0 },
    start: "-P14D",
    width: HALF,
    height: 6,
  });

const failing = ({ functions }: Pipeline): IWidget[] => [
  graph(
    "Errors and throttles",
    FUNCTIONS.flatMap((name) => [
      functions[name].metricErrors({ label: `${name} errors`, statistic: Stats.SUM, period: FIVE_MINUTES }),
      functions[name].metricThrottles({
        label: `${name} throttles`,
        statistic: Stats.SUM,
        period: FIVE_MINUTES,
      }),
    ]),
  ),
  graph(
    "Compute, in milliseconds of invocations: most of what this costs",
    FUNCTIONS.map((name) =>
      functions[name].metricDuration({ label: name, statistic: Stats.SUM, period: Duration.hours(1) }),
    ),
  ),
];

/** A page for a screen on a wall: the first row says whether it is blind, the rest where it hurts. */
export function dashboardRows(
  pipeline: Pipeline,
  alarms: readonly Alarm[],
  props: MonitorProps,
): IWidget[][] {
  const queues = Object.values(pipeline.queues.all);
  return [
    [new TextWidget({ markdown: introduction(Stack.of(pipeline), props), width: WHOLE, height: 6 })],
    seeing(),
    [new AlarmStatusWidget({ title: "Alarms", alarms: [...alarms], width: WHOLE, height: 6 })],
    waiting(queues),
    [givenUp(queues), told()],
    [fetched(props), graph("API requests and faults", apiMetrics(pipeline))],
    failing(pipeline),
  ];
}

const apiMetrics = ({ api }: Pipeline): IMetric[] => [
  api.rest.metricCount({ period: FIVE_MINUTES }),
  api.rest.metricClientError({ period: FIVE_MINUTES }),
  api.rest.metricServerError({ period: FIVE_MINUTES }),
  ours("api", "Faults", Stats.SUM, FIVE_MINUTES),
];
