import { chained, type LedgerEntry } from "../domain/ledger.ts";
import { type Clock, Conflict, type Ledger } from "../ports.ts";
import { putAbsent } from "./absent.ts";
import { partition } from "./keys.ts";
import { every, type Table } from "./table.ts";

/**
 * The append-only history. The key is the condition: two writers of one number cannot both succeed. An answer lost on
 * the way can look like a conflict with oneself: whoever reads again finds the entry and does not repeat it.
 */
export function ledger(table: Table, clock: Clock): Ledger {
  return {
    read: async (subject) => {
      const asked = { where: "#subject = :subject", values: { ":subject": partition(subject) } };
      const items = await every(table, asked);
      return items.map(({ entry }) => JSON.parse(String(entry)) as LedgerEntry);
    },
    append: async (subject, last, body) => {
      const entry = chained(subject, last, clock.now(), body);
      const item = { subject: partition(subject), number: entry.number, entry: JSON.stringify(entry) };
      if (!(await putAbsent(table, item, `ledger entry ${entry.number} of ${subject}`)))
        throw new Conflict(subject);
      return entry;
    },
  };
}
