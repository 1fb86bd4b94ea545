import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from "@aws-sdk/client-dynamodb";
import { putAbsent, putTogether } from "../../functions/aws/absent.ts";
import { BatchUnfinished, getMany, putMany } from "../../functions/aws/batches.ts";
import { entries } from "../../functions/aws/entries.ts";
import { ItemTooLarge } from "../../functions/aws/items.ts";
import { ledger } from "../../functions/aws/ledger.ts";
import { records } from "../../functions/aws/records.ts";
import { type Table, tableNamed } from "../../functions/aws/table.ts";
import { put, putOf, transact } from "../../functions/aws/writes.ts";
import { entry, record } from "../domain/perfect.ts";
import { StillClock } from "../world.ts";
import { type Call, fakeClient } from "./fake.ts";

const SAID = { message: "", $metadata: {} };
const failed = () => new ConditionalCheckFailedException(SAID);
const conflict = () => new TransactionConflictException(SAID);
const throttled = () => Object.assign(new Error("slow down"), { name: "ThrottlingException" });
const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({ ...SAID, CancellationReasons: codes.map((Code) => ({ Code })) });

/** A table whose client answers in turn: an error is thrown, and after the last one all is well. */
function tableThat(...answers: unknown[]): { table: Table; calls: Call[]; waits: number[] } {
  const waits: number[] = [];
  const { client, calls } = fakeClient(() => {
    const answer = answers.shift() ?? {};
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const pause = async (ms: number): Promise<void> => void waits.push(ms);
  return { table: tableNamed(client, "Table", pause), calls, waits };
}

const item = (sk: string) => ({ pk: "a", sk });
const writesOf = (table: Table, count: number) =>
  Array.from({ length: count }, (_, index) => ({ Put: putOf(table, item(String(index)), "it") }));

describe("a write", () => {
  it("whose condition fails is an answer, at once", async () => {
    const { table, calls } = tableThat(failed());
    assert.equal(await putAbsent(table, item("b"), "it"), false);
    assert.equal(calls.length, 1);
  });

  it("that is throttled is no failed condition: it is thrown as it is", async () => {
    const { table } = tableThat(throttled());
    await assert.rejects(putAbsent(table, item("b"), "it"), { name: "ThrottlingException" });
  });

  it("that meets a transaction waits for it", async () => {
    const { table, calls, waits } = tableThat(conflict(), conflict());
    assert.equal((await put(table, putOf(table, item("b"), "it"))).done, true);
    assert.deepEqual([calls.length, waits.length], [3, 2]);
  });

  it("too large for an item is not sent", async () => {
    const { table, calls } = tableThat();
    await assert.rejects(putAbsent(table, { ...item("b"), body: "x".repeat(410_000) }, "it"), ItemTooLarge);
    assert.equal(calls.length, 0);
  });
});

describe("a transaction", () => {
  it("answers whose conditions failed", async () => {
    const { table } = tableThat(cancelled("None", "ConditionalCheckFailed", "TransactionConflict"));
    assert.deepEqual([...(await transact(table, writesOf(table, 3)))], [1]);
  });

  it("that met another, or was throttled, is tried again", async () => {
    const { table, calls } = tableThat(
      cancelled("None", "TransactionConflict"),
      cancelled("ThrottlingError", "None"),
    );
    assert.equal((await transact(table, writesOf(table, 2))).size, 0);
    assert.equal(calls.length, 3);
  });

  it("that cannot be right is thrown, and not tried again", async () => {
    const { table, calls } = tableThat(cancelled("None", "ValidationError"));
    await assert.rejects(transact(table, writesOf(table, 2)), TransactionCanceledException);
    assert.equal(calls.length, 1);
  });

  it("that never comes through is thrown as it is, after a while", async () => {
    const { table, waits } = tableThat(...Array.from({ length: 99 }, () => cancelled("TransactionConflict")));
    await assert.rejects(transact(table, writesOf(table, 1)), TransactionCanceledException);
    assert.ok(waits.length > 3 && waits.length < 20);
    assert.ok(waits.reduce((sum, ms) => sum + ms, 0) < 15_000);
  });

  it("of absent items leaves out those that are there", async () => {
    const { table, calls } = tableThat(cancelled("ConditionalCheckFailed", "None"));
    assert.deepEqual(await putTogether(table, [item("b"), item("c")], "it"), [item("c")]);
    assert.equal(calls.length, 2);
  });

  it("is never larger than DynamoDB takes", async () => {
    const { table } = tableThat();
    const many = Array.from({ length: 101 }, (_, index) => item(String(index)));
    await assert.rejects(putTogether(table, many, "it"), RangeError);
  });
});

describe("a batch", () => {
  const keys = Array.from({ length: 3 }, (_, index) => item(String(index)));
  const attributes = keys.map(({ pk, sk }) => ({ pk: { S: pk }, sk: { S: sk } }));

  it("is asked again for what was left of it", async () => {
    const { table, calls } = tableThat(
      { Responses: { Table: [attributes[0]] }, UnprocessedKeys: { Table: { Keys: attributes.slice(1) } } },
      { Responses: { Table: attributes.slice(1) } },
    );
    assert.deepEqual(await getMany(table, keys), keys);
    assert.deepEqual(calls[1]?.input["RequestItems"], { Table: { Keys: attributes.slice(1) } });
  });

  it("puts what was left of it, and only that", async () => {
    const left = { Table: [{ PutRequest: { Item: attributes[2] } }] };
    const { table, calls } = tableThat({ UnprocessedItems: left });
    await putMany(table, keys, "it");
    assert.deepEqual([calls.length, calls[1]?.input["RequestItems"]], [2, left]);
  });

  it("of which something is left for ever is an error in the end", async () => {
    const left = { Table: { Keys: attributes } };
    const answers = Array.from({ length: 99 }, () => ({ UnprocessedKeys: left }));
    await assert.rejects(getMany(tableThat(...answers).table, keys), BatchUnfinished);
    const puts = { Table: [{ PutRequest: { Item: attributes[0] } }] };
    const unput = Array.from({ length: 99 }, () => ({ UnprocessedItems: puts }));
    await assert.rejects(putMany(tableThat(...unput).table, keys, "it"), BatchUnfinished);
  });
});

/** Every put that a call makes, by itself or in a transaction. */
function putsIn({ input }: Call): readonly { readonly ConditionExpression?: string }[] {
  const parts = input["TransactItems"] as readonly { readonly Put?: object }[] | undefined;
  return parts === undefined ? [input] : parts.map(({ Put }) => Put ?? {});
}

describe("every write into ledger, records and entries", () => {
  const written = async (use: (table: Table) => Promise<unknown>) => {
    const { table, calls } = tableThat();
    await use(table);
    return calls.filter(({ action }) => action !== "Query");
  };
  const many = Array.from({ length: 250 }, (_, index) => record({ file: `lantern-1.${index}.zip` }));

  const NEW = /^attribute_not_exists\(#(pk|subject)\)$/;
  const NEW_OR_WITHDRAWN = /^attribute_not_exists\(#pk\) OR attribute_exists\(#withdrawnAt\)$/;
  const conditions = (calls: readonly Call[]) =>
    calls.flatMap(putsIn).map(({ ConditionExpression = "" }) => ConditionExpression);

  for (const [what, use] of Object.entries({
    ledger: (table: Table) =>
      ledger(table, new StillClock()).append("monitor", null, { kind: "epoch", epoch: 1, head: 1, by: "x" }),
    entries: (table: Table) => entries(table).append([entry("remove release", 102), entry("create", 103)]),
    "large submissions": (table: Table) => records(table).append(many),
  })) {
    it(`is a put on condition that there is nothing yet: ${what}`, async () => {
      const calls = await written(use);
      assert.ok(calls.length > 0);
      for (const { action } of calls) assert.match(action, /^(PutItem|TransactWriteItems)$/);
      for (const condition of conditions(calls)) assert.match(condition, NEW);
    });
  }

  it("is such a put, or over what was withdrawn: records", async () => {
    const [rows = "", ...habits] = conditions(await written((table) => records(table).append([record()])));
    assert.match(rows, NEW_OR_WITHDRAWN);
    assert.equal(habits.length, 2);
    for (const condition of habits) assert.match(condition, NEW);
  });

  it("or notes beside a record that it was withdrawn, once, and changes nothing else of it", async () => {
    const { pk, sk } = { pk: { S: "developer" }, sk: { S: "file/x" } };
    const row = { pk, sk, body: { S: JSON.stringify(record()) } };
    const { table, calls } = tableThat({ Items: [row] });
    await records(table).withdraw("developer", record().file, record().digest, "2026-11-22T12:00:00.000Z");
    const writes = calls.filter(({ action }) => action !== "Query");
    assert.deepEqual(
      writes.map(({ input }) => input["TransactItems"]),
      [
        [
          {
            Update: {
              TableName: "Table",
              Key: { pk, sk },
              UpdateExpression: "SET #withdrawnAt = :at",
              ExpressionAttributeNames: { "#withdrawnAt": "withdrawnAt", "#pk": "pk" },
              ExpressionAttributeValues: { ":at": { S: "2026-11-22T12:00:00.000Z" } },
              ConditionExpression: "attribute_exists(#pk) AND attribute_not_exists(#withdrawnAt)",
            },
          },
        ],
      ],
    );
  });
});
