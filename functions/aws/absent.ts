import type { Item } from "./items.ts";
import type { Table } from "./table.ts";
import { MOST_IN_TRANSACTION, put, putOf, transact } from "./writes.ts";

/**
 * The one way into ledger, records and entries: a put on condition that there is no such item yet, so that history is
 * added to and never rewritten.
 */
export const absentPut = (table: Table, item: Item, subject: string) =>
  // Every table's partition key is there in every item of it.
  putOf(table, item, subject, { when: `attribute_not_exists(#${"pk" in item ? "pk" : "subject"})` });

/** Puts one item where there is none; answers whether it did. */
export async function putAbsent(table: Table, item: Item, subject: string): Promise<boolean> {
  return (await put(table, absentPut(table, item, subject))).done;
}

/** Puts all of those items that are not there, at once or not at all; at most 100. Answers which it put. */
export async function putTogether(
  table: Table,
  items: readonly Item[],
  subject: string,
): Promise<readonly Item[]> {
  if (items.length > MOST_IN_TRANSACTION) throw new RangeError(`${items.length} items in one transaction`);
  let lacking = items;
  while (lacking.length > 0) {
    const writes = lacking.map((item) => ({ Put: absentPut(table, item, subject) }));
    const there = await transact(table, writes);
    if (there.size === 0) return lacking;
    lacking = lacking.filter((_, index) => !there.has(index));
  }
  return [];
}
