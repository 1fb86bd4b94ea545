import assert from "node:assert/strict";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { eventually } from "./eventually.ts";
import { deadLetters, drained, giveUpAfter, purgeDeadLetters, queuesOf } from "./queues.ts";
import { enrol, judged, publish, record, releaseOf, toldOf } from "./releases.ts";
import type { Setting } from "./setting.ts";

const RECEIVES = 2;

/** A hundred uploads at once, where as many Lambdas run at a time as in a new account. */
export async function burst(setting: Setting): Promise<void> {
  const shoals = Array.from({ length: 10 }, (_, shoal) =>
    Array.from({ length: 10 }, (_, at) => releaseOf(`shoal${shoal}`, `1.0.${at}`)),
  );
  for (const [at, shoal] of shoals.entries()) {
    await enrol(setting, `shoal${at}`, {});
    await record(setting, ...shoal);
  }
  const releases = shoals.flat();
  for (const release of releases) publish(setting, release);
  await judged(setting, releases, "match", 90_000);
  await drained(setting);
  assert.deepEqual(await deadLetters(setting), {});
  assert.deepEqual(
    releases.flatMap(({ file }) => toldOf(setting, file)),
    [],
  );
}

/** Something that no schema takes lies in each queue, in front of a release on its way. */
export async function poisoned(setting: Setting): Promise<void> {
  await giveUpAfter(setting, RECEIVES);
  await enrol(setting, "neighbour", { strict: true });
  for (const { url } of queuesOf(setting.deployed))
    await setting.clients.sqs.send(
      new SendMessageCommand({ QueueUrl: url, MessageBody: '{"project":"poison"}' }),
    );
  const [fine, stolen] = [releaseOf("neighbour", "1.0.0"), releaseOf("neighbour", "1.0.1")];
  await record(setting, fine);
  for (const each of [fine, stolen]) publish(setting, each);
  await judged(setting, [fine], "match");
  await judged(setting, [stolen], "unrecorded");
  const one = Object.fromEntries(queuesOf(setting.deployed).map(({ queue }) => [queue, 1]));
  await eventually(
    "one dead letter for each queue",
    () => deadLetters(setting),
    (seen) => JSON.stringify(seen) === JSON.stringify(one),
  );
  assert.deepEqual(toldOf(setting, stolen.file), ["findings critical unrecorded open"]);
  await purgeDeadLetters(setting);
}

/** A fact dies because the ledger's table is not there; once it is, the operator has the fact handled again. */
export async function replayed(setting: Setting): Promise<void> {
  const { miniStack, deployed, operator } = setting;
  const ledger = deployed.outputs.get("LedgerTableName");
  await enrol(setting, "revenant", { strict: true });
  await drained(setting);
  const broken = miniStack.wire.fault({
    fault: { kind: "missing" },
    meets: ({ stage, resource }) => stage === "compare" && resource === ledger,
    times: Number.POSITIVE_INFINITY,
  });
  const release = releaseOf("revenant", "1.0.0");
  publish(setting, release);
  const isDead = (seen: Readonly<Record<string, number>>): boolean => (seen["facts"] ?? 0) > 0;
  await eventually("a fact died", () => deadLetters(setting), isDead, 90_000);
  broken.lift();
  await drained(setting);
  assert.match(await operator.counterfoil("replay", "--list", "facts"), /revenant/);
  await operator.counterfoil("replay", "facts");
  await judged(setting, [release], "unrecorded");
  await drained(setting);
  assert.deepEqual(await deadLetters(setting), {});
  assert.deepEqual(toldOf(setting, release.file), ["findings critical unrecorded open"]);
}
