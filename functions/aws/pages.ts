import { abreast } from "../domain/abreast.ts";
import type { Digest } from "../domain/digests.ts";
import type { Page } from "../domain/pages.ts";
import type { PageStore } from "../ports.ts";
import type { Item } from "./items.ts";
import { cut, joined, partItems, partsPrefix } from "./parts.ts";
import { get, items, type Table } from "./table.ts";
import { ABSENT, put, putOf } from "./writes.ts";

const ABREAST = 4;

const wholeKey = (digest: string) => ({ pk: `page/${digest}`, sk: "page" });
const lookKey = (project: string) => ({ pk: `look/${project}`, sk: "look" });

/**
 * Pages as they came and as they were parsed, compressed, in parts. The item `page`, put last, makes a page whole; it holds
 * the first part itself, which is all of most pages.
 */
export function pageStore(table: Table): PageStore {
  const kept = async (digest: Digest): Promise<Page | null> => {
    const first = await get(table, wholeKey(digest));
    return first && JSON.parse(Buffer.from(await joined(await allParts(table, first))).toString("utf8"));
  };
  return {
    keep: async (page, body) => {
      if ((await get(table, wholeKey(page.digest))) === null) await keep(table, page, body);
    },
    kept,
    body: async (digest) => {
      const { pk } = wholeKey(digest);
      const whole = await get(table, wholeKey(digest));
      if (whole === null) return null;
      return joined(await items(table, { pk, prefix: partsPrefix("body", String(whole["body"])) }));
    },
    latest: async (project) => {
      const look = await get(table, lookKey(project));
      const page = look?.["page"];
      return look && { at: String(look["at"]), page: page === undefined ? null : await kept(page as Digest) };
    },
    remember: async (project, page, at) => {
      const item = { ...lookKey(project), at, ...(page && { page: page.digest }) };
      // Looks of one project overlap now and then; the later one is the latest, whichever is written last.
      const later = { when: "attribute_not_exists(#pk) OR #at <= :at", with: { ":at": at } };
      await put(table, putOf(table, item, `the look at ${project}`, later));
    },
  };
}

async function keep(table: Table, page: Page, body: Uint8Array): Promise<void> {
  const { pk, sk } = wholeKey(page.digest);
  const parsed = await cut(JSON.stringify(page));
  const asItCame = await cut(body);
  const { hash, parts } = parsed;
  const [bytes = new Uint8Array(), ...further] = parts;
  const subject = `the page of ${page.project}`;
  const all = [...partItems(pk, "page", parsed, 1), ...partItems(pk, "body", asItCame)];
  await abreast(ABREAST, all, (part) => put(table, putOf(table, part, subject)));
  const whole = { pk, sk, bytes, hash, further: further.length, body: asItCame.hash };
  await put(table, putOf(table, whole, subject, ABSENT));
}

async function allParts(table: Table, first: Item): Promise<readonly Item[]> {
  if (first["further"] === 0) return [first];
  const prefix = partsPrefix("page", String(first["hash"]));
  return [first, ...(await items(table, { pk: String(first["pk"]), prefix }))];
}
