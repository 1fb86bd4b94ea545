import { Conflict, type Cursor, type Cursors } from "../ports.ts";
import { bodyOf, type Item } from "./items.ts";
import { get, type Table } from "./table.ts";
import { ABSENT, put, putOf } from "./writes.ts";

const KEY = { pk: "cursor", sk: "cursor" };

/** How far the journal is queued: one item. Both refusals are in the condition, so no writer can slip between. */
export function cursors(table: Table): Cursors {
  return {
    read: async () => {
      const item = await get(table, KEY);
      return item && bodyOf<Cursor>(item);
    },
    move: async (seen, next) => {
      const { moves, epoch, serial } = next;
      const item = { ...KEY, moves, epoch, serial, body: JSON.stringify(next) };
      const written = await put(table, putOf(table, item, "the cursor", conditionOf(seen, next)));
      // Stood in our own way: the move was made, and the client asked again because its answer was lost.
      if (!written.done && written.item?.["body"] !== item.body) throw refusalOf(written.item, seen, next);
    },
  };
}

const conditionOf = (seen: number | null, { epoch, serial }: Cursor) =>
  seen === null
    ? ABSENT
    : {
        when: "#moves = :seen AND (#epoch <> :epoch OR #serial <= :serial)",
        with: { ":seen": seen, ":epoch": epoch, ":serial": serial },
      };

/** With the moves as seen, only the serial can have stood in the way. */
function refusalOf(stood: Item | null, seen: number | null, next: Cursor): Error {
  if (stood === null || stood["moves"] !== seen) return new Conflict("the cursor");
  return new Error(
    `the cursor is at serial ${stood["serial"]} and cannot go back to ${next.serial} within an epoch`,
  );
}
