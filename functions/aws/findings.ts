import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Finding } from "../domain/findings.ts";
import { Conflict } from "../ports.ts";
import { getMany } from "./batches.ts";
import { counting } from "./counts.ts";
import { bodyOf, type Item } from "./items.ts";
import { type Key, named, shardOf, shardsOf } from "./keys.ts";
import { patiently } from "./patience.ts";
import { every, type Table } from "./table.ts";
import { ABSENT, checkOf, put, putOf, transact, update, updateOf } from "./writes.ts";

/** The attribute that a finding has until alert has told it, and the index on it. */
const UNPUBLISHED = "unpublished";

type Of = Pick<Finding, "id" | "project" | "file">;

const partitionOf = (project: string | null): string => (project === null ? "monitor" : `project/${project}`);

const findingKey = ({ project, file, id }: Of): Key => ({
  pk: partitionOf(project),
  sk: `finding/${named(file ?? "")}/${named(id)}`,
});

/** Put once some page has shown the file. */
export const shownKey = (project: string, file: string): Key => ({
  pk: partitionOf(project),
  sk: `shown/${named(file)}`,
});

export const findingOf = (item: Item): Finding => bodyOf<Finding>(item);

/** Puts a finding's latest state, forwards only. Throws `Conflict` when others kept writing the same finding. */
export const putFinding = (table: Table, finding: Finding, number: number): Promise<void> =>
  replace(table, finding, (stored) => {
    if (stored !== null && Number(stored["number"]) > number) return null;
    const { state, opening, changedAt } = finding;
    const isSame = stored !== null && stored["state"] === state && stored["opening"] === opening;
    const published = isSame && stored["published"] === true;
    return { number, state, opening, changedAt, published, body: JSON.stringify(finding) };
  });

/** Counts a finding about a file that a page has now shown. */
export const recountFinding = (table: Table, finding: Finding): Promise<void> =>
  replace(table, finding, (stored) => stored);

/** Replaces what is stored by `next` of it, unless that is `null`; again when somebody else was there first. */
async function replace(table: Table, of: Of, next: (stored: Item | null) => Item | null): Promise<void> {
  const once = async (): Promise<true | null> => {
    const { stored, isShown } = await read(table, of);
    const item = next(stored);
    if (item === null) return true;
    const writes = writesOf(table, of, stored, item, isShown);
    if (writes.length === 0) return true;
    return (await written(table, writes)) ? true : null;
  };
  await patiently(table.pause, once, () => new Conflict(`finding ${of.id}`));
}

async function read(table: Table, of: Of): Promise<{ stored: Item | null; isShown: boolean }> {
  const key = findingKey(of);
  const shown = of.project !== null && of.file !== null ? [shownKey(of.project, of.file)] : [];
  const found = await getMany(table, [key, ...shown]);
  const stored = found.find(({ sk }) => sk === key.sk) ?? null;
  return { stored, isShown: found.some(({ sk }) => sk !== key.sk) };
}

/**
 * The finding and what follows from it, as one. It is counted while it is open and about a file that a page has shown: of
 * an embargoed one nobody may learn. That none has shown it is a condition, or a page's news could pass unnoticed.
 */
function writesOf(
  table: Table,
  of: Of,
  stored: Item | null,
  next: Item,
  isShown: boolean,
): TransactWriteItem[] {
  const isOpen = next["state"] === "open";
  const counted = isOpen && isShown;
  const wasCounted = stored?.["counted"] === true;
  if (stored !== null && isSame(stored, next) && counted === wasCounted) return [];
  const { project, file, id } = of;
  const unpublished = next["published"] === true ? {} : { [UNPUBLISHED]: shardOf(UNPUBLISHED, id) };
  const writes = Number(stored?.["writes"] ?? 0);
  const { [UNPUBLISHED]: _, ...kept } = next;
  const item = { ...kept, ...findingKey(of), counted, writes: writes + 1, ...unpublished };
  const unchanged = stored === null ? ABSENT : { when: "#writes = :writes", with: { ":writes": writes } };
  const made: TransactWriteItem[] = [{ Put: putOf(table, item, `finding ${id}`, unchanged) }];
  if (counted !== wasCounted) made.push(counting(table, "openFindings", id, counted ? 1 : -1));
  if (isOpen && !isShown && project !== null && file !== null)
    made.push({ ConditionCheck: checkOf(table, shownKey(project, file), ABSENT) });
  return made;
}

const isSame = (stored: Item, next: Item): boolean =>
  stored["number"] === next["number"] && stored["body"] === next["body"];

async function written(table: Table, writes: readonly TransactWriteItem[]): Promise<boolean> {
  const [first, ...further] = writes;
  if (first?.Put && further.length === 0) return (await put(table, first.Put)).done;
  return (await transact(table, writes)).size === 0;
}

/** Nothing happens to a finding that has left this state. */
export async function markPublished(table: Table, finding: Finding): Promise<void> {
  const { state, opening } = finding;
  const change = `SET #published = :published REMOVE #${UNPUBLISHED} ADD #writes :one`;
  const values = { ":state": state, ":opening": opening, ":published": true, ":one": 1 };
  const isThat = "#state = :state AND #opening = :opening";
  await update(table, updateOf(table, findingKey(finding), change, values, isThat));
}

/** Those unpublished since before this instant, oldest first; an index lags by moments. */
export async function unpublishedFindings(table: Table, before: string, limit: number): Promise<Finding[]> {
  const inShard = (shard: string) =>
    every(table, {
      index: "unpublished",
      where: `#${UNPUBLISHED} = :shard AND #changedAt < :before`,
      values: { ":shard": shard, ":before": before },
      limit,
    });
  const found = (await Promise.all(shardsOf(UNPUBLISHED).map(inShard))).flat().map(findingOf);
  return found.sort((a, b) => (a.changedAt < b.changedAt ? -1 : 1)).slice(0, limit);
}
