import { setTimeout } from "node:timers/promises";
import {
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { type Item, itemOf, type Value } from "./items.ts";
import type { Key } from "./keys.ts";

export type Pause = (ms: number) => Promise<unknown>;

/** One table, by the process's one client. */
export interface Table {
  readonly client: Pick<DynamoDBClient, "send">;
  readonly name: string;
  readonly pause: Pause;
}

export const tableNamed = (
  client: Pick<DynamoDBClient, "send">,
  name: string,
  pause: Pause = setTimeout,
): Table => ({ client, name, pause });

/** Strongly consistent. */
export async function get(table: Table, { pk, sk }: Key): Promise<Item | null> {
  const asked = { TableName: table.name, Key: marshall({ pk, sk }), ConsistentRead: true };
  const { Item: found } = await table.client.send(new GetItemCommand(asked));
  return found ? itemOf(found) : null;
}

/** What stands for `#name` in expressions is that name: many a word is reserved. */
export function namesIn(...expressions: readonly (string | undefined)[]) {
  const used = new Set(expressions.flatMap((each) => each?.match(/#\w+/g) ?? []));
  return used.size > 0 && { ExpressionAttributeNames: Object.fromEntries([...used].map(withName)) };
}

const withName = (used: string): [string, string] => [used, used.slice(1)];

/** Which items. */
export interface Asked {
  /** A key condition: `#name` is the attribute, `:name` what stands for it in `values`. */
  readonly where: string;
  readonly values: Readonly<Record<string, Value>>;
  /** An index lags by moments; a table is read strongly consistent. */
  readonly index?: string;
  /** Attributes wanted; all where there are none. */
  readonly only?: readonly string[];
  readonly limit?: number;
}

/** The items of one partition whose sort key begins so, or sorts after something; else all of them. */
export interface Range extends Pick<Asked, "only" | "limit"> {
  readonly pk: string;
  readonly prefix?: string;
  /** Not beside a prefix; all of them after `""`. */
  readonly beyond?: string;
}

/** Ascending by sort key. */
export const items = (table: Table, range: Range): Promise<Item[]> => every(table, askedOf(range));

function askedOf({ pk, prefix, beyond = "", ...more }: Range): Asked {
  const after = beyond === "" ? "" : " AND #sk > :beyond";
  const within = prefix === undefined ? after : " AND begins_with(#sk, :prefix)";
  const values = {
    ":pk": pk,
    ...(prefix !== undefined && { ":prefix": prefix }),
    ...(after !== "" && { ":beyond": beyond }),
  };
  return { where: `#pk = :pk${within}`, values, ...more };
}

/** How many there are. */
export async function count(table: Table, range: Range): Promise<number> {
  let found = 0;
  for await (const page of pages(table, { ...inputOf(askedOf(range)), Select: "COUNT" }))
    found += page.Count ?? 0;
  return found;
}

/** Everything found, ascending by sort key, page after page; at most `limit`. */
export async function every(table: Table, asked: Asked): Promise<Item[]> {
  const { limit = Number.POSITIVE_INFINITY } = asked;
  if (limit <= 0) return [];
  const found: Item[] = [];
  for await (const page of pages(table, inputOf(asked))) {
    found.push(...(page.Items ?? []).map(itemOf));
    if (found.length >= limit) return found.slice(0, limit);
  }
  return found;
}

function inputOf({ where, values, index, only, limit }: Asked): Omit<QueryCommandInput, "TableName"> {
  const projection = only?.map((name) => `#${name}`).join(", ");
  return {
    KeyConditionExpression: where,
    ExpressionAttributeValues: marshall(values),
    ...namesIn(where, projection),
    ...(projection && { ProjectionExpression: projection }),
    ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
    ...(limit && Number.isFinite(limit) && { Limit: limit }),
  };
}

/** A page ends at 1 MB, full or not; the key to go on from is the only sign that there is more. */
async function* pages(table: Table, asked: Omit<QueryCommandInput, "TableName">) {
  let from: QueryCommandInput["ExclusiveStartKey"];
  do {
    const page: QueryCommandOutput = await table.client.send(
      new QueryCommand({ ...asked, TableName: table.name, ...(from && { ExclusiveStartKey: from }) }),
    );
    yield page;
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
}
