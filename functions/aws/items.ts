import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";

export type Value = string | number | boolean | Uint8Array;
/** A row of a table, its keys among the rest. */
export type Item = Readonly<Record<string, Value>>;
export type Attributes = Record<string, AttributeValue>;

/** 400 KB, names of attributes counted. Source: DynamoDB developer guide, "Quotas", item size. */
export const MOST_ITEM_BYTES = 400 * 1024;

/** An item would not fit its table. A fault of ours: what may be large is kept in parts, or named by its digest. */
export class ItemTooLarge extends Error {
  constructor(subject: string, sizeBytes: number) {
    super(`${subject} would take ${sizeBytes} bytes, over DynamoDB's ${MOST_ITEM_BYTES} for one item`);
    this.name = "ItemTooLarge";
  }
}

/** The most DynamoDB counts for a number: 38 digits, two to a byte, and two more. */
const NUMBER_BYTES = 21;

function valueBytes(value: Value): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (typeof value === "number") return NUMBER_BYTES;
  return typeof value === "boolean" ? 1 : value.byteLength;
}

/** As DynamoDB counts. Source: developer guide, "DynamoDB item sizes and formats". */
export const sizeOf = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);

/** On its way to a table. Throws `ItemTooLarge` before anything is sent; `subject` says what it is about. */
export function attributesOf(item: Item, subject: string): Attributes {
  const sizeBytes = sizeOf(item);
  if (sizeBytes > MOST_ITEM_BYTES) throw new ItemTooLarge(subject, sizeBytes);
  return marshall(item);
}

/** Rows as the adapters have them: these tables are written by nobody else. */
export const itemOf = (attributes: Attributes): Item => unmarshall(attributes) as Item;

/** The domain value in `body`. */
export const bodyOf = <T>(item: Item): T => JSON.parse(String(item["body"])) as T;
