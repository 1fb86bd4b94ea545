import type { Item } from "./items.ts";
import type { Table } from "./table.ts";
import { put, putOf, together } from "./writes.ts";

/**
 * The one way into ledger and entries, and into records but for one that was withdrawn: a put on condition that there is no
 * such item yet, so that history is added to and never rewritten.
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
  const writes = items.map((item) => ({ Put: absentPut(table, item, subject) }));
  const made = await together(table, writes);
  return items.filter((_, index) => made.has(index));
}
