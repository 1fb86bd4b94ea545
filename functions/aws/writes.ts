import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type Put,
  PutItemCommand,
  TransactionCanceledException,
  TransactionConflictException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  type Update,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { attributesOf, type Item, itemOf, type Value } from "./items.ts";
import type { Key } from "./keys.ts";
import { patiently } from "./patience.ts";
import { namesIn, type Table } from "./table.ts";

/** On which condition something is written: `#name` is an attribute, `:name` what stands for it in `with`. */
export interface Condition {
  readonly when: string;
  readonly with?: Readonly<Record<string, Value>>;
}

/** Where there is no such item yet. */
export const ABSENT: Condition = { when: "attribute_not_exists(#pk)" };

const valuesOf = (values: Readonly<Record<string, Value>>) =>
  Object.keys(values).length > 0 && { ExpressionAttributeValues: marshall(values) };

const conditionOf = ({ when, with: values = {} }: Condition) => ({
  ConditionExpression: when,
  ...namesIn(when),
  ...valuesOf(values),
});

/** One write as a call or as a part of a transaction takes it. `subject` says in errors what it is about. */
export const putOf = (table: Table, item: Item, subject: string, condition?: Condition) => ({
  TableName: table.name,
  Item: attributesOf(item, subject),
  ...(condition && conditionOf(condition)),
});

export const deleteOf = (table: Table, { pk, sk }: Key) => ({
  TableName: table.name,
  Key: marshall({ pk, sk }),
});

export const checkOf = (table: Table, { pk, sk }: Key, condition: Condition) => ({
  TableName: table.name,
  Key: marshall({ pk, sk }),
  ...conditionOf(condition),
});

/** `change` is an update expression; what stands for `:name` in it is in `values`, the condition's included. */
export const updateOf = (
  table: Table,
  { pk, sk }: Key,
  change: string,
  values: Readonly<Record<string, Value>> = {},
  when?: string,
): Update & { readonly UpdateExpression: string } => ({
  TableName: table.name,
  Key: marshall({ pk, sk }),
  UpdateExpression: change,
  ...namesIn(change, when),
  ...valuesOf(values),
  ...(when && { ConditionExpression: when }),
});

/** How a conditional write ended: done, with the item as it is now where that was asked for, or with what stood in its way. */
export type Written =
  | { readonly done: true; readonly item: Item | null }
  | { readonly done: false; readonly item: Item | null };

/** Puts one item. What stood in the way is answered, not thrown. */
export const put = (table: Table, write: Put): Promise<Written> =>
  attempted(table, async () => {
    await table.client.send(new PutItemCommand({ ...write, ReturnValuesOnConditionCheckFailure: "ALL_OLD" }));
    return null;
  });

/** Changes one item, and answers it as it is afterwards. */
export const update = (table: Table, write: ReturnType<typeof updateOf>): Promise<Written> =>
  attempted(table, async () => {
    const changed = await table.client.send(new UpdateItemCommand({ ...write, ReturnValues: "ALL_NEW" }));
    return changed.Attributes ? itemOf(changed.Attributes) : null;
  });

export async function remove(table: Table, key: Key): Promise<void> {
  await attempted(table, async () => {
    await table.client.send(new DeleteItemCommand(deleteOf(table, key)));
    return null;
  });
}

/** A failed condition is an answer; somebody else's transaction passes in a moment; anything else is thrown as it is. */
async function attempted(table: Table, write: () => Promise<Item | null>): Promise<Written> {
  let last: unknown;
  const once = async (): Promise<Written | null> => {
    try {
      return { done: true, item: await write() };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException)
        return { done: false, item: error.Item ? itemOf(error.Item) : null };
      if (!(error instanceof TransactionConflictException)) throw error;
      last = error;
      return null;
    }
  };
  return patiently(table.pause, once, () => last as Error);
}

/** Reasons that pass by themselves. Source: API reference, TransactWriteItems, cancellation reasons. */
const PASSING = new Set(["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"]);
export const MOST_IN_TRANSACTION = 100;

/**
 * All or none. Answers which of the writes' conditions failed, by index: none when everything is written, and nothing is
 * written otherwise. A lost answer is asked for again by the client under the same token.
 */
export async function transact(
  table: Table,
  writes: readonly TransactWriteItem[],
): Promise<ReadonlySet<number>> {
  let last: unknown;
  const once = async (): Promise<ReadonlySet<number> | null> => {
    try {
      await table.client.send(new TransactWriteItemsCommand({ TransactItems: [...writes] }));
      return new Set();
    } catch (error) {
      last = error;
      return failedIn(error);
    }
  };
  return patiently(table.pause, once, () => last as Error);
}

/**
 * Makes those of the writes whose conditions hold, at once or not at all; at most 100. Answers which it made, by index. What
 * stands in the way of one is left out, and the others are tried again without it.
 */
export async function together(
  table: Table,
  writes: readonly TransactWriteItem[],
): Promise<ReadonlySet<number>> {
  if (writes.length > MOST_IN_TRANSACTION) throw new RangeError(`${writes.length} items in one transaction`);
  let left = writes.map((write, index) => ({ write, index }));
  while (left.length > 0) {
    const failed = await transact(
      table,
      left.map(({ write }) => write),
    );
    if (failed.size === 0) break;
    left = left.filter((_, index) => !failed.has(index));
  }
  return new Set(left.map(({ index }) => index));
}

/** The writes whose conditions failed; `null` when only something passing stood in the way. Throws what is neither. */
function failedIn(error: unknown): ReadonlySet<number> | null {
  if (!(error instanceof TransactionCanceledException)) throw error;
  const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code ?? "None");
  const failed = codes.flatMap((code, index) => (code === "ConditionalCheckFailed" ? [index] : []));
  if (failed.length > 0) return new Set(failed);
  if (codes.some((code) => PASSING.has(code))) return null;
  throw error;
}
