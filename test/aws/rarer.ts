import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { HeadObjectCommand, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { PurgeQueueCommand } from "@aws-sdk/client-sqs";
import { createClient } from "../../functions/client/client.ts";
import { parseDigest, sha256 } from "../../functions/domain/digests.ts";
import { outputOf } from "./deployed.ts";
import { eventually } from "./eventually.ts";
import { depthOf, drained, queuesOf } from "./queues.ts";
import { enrol, judged, publish, type Release, record, releaseOf, toldOf } from "./releases.ts";
import type { Setting } from "./setting.ts";
import { sweepingOften } from "./story.ts";

/** The release whose alert is lost; told of minutes later. */
export const FLOTSAM = releaseOf("flotsam", "1.0.0");

/** An alert is on its way, its ledger does not answer, and somebody purges the queue: nobody is told. */
export async function alertLost(setting: Setting): Promise<void> {
  const { miniStack, deployed, clients } = setting;
  const QueueUrl = queuesOf(deployed).find(({ queue }) => queue === "alerts")?.url ?? "";
  const ledger = outputOf(deployed, "LedgerTableName");
  await enrol(setting, FLOTSAM.project, { strict: true });
  const broken = miniStack.wire.fault({
    fault: { kind: "missing" },
    meets: ({ stage, resource }) => stage === "alert" && resource === ledger,
    times: Number.POSITIVE_INFINITY,
  });
  publish(setting, FLOTSAM);
  await eventually(
    "alert has tried",
    () => broken.hits,
    (hits) => hits > 0,
  );
  await clients.sqs.send(new PurgeQueueCommand({ QueueUrl }));
  await eventually(
    "the queue is empty",
    () => depthOf(setting, QueueUrl),
    (depth) => depth === 0,
  );
  broken.lift();
  await judged(setting, [FLOTSAM], "unrecorded");
  assert.deepEqual(toldOf(setting, FLOTSAM.file), []);
}

const PATIENCE_MS = 150_000;

/** Sweep finds what nobody published after two minutes. */
export async function toldAfterAll(setting: Setting): Promise<void> {
  using _ = sweepingOften(setting);
  const told = (): readonly string[] => toldOf(setting, FLOTSAM.file);
  await eventually("it is told", told, (seen) => seen.length > 0, PATIENCE_MS);
  assert.deepEqual(told(), ["findings critical unrecorded open"]);
}

/** One release is not recorded within its grace, another is recorded and never comes. Both graces are seconds. */
export async function deadlinesPass(setting: Setting): Promise<void> {
  const deadlines = { unverifiableMinutes: 60, unseenMinutes: 60, missingMinutes: 0.05 };
  await enrol(setting, "ebb", { graceMinutes: 0.05, deadlines });
  const [late, never] = [releaseOf("ebb", "1.0.0"), releaseOf("ebb", "2.0.0")];
  await record(setting, never);
  publish(setting, late);
  using _ = sweepingOften(setting);
  await judged(setting, [late], "unrecorded");
  const told = ({ file }: Release): boolean => toldOf(setting, file).some((each) => each.endsWith(" open"));
  await eventually(
    "both are told",
    () => [late, never].map(told),
    (seen) => seen.every((each) => each),
  );
  assert.deepEqual(toldOf(setting, never.file), ["findings warning missing open"]);
}

/** PyPI publishes other bytes than the developer recorded, and others again later. */
export async function mismatched(setting: Setting): Promise<void> {
  await enrol(setting, "changeling", {});
  const recorded = releaseOf("changeling", "1.0.0");
  const published = { ...recorded, bytes: Buffer.from("something else\n") };
  await record(setting, recorded);
  publish(setting, published);
  await judged(setting, [published], "mismatch");
  await drained(setting);
  assert.deepEqual(toldOf(setting, published.file), ["findings critical mismatch open"]);
  await kept(setting, published);
  await handedOut(setting, published);
  const changed = { ...published, bytes: Buffer.from("something new!\n") };
  setting.index.faults.swapBytes(changed.file, changed.bytes);
  using _ = sweepingOften(setting);
  await kept(setting, changed);
}

const kept = (setting: Setting, release: Release): Promise<unknown> =>
  eventually(
    `${release.bytes} is kept`,
    () => evidenceOf(setting, release),
    (sizes) => sizes.includes(release.bytes.length),
  );

/** The operator exports the evidence: the list, each page and the bytes, through the gateway, to the byte. */
async function handedOut(
  { monitor, operatorKey }: Setting,
  { project, file, bytes }: Release,
): Promise<void> {
  const client = createClient({ url: monitor.url, key: operatorKey, timeoutMs: 30_000 });
  const { findings } = await client.findings(project, "open");
  const id = findings.find((finding) => finding.file === file)?.id ?? "";
  const evidence = await client.evidence(project, id);
  const digest = sha256(bytes);
  assert.deepEqual(
    evidence.bytes.map((each) => [each.digest, each.origin]),
    [[digest, "this-finding"]],
  );
  assert.ok(evidence.pages.length > 0 && evidence.entries.length > 0 && evidence.ledger.entries > 0);
  for (const each of [digest, ...evidence.pages.flatMap((page) => parseDigest(page.digest) ?? [])]) {
    const { bytes: part, wholeBytes } = await client.evidencePart(project, id, each, 0);
    assert.deepEqual([sha256(part), part.length], [each, wholeBytes]);
  }
  assert.equal((await client.findingLedger(project, id)).length, evidence.ledger.entries);
  assert.match((await client.explanation(project, id)).disagreement, /./);
}

/** The sizes of what is kept under a release's digest. */
async function evidenceOf({ clients, deployed }: Setting, { bytes }: Release): Promise<readonly number[]> {
  const Bucket = outputOf(deployed, "EvidenceBucketName");
  const digest = createHash("sha256").update(bytes).digest("hex");
  const sizes: number[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client: clients.s3 },
    { Bucket, Prefix: "bytes/" },
  ))
    for (const { Key = "" } of Contents.filter((each) => each.Key?.includes(digest)))
      sizes.push((await clients.s3.send(new HeadObjectCommand({ Bucket, Key }))).ContentLength ?? -1);
  return sizes;
}

/** More records at once than a transaction of DynamoDB's takes. */
export async function largeSubmission(setting: Setting): Promise<void> {
  await enrol(setting, "leviathan", {});
  const releases = Array.from({ length: 130 }, (_, at) => releaseOf("leviathan", `1.0.${at}`));
  await record(setting, ...releases);
  const some = releases.slice(-3);
  for (const each of some) publish(setting, each);
  await judged(setting, some, "match");
  // Again, as whoever got no answer would: it finds what counts, and changes nothing.
  await record(setting, ...some);
  await judged(setting, some, "match");
}

/** A project is enrolled when its releases are long there. */
export async function baseline(setting: Setting): Promise<void> {
  const old = ["1.0.0", "1.1.0"].map((version) => releaseOf("oldhand", version));
  for (const each of old) publish(setting, each);
  await enrol(setting, "oldhand", {});
  await judged(setting, old, "baseline");
  assert.deepEqual(
    old.flatMap(({ file }) => toldOf(setting, file)),
    [],
  );
}
