import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { cursors } from "../../functions/aws/cursors.ts";
import { ledger } from "../../functions/aws/ledger.ts";
import { tableNamed } from "../../functions/aws/table.ts";
import { Conflict, type Cursor } from "../../functions/ports.ts";
import { minute } from "../domain/perfect.ts";
import { StillClock } from "../world.ts";
import { fakeClient } from "./fake.ts";

/** Stores what is put, loses the answer, and lets the client meet its own item when it asks again. */
function losing(change: (item: object) => object = (item) => item) {
  const { client } = fakeClient(({ input }) => {
    const { Item } = input as { Item: Record<string, { S: string }> };
    throw new ConditionalCheckFailedException({ message: "", $metadata: {}, Item: change(Item) as never });
  });
  return tableNamed(client, "table", async () => {});
}

const body = { kind: "epoch", epoch: 1, head: 7, by: "operator" } as const;
const next: Cursor = {
  epoch: 1,
  serial: 9,
  from: 1,
  polledAt: minute(0),
  caughtUpAt: minute(0),
  blind: null,
  intervals: [],
  unknownActions: 0,
  lagSeconds: 0,
  moves: 2,
};

describe("a write whose answer was lost", () => {
  it("is an entry appended, not a conflict with oneself", async () => {
    const entry = await ledger(losing(), new StillClock()).append("monitor", null, body);
    assert.deepEqual([entry.number, entry.body], [1, body]);
  });

  it("is a cursor moved", async () => {
    await cursors(losing()).move(1, next);
  });

  it("is a conflict where another's entry stands", async () => {
    const others = losing((item) => ({ ...item, entry: { S: "another" }, body: { S: "another" } }));
    await assert.rejects(ledger(others, new StillClock()).append("monitor", null, body), Conflict);
    await assert.rejects(cursors(others).move(1, next), Conflict);
  });
});
