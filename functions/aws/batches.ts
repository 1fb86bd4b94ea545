import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  BatchWriteItemCommand,
  type BatchWriteItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { abreast, runsOf } from "../domain/abreast.ts";
import { attributesOf, type Item, itemOf } from "./items.ts";
import type { Key } from "./keys.ts";
import { patiently } from "./patience.ts";
import type { Table } from "./table.ts";

const MOST_GETS = 100;
const MOST_PUTS = 25;
const ABREAST = 8;

/** DynamoDB kept leaving some of a batch undone: the table is throttled. The message returns to its queue. */
export class BatchUnfinished extends Error {
  constructor(table: string) {
    super(`the table ${table} left a part of a batch undone again and again: it is being throttled`);
    this.name = "BatchUnfinished";
  }
}

/** The items of these keys that are there, in no order; strongly consistent. No key twice. Throws `BatchUnfinished`. */
export async function getMany(table: Table, keys: readonly Key[]): Promise<Item[]> {
  const runs = runsOf(MOST_GETS, keys);
  const found = await abreast(ABREAST, runs, (run) => getRun(table, run));
  return found.flat();
}

async function getRun(table: Table, keys: readonly Key[]): Promise<Item[]> {
  const found: Item[] = [];
  const asked = { Keys: keys.map(({ pk, sk }) => marshall({ pk, sk })), ConsistentRead: true };
  let left: BatchGetItemCommandInput["RequestItems"] = { [table.name]: asked };
  const once = async () => {
    const answer = await table.client.send(new BatchGetItemCommand({ RequestItems: left }));
    found.push(...(answer.Responses?.[table.name] ?? []).map(itemOf));
    left = answer.UnprocessedKeys ?? {};
    return Object.keys(left).length === 0 ? found : null;
  };
  return patiently(table.pause, once, () => new BatchUnfinished(table.name));
}

/** Puts all, over what is there; no key twice. When it throws, some may be put. Throws `BatchUnfinished`. */
export async function putMany(table: Table, items: readonly Item[], subject: string): Promise<void> {
  const puts = items.map((item) => ({ PutRequest: { Item: attributesOf(item, subject) } }));
  await abreast(ABREAST, runsOf(MOST_PUTS, puts), (run) => putRun(table, { [table.name]: run }));
}

async function putRun(table: Table, puts: BatchWriteItemCommandInput["RequestItems"]): Promise<void> {
  let left = puts;
  const once = async () => {
    const answer = await table.client.send(new BatchWriteItemCommand({ RequestItems: left }));
    left = answer.UnprocessedItems ?? {};
    return Object.keys(left).length === 0 ? true : null;
  };
  await patiently(table.pause, once, () => new BatchUnfinished(table.name));
}
