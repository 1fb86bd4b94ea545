import assert from "node:assert/strict";
import { eventually } from "./eventually.ts";
import { drained } from "./queues.ts";
import { enrol, judged, publish, releaseOf, toldOf } from "./releases.ts";
import type { Setting } from "./setting.ts";
import { workersOf } from "./workers.ts";

/** Which call of a stage to hold up, so that its function can be killed in the middle: with much done and much to do. */
const MIDDLES: readonly { readonly stage: string; readonly action: string }[] = [
  { stage: "survey", action: "sqs:SendMessage" },
  { stage: "fetch", action: "sqs:SendMessage" },
  { stage: "compare", action: "dynamodb:PutItem" },
  { stage: "alert", action: "sns:Publish" },
];

const TOLD = "findings critical unrecorded open";

/** One release goes down the road, and each function that takes it is killed once, without a word, while it works. */
export async function killed(setting: Setting): Promise<void> {
  await enrol(setting, "ghostnet", { strict: true });
  // The first look is over: if it were killed, it would be taken again after the upload, and that would be baseline.
  await drained(setting);
  const release = releaseOf("ghostnet", "1.0.0");
  const kills = MIDDLES.map((middle) => killAt(setting, middle));
  publish(setting, release);
  await Promise.all(kills);
  await judged(setting, [release], "unrecorded");
  await eventually(
    "somebody is told",
    () => toldOf(setting, release.file),
    (told) => told.includes(TOLD),
  );
  await drained(setting);
  const ids = setting.http.alerts.filter(({ finding }) => finding.file === release.file);
  assert.equal(ids.length, 1, "one alert, under one id");
}

const HELD_MS = 3_000;

/** The alert comes last: behind three kills, each of which costs its message's visibility, on a machine that may be busy. */
const KILLED_MS = 180_000;

async function killAt({ miniStack }: Setting, { stage, action }: (typeof MIDDLES)[number]): Promise<void> {
  const held = miniStack.wire.fault({
    fault: { kind: "delay", delayMs: HELD_MS },
    meets: (called) => called.stage === stage && called.action === action,
    times: 1,
  });
  try {
    await eventually(
      `${stage} is in the middle`,
      () => held.hits,
      (hits) => hits > 0,
      KILLED_MS,
    );
    const workers = workersOf(miniStack.server.pid, stage);
    assert.ok(workers.length > 0, `found no process of ${stage}`);
    for (const pid of workers) process.kill(pid, "SIGKILL");
  } finally {
    held.lift();
  }
}
