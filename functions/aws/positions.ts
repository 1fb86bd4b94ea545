import type { Positions, SweepPosition } from "../ports.ts";
import { bodyOf } from "./items.ts";
import { get, type Table } from "./table.ts";
import { put, putOf } from "./writes.ts";

const KEY = { pk: "sweep", sk: "sweep" };

/** Where the sweep stands: one item, the last write wins. */
export function positions(table: Table): Positions {
  return {
    read: async () => {
      const item = await get(table, KEY);
      return item && bodyOf<SweepPosition>(item);
    },
    write: async (position) => {
      const item = { ...KEY, body: JSON.stringify(position) };
      await put(table, putOf(table, item, "the sweep's position"));
    },
  };
}
