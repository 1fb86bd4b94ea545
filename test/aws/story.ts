import assert from "node:assert/strict";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { play } from "../../bin/sandbox/play.ts";
import { SCENES } from "../../bin/sandbox/scenes.ts";
import { type Received, tellingOf } from "../../bin/sandbox/subscriber.ts";
import { quiet } from "../../bin/sandbox/telling.ts";
import { ENVIRONMENT } from "../../functions/aws/environment.ts";
import type { Claims } from "./claims.ts";
import { eventually } from "./eventually.ts";
import type { Setting } from "./setting.ts";

/** Redeliveries and throttles of the emulator count: an act may take longer than on the embedded host. */
const PATIENCE_MS = 45_000;
const STAGES = ["alert", "api", "compare", "copy", "feed", "fetch", "survey", "sweep"];

export const STORY: Claims<Setting> = {
  "every stage is deployed, and none takes its time from configuration": timeIsTheMachines,
  "whoever subscribed by http has confirmed both topics": confirmed,
  "a test alert arrives on both topics": testAlerts,
  "the schedules wake feed and sweep, and the API says that the monitor sees": sees,
  "every scene of the story has the verdict, topic and severity of the embedded host": sameStory,
  "the queue was told what http was told": sameTold,
};

async function timeIsTheMachines({ deployed }: Setting): Promise<void> {
  assert.deepEqual([...deployed.functions.keys()].sort(), STAGES);
  const known = new Set<string>([...Object.values(ENVIRONMENT), "NODE_OPTIONS"]);
  for (const [stage, { Environment }] of deployed.functions)
    for (const [name, value] of Object.entries(Environment?.Variables ?? {})) {
      assert.ok(known.has(name), `${stage} is given ${name}, which nobody reads`);
      assert.doesNotMatch(
        value,
        /\d{4}-\d\d-\d\d|\b1[5-9]\d{8}(\d{3})?\b/,
        `${stage}'s ${name} is an instant`,
      );
    }
}

async function confirmed({ http, deployed }: Setting): Promise<void> {
  const topics = ["FindingsTopicArn", "HealthTopicArn"].map((name) => deployed.outputs.get(name) ?? name);
  await eventually(
    "both confirmed",
    () => [...http.confirmed].sort(),
    (seen) => seen.join() === topics.sort().join(),
  );
}

async function testAlerts({ operator, http }: Setting): Promise<void> {
  await operator.counterfoil("test-alert");
  const told = (): string[] => http.alerts.map(tellingOf).filter((telling) => telling.includes(" test"));
  await eventually("told on both", told, (seen) =>
    ["findings", "health"].every((topic) => seen.some((each) => each.startsWith(topic))),
  );
}

/** A schedule's first minute may have to pass; nobody else has woken them yet. */
async function sees({ monitor, miniStack }: Setting): Promise<void> {
  await eventually(
    "the API sees",
    () => monitor.isAwake(),
    (awake) => awake,
    90_000,
  );
  const woken = (): boolean => miniStack.wire.calls.some(({ called }) => called.stage === "sweep");
  await eventually("sweep was woken", woken, (seen) => seen);
}

async function sameStory(setting: Setting): Promise<void> {
  const { http, index, monitor } = setting;
  const before = http.alerts.length;
  const subscriber = {
    get alerts(): readonly Received[] {
      return http.alerts.slice(before);
    },
  };
  const outcome = ({ name }: { readonly name: string }, seconds: number): void =>
    console.log(`        ${name} after ${seconds.toFixed(1)} s`);
  using _ = sweepingOften(setting);
  const told = await play({
    index,
    monitor,
    subscriber,
    teller: { ...quiet, outcome },
    patienceMs: PATIENCE_MS,
  });
  assert.equal(told.scenarios.length, SCENES.flatMap(({ acts }) => acts).length);
  assert.ok(
    told.ok,
    JSON.stringify({ wrong: told.scenarios.filter(({ ok }) => !ok), surprises: told.surprises }, null, 2),
  );
}

/** Wakes sweep more often than once a minute, which is the least that a schedule can: the story waits for it four times. */
export function sweepingOften({ clients, deployed }: Setting): Disposable {
  const FunctionName = deployed.functions.get("sweep")?.FunctionName;
  const wake = (): void => {
    clients.lambda
      .send(new InvokeCommand({ FunctionName, InvocationType: "Event", Payload: "{}" }))
      .catch(() => {});
  };
  const timer = setInterval(wake, 2_000);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

async function sameTold({ http, queue }: Setting): Promise<void> {
  const ids = (alerts: readonly Received[]): string[] => alerts.map(({ id }) => id).sort();
  assert.deepEqual(ids(await queue.take()), ids(http.deliveries));
  assert.deepEqual(ids(http.deliveries), ids(http.alerts), "somebody was told twice");
}
