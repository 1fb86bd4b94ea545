import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { copy } from "../../functions/aws/copy/copy.ts";
import { streamReader } from "../../functions/aws/copy/stream.ts";
import { objects } from "../../functions/aws/objects.ts";
import { canonicalJson } from "../../functions/domain/canonical.ts";
import { artifactSubject, chained, type LedgerEntry, type Subject } from "../../functions/domain/ledger.ts";
import { minute } from "../domain/perfect.ts";
import { type Call, fakeClient, named } from "./fake.ts";
import { contextWith, readLog, readMeter } from "./stage.ts";

const SUBJECT = artifactSubject("lantern", "lantern-1.0.zip");
const FIRST = chained(SUBJECT, null, minute(0), { kind: "first-seen", at: minute(0) });
const SECOND = chained(SUBJECT, FIRST, minute(1), { kind: "first-seen", at: minute(1) });

type Change = "INSERT" | "MODIFY" | "REMOVE";

/** An item as the ledger's table keeps it. */
const itemOf = (entry: LedgerEntry, text = JSON.stringify(entry)) => ({
  subject: entry.subject,
  number: entry.number,
  entry: text,
});

function recordOf(eventName: Change, item: ReturnType<typeof itemOf>): DynamoDBRecord {
  const { subject, number } = item;
  const image = marshall(item);
  return {
    eventName,
    dynamodb: {
      Keys: marshall({ subject, number }),
      SequenceNumber: `s${number}`,
      ...(eventName !== "REMOVE" && { NewImage: image }),
      ...(eventName !== "INSERT" && { OldImage: image }),
    } as NonNullable<DynamoDBRecord["dynamodb"]>,
  };
}

/** A bucket in memory; `puts` may throw before anything is kept. */
function rig(puts: (key: string) => void = () => {}) {
  const kept = new Map<string, string>();
  const { client, calls } = fakeClient(({ action, input }: Call) => {
    const key = String(input["Key"]);
    if (action === "GetObject") return { Body: { transformToString: async () => kept.get(key) } };
    puts(key);
    assert.equal(input["IfNoneMatch"], "*");
    if (kept.has(key)) throw named("PreconditionFailed");
    kept.set(key, String(input["Body"]));
    return {};
  });
  const { lines, stage } = readLog();
  const { sums, meter } = readMeter();
  const ports = { copies: objects(client, "copies"), meter, log: stage.log };
  const reader = streamReader(stage, meter, (record) => copy(record, ports));
  const read = async (...records: DynamoDBRecord[]) => {
    const answer = await reader(
      { Records: records },
      contextWith(() => 1_000),
    );
    return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  return { kept, sums, lines, calls, read };
}

const KEY = "ledger/artifact/lantern/lantern-1.0.zip";

describe("the ledger's copy", () => {
  it("has each entry once, as canonical JSON under its subject and number", async () => {
    const { kept, sums, read } = rig();
    const failed = await read(recordOf("INSERT", itemOf(FIRST)), recordOf("INSERT", itemOf(SECOND)));
    assert.deepEqual(failed, []);
    assert.deepEqual(Object.fromEntries(kept), {
      [`${KEY}/000000000001.json`]: canonicalJson(FIRST),
      [`${KEY}/000000000002.json`]: canonicalJson(SECOND),
    });
    assert.deepEqual(sums, { LedgerCopied: 2 });
  });

  it("stays the same when a record comes twice", async () => {
    const { kept, sums, lines, read } = rig();
    await read(recordOf("INSERT", itemOf(FIRST)));
    assert.deepEqual(await read(recordOf("INSERT", itemOf(FIRST))), []);
    assert.equal(kept.size, 1);
    assert.equal(sums["LedgerTampering"], undefined);
    assert.deepEqual(
      lines.filter(({ level }) => level === "error"),
      [],
    );
  });

  for (const change of ["MODIFY", "REMOVE"] as const) {
    it(`raises an alarm for ${change}, and stays as it is`, async () => {
      const { kept, sums, lines, calls, read } = rig();
      await read(recordOf("INSERT", itemOf(FIRST)));
      const before = [...kept];
      assert.deepEqual(await read(recordOf(change, itemOf(FIRST))), []);
      assert.deepEqual([...kept], before);
      assert.equal(calls.length, 1);
      assert.equal(sums["LedgerTampering"], 1);
      const [line] = lines.filter(({ level }) => level === "error");
      assert.deepEqual([line?.["subject"], line?.["number"], line?.["change"]], [SUBJECT, 1, change]);
    });
  }

  const forged = { ...FIRST, at: minute(9) };
  const other = chained(SUBJECT, null, minute(5), FIRST.body);
  const WRONG: Readonly<Record<string, ReturnType<typeof itemOf>>> = {
    "whose hash is not its own": itemOf(forged),
    "that says more than its hash": itemOf(FIRST, JSON.stringify({ ...FIRST, more: 1 })),
    "under another subject": { ...itemOf(FIRST), subject: "monitor" },
    "under another number": { ...itemOf(FIRST), number: 2 },
    "that is not JSON": itemOf(FIRST, "{"),
    "that no hash can be taken of": itemOf(FIRST, JSON.stringify({ ...FIRST, at: "\uD800" })),
    "that is nothing": itemOf(FIRST, "null"),
  };
  for (const [what, item] of Object.entries(WRONG)) {
    it(`raises an alarm for an entry ${what}, and takes no copy`, async () => {
      const { kept, sums, read } = rig();
      assert.deepEqual(await read(recordOf("INSERT", item)), []);
      assert.deepEqual([kept.size, sums["LedgerTampering"]], [0, 1]);
    });
  }

  it("raises an alarm for another entry of the same number, and keeps the first", async () => {
    const { kept, sums, read } = rig();
    await read(recordOf("INSERT", itemOf(FIRST)), recordOf("INSERT", itemOf(other)));
    assert.deepEqual([...kept.values()], [canonicalJson(FIRST)]);
    assert.deepEqual(sums, { LedgerCopied: 1, LedgerTampering: 1 });
  });

  it("answers which record could not be copied, and copies its neighbours", async () => {
    const { kept, lines, read } = rig((key) => {
      if (key.endsWith("1.json")) throw named("SlowDown");
    });
    assert.deepEqual(await read(recordOf("INSERT", itemOf(FIRST)), recordOf("INSERT", itemOf(SECOND))), [
      "s1",
    ]);
    assert.equal(kept.size, 1);
    assert.match(String(lines.find(({ level }) => level === "error")?.["reason"]), /SlowDown/);
  });

  const HOSTILE: readonly Subject[] = [
    artifactSubject("lantern", "../../../etc"),
    artifactSubject("lantern", "a b?#%\u0000é.whl"),
    artifactSubject("lantern", "x".repeat(3_000)),
    artifactSubject("lantern", Array.from({ length: 200 }, () => "part").join("/")),
    artifactSubject("lantern", ""),
    "enrolment/e1/baseline",
    "enrolment/e1",
    "monitor",
  ];
  it("has a key of its own for every subject, one that S3 takes", async () => {
    const { kept, read } = rig();
    for (const subject of HOSTILE)
      await read(recordOf("INSERT", itemOf(chained(subject, null, minute(0), FIRST.body))));
    assert.equal(kept.size, HOSTILE.length);
    for (const key of kept.keys()) {
      assert.match(key, /^ledger\/[\w./%@!~*'()-]+\/000000000001\.json$/);
      assert.ok(Buffer.byteLength(key) <= 1024, key);
      assert.ok(!key.split("/").some((part) => /^\.*$/.test(part)), key);
    }
  });
});
