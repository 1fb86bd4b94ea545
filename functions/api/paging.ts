import * as z from "zod/mini";
import { Refused } from "./problems.ts";

export const MOST_PER_PAGE = 1_000;
const USUAL_PER_PAGE = 200;

/** A Lambda answers at most 6 MB. Rows of strangers' making may be large: a page ends early rather than fail. */
const MOST_PAGE_BYTES = 4_000_000;

/** The query of every list. */
export const PAGE_ASKED = {
  limit: z.optional(z.string().check(z.regex(/^[1-9]\d{0,3}$/))),
  after: z.optional(z.string().check(z.regex(/^[A-Za-z0-9_-]{1,2000}$/))),
} as const;

/** Where a page begins and how long it is, as asked. */
export interface PageAsked {
  readonly limit?: string | undefined;
  readonly after?: string | undefined;
}

/** By what a list is ordered: texts, the first of which counts most. */
export type SortKey = readonly string[];

/** A list's order. Its name is part of each cursor, so that one list's is refused by another. */
export interface Order<T> {
  readonly name: string;
  readonly keyOf: (item: T) => SortKey;
  readonly newestFirst?: boolean;
}

/** Negative, 0 or positive as `one` comes before, with or after `other`. */
function compared(one: SortKey, other: SortKey): number {
  const at = one.findIndex((part, index) => part !== other[index]);
  return at === -1 ? 0 : (one[at] ?? "") < (other[at] ?? "") ? -1 : 1;
}

const cursorOf = <T>({ name, keyOf }: Order<T>, item: T): string =>
  Buffer.from(JSON.stringify([name, ...keyOf(item)])).toString("base64url");

const Cursor = z.array(z.string()).check(z.minLength(2), z.maxLength(12));

function keyIn(cursor: string, name: string): SortKey {
  const bad = new Refused("bad-query", "after is not what this list gave as next.");
  try {
    const bytes = Buffer.from(cursor, "base64url");
    const [list, ...key] = Cursor.parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
    if (list === name && bytes.toString("base64url") === cursor) return key;
  } catch {
    throw bad;
  }
  throw bad;
}

/** How many items fit one page; at least one. */
function fitting(items: readonly unknown[], limit: number): number {
  let leftBytes = MOST_PAGE_BYTES;
  const over = items.slice(0, limit).findIndex((item) => {
    leftBytes -= Buffer.byteLength(JSON.stringify(item)) + 1;
    return leftBytes < 0;
  });
  return over === -1 ? Math.min(limit, items.length) : Math.max(1, over);
}

/**
 * One page of a list. The cursor says behind which item it begins, not at which number: what is added in front of it moves
 * nothing, and no item is shown twice or left out that keeps its place. Throws `Refused` (`bad-query`).
 */
export function paged<T>(
  items: readonly T[],
  order: Order<T>,
  { limit, after }: PageAsked,
): { readonly items: readonly T[]; readonly next: string | null } {
  const count = limit === undefined ? USUAL_PER_PAGE : Number(limit);
  if (count > MOST_PER_PAGE) throw new Refused("bad-query", `limit is at most ${MOST_PER_PAGE}.`);
  const way = order.newestFirst ? -1 : 1;
  const start = after === undefined ? null : keyIn(after, order.name);
  const rest = items
    .map((item) => ({ item, key: order.keyOf(item) }))
    .filter(({ key }) => start === null || way * compared(key, start) > 0)
    .sort((one, other) => way * compared(one.key, other.key))
    .map(({ item }) => item);
  const page = rest.slice(0, fitting(rest, count));
  const last = page.at(-1);
  return {
    items: page,
    next: last !== undefined && page.length < rest.length ? cursorOf(order, last) : null,
  };
}
