import { runsOf } from "../domain/abreast.ts";
import { idOf } from "../domain/canonical.ts";
import type { Digest } from "../domain/digests.ts";
import { isLive, type Recorded } from "../domain/enrolments.ts";
import type { Instant } from "../domain/instants.ts";
import type { Records } from "../ports.ts";
import { absentPut, putTogether } from "./absent.ts";
import { habitsOf, newHabits } from "./habits.ts";
import type { Item } from "./items.ts";
import {
  byFile,
  byTime,
  folded,
  ofDigest,
  ofFile,
  recordedIn,
  rowOf,
  sameness,
  samenessOf,
} from "./recorded.ts";
import { Submissions } from "./submissions.ts";
import { items, type Table } from "./table.ts";
import { MOST_IN_TRANSACTION, putOf, together, updateOf } from "./writes.ts";

/**
 * Watchers' records. A submission that fits one transaction is one. The rows of a larger one carry its id and count for
 * nobody until its mark is there, which is put last: a crash before it leaves rows that nobody ever sees, and the same
 * submission again completes it.
 */
export function records(table: Table): Records {
  const submissions = new Submissions(table);
  const rowsOf = (pk: string, prefix: string): Promise<Item[]> =>
    submissions.counting(() => items(table, { pk, prefix }));
  return {
    append: (added) => append(table, added),
    withdraw: async (enrolment, file, digest, at) => {
      const rows = async (): Promise<Item[]> =>
        (await rowsOf(enrolment, ofDigest(file, digest))).filter((row) => isOf(row, file, digest));
      await withdraw(table, await rows(), at);
      return folded(await rows())
        .filter((record) => !isLive(record))
        .sort(byTime);
    },
    ofFile: async (enrolment, file) => {
      const found = folded(await rowsOf(enrolment, ofFile(file)));
      return found.filter((record) => record.file === file).sort(byTime);
    },
    ofEnrolment: async (enrolment) => folded(await rowsOf(enrolment, "file/")).sort(byFile),
    habits: (enrolment, exceptRelease) => habitsOf(table, enrolment, exceptRelease),
  };
}

function isOf(row: Item, file: string, digest: Digest): boolean {
  const record = recordedIn(row);
  return record.file === file && record.digest === digest;
}

const subjectOf = ([record]: readonly Recorded[]): string => `records of ${record?.enrolment}`;

async function append(table: Table, added: readonly Recorded[]): Promise<readonly Recorded[]> {
  const asked = [...new Map(added.toReversed().map((each) => [sameness(each), each])).values()].reverse();
  const { live, there, withdrawals } = await knownTo(table, asked);
  const fresh = asked.filter((record) => !live.has(sameness(record)));
  if (fresh.length === 0) return [];
  const habits = newHabits(fresh).filter(({ pk, sk }) => !there.has(`${pk} ${sk}`));
  if (fresh.length + habits.length > MOST_IN_TRANSACTION) {
    await appendLarge(table, { fresh, habits, id: idOf([...fresh, withdrawals]) });
    return fresh;
  }
  const subject = subjectOf(fresh);
  const made = await together(table, [
    ...fresh.map((record) => ({ Put: rowPut(table, rowOf(record), subject) })),
    ...habits.map((item) => ({ Put: absentPut(table, item, subject) })),
  ]);
  return fresh.filter((_, index) => made.has(index));
}

/** Over nothing but a row that was withdrawn: what became of it is in the ledger. */
const rowPut = (table: Table, row: Item, subject: string) =>
  putOf(table, row, subject, { when: "attribute_not_exists(#pk) OR attribute_exists(#withdrawnAt)" });

interface Known {
  /** Records that are live, by their sameness. */
  readonly live: ReadonlySet<string>;
  /** Keys of all rows, habits and marks. */
  readonly there: ReadonlySet<string>;
  /** How often something was withdrawn and stays so: a large submission that comes again after that is another one. */
  readonly withdrawals: number;
}

/** What is there of these records' enrolments: one read of each, whose marks come behind its rows. */
async function knownTo(table: Table, asked: readonly Recorded[]): Promise<Known> {
  const [live, there] = [new Set<string>(), new Set<string>()];
  let withdrawals = 0;
  for (const pk of new Set(asked.map(({ enrolment }) => enrolment))) {
    const all = await items(table, { pk, only: ["pk", "sk", "submission", "withdrawnAt"] });
    for (const { sk } of all) there.add(`${pk} ${sk}`);
    const counts = ({ submission }: Item): boolean =>
      submission === undefined || there.has(`${pk} submission/${submission}`);
    for (const row of all.filter(counts))
      if (row["withdrawnAt"] === undefined) live.add(samenessOf(row));
      else withdrawals += 1;
  }
  return { live, there, withdrawals };
}

interface Large {
  readonly fresh: readonly Recorded[];
  readonly habits: readonly Item[];
  readonly id: string;
}

async function appendLarge(table: Table, { fresh, habits, id }: Large): Promise<void> {
  const subject = subjectOf(fresh);
  const rows = fresh.map((record) => rowOf(record, id));
  for (const run of runsOf(MOST_IN_TRANSACTION, rows)) await putTogether(table, run, subject);
  const enrolments = new Set(fresh.map(({ enrolment }) => enrolment));
  const marks = [...enrolments].map((pk) => ({ pk, sk: `submission/${id}`, records: fresh.length }));
  await putTogether(table, [...marks, ...habits], subject);
}

/** Every live row, in as few transactions as it takes; the first instant stays. */
async function withdraw(table: Table, rows: readonly Item[], at: Instant): Promise<void> {
  const live = rows.filter((row) => row["withdrawnAt"] === undefined);
  const writes = live.map(({ pk, sk }) => {
    const key = { pk: String(pk), sk: String(sk) };
    const open = "attribute_exists(#pk) AND attribute_not_exists(#withdrawnAt)";
    return { Update: updateOf(table, key, "SET #withdrawnAt = :at", { ":at": at }, open) };
  });
  for (const run of runsOf(MOST_IN_TRANSACTION, writes)) await together(table, run);
}
