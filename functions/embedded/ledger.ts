import { chained, type LedgerEntry } from "../domain/ledger.ts";
import { type Clock, Conflict, type Ledger } from "../ports.ts";
import type { Store } from "./store.ts";

/** The append-only history. The primary key is the condition: two writers of one number cannot both succeed. */
export function ledger(store: Store, clock: Clock): Ledger {
  return {
    read: async (subject, after = 0, most = -1) =>
      store
        .all<{ entry: string }>(
          "SELECT entry FROM ledger WHERE subject = ? AND number > ? ORDER BY number LIMIT ?",
          subject,
          after,
          most,
        )
        .map(({ entry }) => JSON.parse(entry) as LedgerEntry),
    append: async (subject, last, body) => {
      const entry = chained(subject, last, clock.now(), body);
      const sql = "INSERT INTO ledger VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
      if (store.run(sql, subject, entry.number, JSON.stringify(entry)) === 0) throw new Conflict(subject);
      return entry;
    },
  };
}
