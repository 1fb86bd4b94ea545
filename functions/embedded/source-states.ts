import type { SourceState } from "../domain/sources.ts";
import { Conflict, type SourceStates } from "../ports.ts";
import { type Body, parsed, type Store } from "./store.ts";

export function sourceStates(store: Store): SourceStates {
  return {
    read: async (source) => {
      const row = store.get<Body>("SELECT body FROM sources WHERE source = ?", source);
      return row && parsed<SourceState>(row);
    },
    move: async (source, seen, next) => {
      const body = JSON.stringify(next);
      const moved =
        seen === null
          ? store.run("INSERT INTO sources VALUES (?, ?, ?) ON CONFLICT DO NOTHING", source, next.moves, body)
          : store.run(
              "UPDATE sources SET moves = ?, body = ? WHERE source = ? AND moves = ?",
              next.moves,
              body,
              source,
              seen,
            );
      if (moved === 0) throw new Conflict(`the source ${source}`);
    },
  };
}
