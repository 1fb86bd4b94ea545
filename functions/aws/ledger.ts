import { chained, type LedgerEntry } from "../domain/ledger.ts";
import { type Clock, Conflict, type Ledger } from "../ports.ts";
import { absentPut } from "./absent.ts";
import { partition } from "./keys.ts";
import { every, type Table } from "./table.ts";
import { put } from "./writes.ts";

/**
 * The append-only history. The key is the condition: two writers of one number cannot both succeed. Where the answer was
 * lost and the client asked again, what stands in the way is the very same entry: then it is appended, and no conflict.
 */
export function ledger(table: Table, clock: Clock): Ledger {
  return {
    read: async (subject, after = 0, most = Number.POSITIVE_INFINITY) => {
      const where = "#subject = :subject AND #number > :after";
      const values = { ":subject": partition(subject), ":after": after };
      const found = await every(table, { where, values, limit: most });
      return found.map(({ entry }) => JSON.parse(String(entry)) as LedgerEntry);
    },
    append: async (subject, last, body) => {
      const entry = chained(subject, last, clock.now(), body);
      const item = { subject: partition(subject), number: entry.number, entry: JSON.stringify(entry) };
      const written = await put(table, absentPut(table, item, `ledger entry ${entry.number} of ${subject}`));
      if (!written.done && written.item?.["entry"] !== item.entry) throw new Conflict(subject);
      return entry;
    },
  };
}
