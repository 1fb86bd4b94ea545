import type { FlakyEdges } from "../ports.ts";
import { count, type Table } from "./table.ts";
import { put, putOf } from "./writes.ts";

const partitionOf = (hour: string): string => `flaky/${hour}`;

/** One item for each project and hour. */
export function flakyEdges(table: Table): FlakyEdges {
  return {
    note: async (hour, project) => {
      const item = { pk: partitionOf(hour), sk: project };
      await put(table, putOf(table, item, `a flaky edge of ${project}`));
    },
    count: async (hour) => count(table, { pk: partitionOf(hour) }),
  };
}
