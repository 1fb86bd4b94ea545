import type { SourceName, SourceState } from "../domain/sources.ts";
import { Conflict, type SourceStates } from "../ports.ts";
import { bodyOf } from "./items.ts";
import { get, type Table } from "./table.ts";
import { ABSENT, put, putOf } from "./writes.ts";

const keyOf = (source: SourceName) => ({ pk: "source", sk: source });

/** What is remembered of each source: one item, beside the cursor. */
export function sourceStates(table: Table): SourceStates {
  return {
    read: async (source) => {
      const item = await get(table, keyOf(source));
      return item && bodyOf<SourceState>(item);
    },
    move: async (source, seen, next) => {
      const item = { ...keyOf(source), moves: next.moves, body: JSON.stringify(next) };
      const condition = seen === null ? ABSENT : { when: "#moves = :seen", with: { ":seen": seen } };
      const written = await put(table, putOf(table, item, `the source ${source}`, condition));
      // Stood in our own way: the move was made, and the client asked again because its answer was lost.
      if (!written.done && written.item?.["body"] !== item.body) throw new Conflict(`the source ${source}`);
    },
  };
}
