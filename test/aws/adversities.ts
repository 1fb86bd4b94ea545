import assert from "node:assert/strict";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { SCENES } from "../../bin/sandbox/scenes.ts";
import type { Called } from "./called.ts";
import { eventually } from "./eventually.ts";
import { brokenIn, entriesIn } from "./ledger-kept.ts";
import { deadLetters, drained, queuesOf } from "./queues.ts";
import { FLOTSAM } from "./rarer.ts";
import { enrol, judged, publish, type Release, record, releaseOf, toldOf } from "./releases.ts";
import type { Setting } from "./setting.ts";
import { sweepingOften } from "./story.ts";
import type { Fault } from "./wire.ts";

/**
 * Every message that stages ever sent is sent again, but for the one that must stay lost, and for fetch's own retries: one that
 * comes back minutes after the edge's recovery was told says again, on health, that an attempt was wrong.
 */
export async function duplicated(setting: Setting): Promise<void> {
  const { clients, http, miniStack, monitor } = setting;
  const urls = new Set(queuesOf(setting.deployed).map(({ url }) => url));
  await drained(setting);
  const before = http.deliveries.length;
  const sent = miniStack.wire.sent.filter(
    ({ queueUrl, body }) =>
      urls.has(queueUrl) && !body.includes(FLOTSAM.project) && !body.includes('"attempts":[{'),
  );
  assert.ok(sent.length > 50, `only ${sent.length} messages were sent`);
  for (const { queueUrl: QueueUrl, body: MessageBody, attributes: MessageAttributes } of sent)
    await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
  await drained(setting);
  assert.deepEqual(http.deliveries.slice(before), [], "somebody was told again");
  for (const { project, artifact, acts } of SCENES)
    assert.equal(await monitor.verdict(project, artifact), acts.at(-1)?.expected, artifact);
  await eachFactOnce(setting);
}

async function eachFactOnce(setting: Setting): Promise<void> {
  const entries = await entriesIn(setting);
  const facts = [...entries.values()].flatMap(({ subject, body }) =>
    body.kind === "judged" ? [`${subject} ${body.fact.id}`] : [],
  );
  assert.ok(facts.length > 10, `the ledger holds only ${facts.length} facts`);
  assert.equal(new Set(facts).size, facts.length, "a fact stands in the ledger twice");
  assert.deepEqual(brokenIn(entries), []);
}

/** The ledger answers "too much" again and again to whoever writes or reads it. */
export async function throttled(setting: Setting): Promise<void> {
  const ledger = setting.deployed.outputs.get("LedgerTableName");
  const asked = ({ resource, stage }: Called): boolean => resource === ledger && stage !== "api";
  const hits = await whileFaulty(setting, { kind: "throttle" }, asked, 9, "throttled");
  assert.equal(hits, 9, "too few calls were throttled");
}

/** The ledger does what it is asked, and the answer is lost on the way: failed, but stored. */
export async function answersLost(setting: Setting): Promise<void> {
  const ledger = setting.deployed.outputs.get("LedgerTableName");
  const asked = ({ action, resource }: Called): boolean =>
    resource === ledger && action === "dynamodb:PutItem";
  const hits = await whileFaulty(setting, { kind: "lose-answer" }, asked, 6, "lostanswers");
  assert.equal(hits, 6, "too few answers were lost");
  await eachFactOnce(setting);
}

/** Two releases go down the road meanwhile: one recorded and fine, one not recorded. Answers how many calls were hit. */
async function whileFaulty(
  setting: Setting,
  fault: Fault,
  meets: (called: Called) => boolean,
  times: number,
  project: string,
): Promise<number> {
  await enrol(setting, project, { strict: true });
  const [fine, stolen] = [releaseOf(project, "1.0.0"), releaseOf(project, "1.0.1")];
  await record(setting, fine);
  const underWay = setting.miniStack.wire.fault({ fault, meets, times });
  for (const each of [fine, stolen]) publish(setting, each);
  await judged(setting, [fine], "match");
  await judged(setting, [stolen], "unrecorded");
  underWay.lift();
  await drained(setting);
  assert.deepEqual(alertsOf(setting, fine), []);
  assert.deepEqual(alertsOf(setting, stolen), ["findings critical unrecorded open"]);
  assert.deepEqual(await deadLetters(setting), {});
  return underWay.hits;
}

/** Each alert once, however often it came. */
const alertsOf = (setting: Setting, { file }: Release): readonly string[] => [
  ...new Set(toldOf(setting, file)),
];

/** The index answers nothing but 503 while a release is published. */
export async function outage(setting: Setting): Promise<void> {
  const { http, index } = setting;
  await enrol(setting, "darkharbor", {});
  const release = releaseOf("darkharbor", "1.0.0");
  await record(setting, release);
  await drained(setting);
  const before = http.deliveries.length;
  const over = index.faults.spoil({}, { kind: "unavailable" });
  publish(setting, release);
  const asked = index.requests.all.length;
  const refused = (): string[] => index.requests.all.slice(asked).map(({ route }) => route);
  const journalAndPages = (routes: readonly string[]): boolean =>
    ["xmlrpc", "simple-project"].every((route) => routes.filter((each) => each === route).length > 2);
  {
    using _ = sweepingOften(setting);
    await eventually("the journal and pages were refused", refused, journalAndPages);
  }
  over();
  await judged(setting, [release], "match");
  await drained(setting);
  const topics = http.deliveries.slice(before).map(({ topic }) => topic);
  assert.deepEqual(
    topics.filter((topic) => topic !== "health"),
    [],
  );
}
