import type { Deadline, Deadlines } from "../ports.ts";
import { putMany } from "./batches.ts";
import { bodyOf, type Item } from "./items.ts";
import { type Key, partition, shardOf, shardsOf } from "./keys.ts";
import { every, type Table } from "./table.ts";
import { ABSENT, put, putOf, remove } from "./writes.ts";

type Of = Pick<Deadline, "kind" | "project" | "file">;

const keyOf = ({ kind, project, file }: Of): Key => ({
  pk: partition(`deadline/${kind}/${project}/${file}`),
  sk: "deadline",
});

const subjectOf = ({ kind, project, file }: Of): string => `the ${kind} deadline of ${project} ${file}`;

/** One item for each kind and artifact, found by its due time through an index in a few partitions. */
export function deadlines(table: Table): Deadlines {
  return {
    put: async (each) => {
      // A batch takes no key twice; of two, the last write wins.
      const last = new Map(each.map((deadline) => [keyOf(deadline).pk, deadline]));
      await putMany(table, [...last.values()].map(itemOfDeadline), "a deadline");
    },
    putIfAbsent: async (deadline) => {
      await put(table, putOf(table, itemOfDeadline(deadline), subjectOf(deadline), ABSENT));
    },
    bringForward: async (deadline, latest) => {
      const condition = { when: `${ABSENT.when} OR #due > :latest`, with: { ":latest": latest } };
      await put(table, putOf(table, itemOfDeadline(deadline), subjectOf(deadline), condition));
    },
    clear: async (kind, project, file) => remove(table, keyOf({ kind, project, file })),
    due: async (kind, now, limit) => {
      const found = await Promise.all(shardsOf(kind).map((bucket) => dueIn(table, bucket, now, limit)));
      const soonest = found.flat().sort((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0));
      return soonest.slice(0, limit);
    },
  };
}

function itemOfDeadline(deadline: Deadline): Item {
  const key = keyOf(deadline);
  const { kind, due } = deadline;
  return { ...key, bucket: shardOf(kind, key.pk), due, body: JSON.stringify(deadline) };
}

async function dueIn(table: Table, bucket: string, now: string, limit: number): Promise<Deadline[]> {
  const where = "#bucket = :bucket AND #due <= :now";
  const values = { ":bucket": bucket, ":now": now };
  const found = await every(table, { index: "due", where, values, limit });
  return found.map((item) => bodyOf<Deadline>(item));
}
