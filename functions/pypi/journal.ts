import type { JournalRow } from "../domain/journal.ts";
import type { Journal } from "../ports.ts";
import { garbled, unavailable } from "./answers.ts";
import { type Calls, call } from "./calls.ts";
import { rowOf } from "./rows.ts";
import { integer, isNil, type Value } from "./values.ts";

const BATCH_ROWS = 1_000;

/**
 * The journal over XML-RPC: `changelog_last_serial` and `changelog_since_serial`, the methods that PyPI keeps for
 * mirrors. Rows at or below the asked serial are left out: an index that repeats itself moves nothing backwards.
 */
export function journal(calls: Calls): Journal {
  return {
    async head() {
      try {
        return headOf(await lastOf(call(calls, "changelog_last_serial", [])));
      } catch (error) {
        throw unavailable(error);
      }
    },
    async *after(serial) {
      try {
        yield* batches(calls, serial);
      } catch (error) {
        throw unavailable(error);
      }
    },
  };
}

async function* batches(calls: Calls, serial: number): AsyncGenerator<readonly JournalRow[]> {
  const ascending = ascendingRows();
  let batch: JournalRow[] = [];
  for await (const { items, whole } of call(calls, "changelog_since_serial", [serial])) {
    if (whole !== null && whole.type !== "array") throw garbled("the journal's answer is no array");
    // Asked once for many rows: measured, an instant for each costs a seventh of the whole answer.
    const now = calls.clock.now();
    for (const item of items) {
      const row = ascending(rowOf(item, now));
      if (row.serial > serial) batch.push(row);
    }
    if (batch.length >= BATCH_ROWS || (whole !== null && batch.length > 0)) {
      yield batch;
      batch = [];
    }
  }
}

/** Passes rows through in strictly ascending order. Any other order would let the cursor pass rows not yet seen. */
function ascendingRows(): (row: JournalRow) => JournalRow {
  let last = -1;
  return (row) => {
    if (row.serial <= last) throw garbled(`the journal goes from serial ${last} to ${row.serial}`);
    last = row.serial;
    return row;
  };
}

function headOf(value: Value | null): number {
  if (value !== null && isNil(value)) return 0;
  const serial = integer(value ?? undefined);
  if (serial === null || serial < 0) throw garbled("the journal's head is no serial");
  return serial;
}

async function lastOf(parts: AsyncIterable<{ whole: Value | null }>): Promise<Value | null> {
  let last: Value | null = null;
  for await (const { whole } of parts) last = whole;
  return last;
}
