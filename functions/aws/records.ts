import { runsOf } from "../domain/abreast.ts";
import { idOf } from "../domain/canonical.ts";
import type { Recorded } from "../domain/enrolments.ts";
import type { Records } from "../ports.ts";
import { putTogether } from "./absent.ts";
import { habitsOf, newHabits } from "./habits.ts";
import { bodyOf, type Item } from "./items.ts";
import { named } from "./keys.ts";
import { Submissions } from "./submissions.ts";
import { items, type Table } from "./table.ts";
import { MOST_IN_TRANSACTION } from "./writes.ts";

const ofFile = (file: string): string => `file/${named(file)}/`;

/** What makes two records one and the same, within an enrolment. */
const rowKey = ({ file, digest, authority }: Recorded): string => `${ofFile(file)}${digest}/${authority}`;
const sameness = (record: Recorded): string => `${record.enrolment} ${rowKey(record)}`;

/**
 * Watchers' records. A submission that fits one transaction is one. The rows of a larger one carry its id and count for
 * nobody until its mark is there, which is put last: a crash before it leaves rows that nobody ever sees, and the same
 * submission again completes it. Two rows of one record, by submissions that met, are read as the earlier one.
 */
export function records(table: Table): Records {
  const submissions = new Submissions(table);
  return {
    append: async (added) => {
      const asked = [...new Map(added.toReversed().map((each) => [sameness(each), each])).values()].reverse();
      const known = await knownTo(table, asked);
      const fresh = asked.filter((record) => !known.has(sameness(record)));
      if (fresh.length === 0) return [];
      const rows = fresh.map((record) => rowOf(record));
      const habits = newHabits(fresh).filter(({ pk, sk }) => !known.has(`${pk} ${sk}`));
      if (rows.length + habits.length > MOST_IN_TRANSACTION) return appendLarge(table, fresh, habits);
      const put = new Set(await putTogether(table, [...rows, ...habits], subjectOf(fresh)));
      return fresh.filter((_, index) => put.has(rows[index] ?? {}));
    },
    ofFile: async (enrolment, file) => {
      const rows = await submissions.counting(() => items(table, { pk: enrolment, prefix: ofFile(file) }));
      const found = rows.map(bodyOf<Recorded>).filter((record) => record.file === file);
      const inOrder = found.sort(
        (a, b) => compare(a.recordedAt, b.recordedAt) || compare(a.digest, b.digest),
      );
      const seen = new Set<string>();
      return inOrder.filter((record) => !seen.has(sameness(record)) && seen.add(sameness(record)));
    },
    habits: (enrolment, exceptRelease) => habitsOf(table, enrolment, exceptRelease),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const subjectOf = ([record]: readonly Recorded[]): string => `records of ${record?.enrolment}`;

function rowOf(record: Recorded, submission?: string): Item {
  const sk = submission === undefined ? rowKey(record) : `${rowKey(record)}/${submission}`;
  const part = submission !== undefined && { submission };
  return { pk: record.enrolment, sk, body: JSON.stringify(record), ...part };
}

/** What is there and counts, habits too, of these records' enrolments: one read of each, whose marks come behind its rows. */
async function knownTo(table: Table, asked: readonly Recorded[]): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for (const pk of new Set(asked.map(({ enrolment }) => enrolment))) {
    const all = await items(table, { pk, only: ["sk", "submission"] });
    const there = new Set(all.map(({ sk }) => String(sk)));
    for (const { sk, submission } of all) {
      if (submission === undefined) known.add(`${pk} ${sk}`);
      else if (there.has(`submission/${submission}`))
        known.add(`${pk} ${String(sk).slice(0, -1 - String(submission).length)}`);
    }
  }
  return known;
}

async function appendLarge(
  table: Table,
  fresh: readonly Recorded[],
  habits: readonly Item[],
): Promise<readonly Recorded[]> {
  const id = idOf(fresh);
  const rows = fresh.map((record) => rowOf(record, id));
  for (const run of runsOf(MOST_IN_TRANSACTION, rows)) await putTogether(table, run, subjectOf(fresh));
  const enrolments = new Set(fresh.map(({ enrolment }) => enrolment));
  const marks = [...enrolments].map((pk) => ({ pk, sk: `submission/${id}`, records: fresh.length }));
  await putTogether(table, [...marks, ...habits], subjectOf(fresh));
  return fresh;
}
