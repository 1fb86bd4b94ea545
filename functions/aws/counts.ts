import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { ViewCounts } from "../ports.ts";
import { getMany } from "./batches.ts";
import { PROJECTS_COUNT } from "./enrolments.ts";
import { shardOf, shardsOf } from "./keys.ts";
import { get, type Table } from "./table.ts";
import { updateOf } from "./writes.ts";

const COUNT = "count";
const countKey = (pk: string) => ({ pk, sk: COUNT });

/**
 * Moves a count in the transaction of what it counts, so that it cannot drift. In a few items by hash of what is
 * counted: transactions that meet on one item have to wait for each other.
 */
export const counting = (
  table: Table,
  what: "artifacts" | "openFindings",
  of: string,
  by: 1 | -1,
): TransactWriteItem => ({
  Update: updateOf(table, countKey(shardOf(COUNT, of)), `ADD #${what} :by`, { ":by": by }),
});

/** Two calls, however much is counted: anybody may ask. */
export async function countsOf(table: Table, watchers: Table): Promise<ViewCounts> {
  const [shards, enrolled] = await Promise.all([
    getMany(table, shardsOf(COUNT).map(countKey)),
    get(watchers, PROJECTS_COUNT),
  ]);
  const sum = (what: string): number => shards.reduce((total, shard) => total + Number(shard[what] ?? 0), 0);
  return {
    projects: Number(enrolled?.["projects"] ?? 0),
    artifacts: sum("artifacts"),
    openFindings: sum("openFindings"),
  };
}
