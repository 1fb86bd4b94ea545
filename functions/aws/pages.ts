import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { zstdCompress, zstdDecompress } from "node:zlib";
import { abreast } from "../domain/abreast.ts";
import type { Digest } from "../domain/digests.ts";
import type { Page } from "../domain/pages.ts";
import type { PageStore } from "../ports.ts";
import type { Item, Value } from "./items.ts";
import { get, items, type Table } from "./table.ts";
import { put, putOf } from "./writes.ts";

const compressed = promisify(zstdCompress);
const decompressed = promisify(zstdDecompress);

/** Under the limit of an item, with room for its keys. */
const PART_BYTES = 350_000;
const ABREAST = 4;

const wholeKey = (digest: string) => ({ pk: `page/${digest}`, sk: "page" });
const lookKey = (project: string) => ({ pk: `look/${project}`, sk: "look" });

/**
 * Pages as they came and as they were parsed, compressed, in parts named by their own hash so that no two writers mix
 * theirs. The item `page`, put last, makes a page whole; it holds the first part itself, which is all of most pages.
 */
export function pageStore(table: Table): PageStore {
  const kept = async (digest: Digest): Promise<Page | null> => {
    const first = await get(table, wholeKey(digest));
    return first && JSON.parse((await decompressed(await joined(table, first))).toString("utf8"));
  };
  return {
    keep: async (page, body) => {
      if ((await get(table, wholeKey(page.digest))) === null) await keep(table, page, body);
    },
    kept,
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
  const [first = new Uint8Array(), ...further] = partsOf(await compressed(JSON.stringify(page)));
  const [hash, bodyParts] = [hashOf([first, ...further]), partsOf(await compressed(body))];
  const bodyHash = hashOf(bodyParts);
  const parts = [
    ...further.map((bytes, index) => ({ pk, sk: partKey("page", hash, index + 1), bytes })),
    ...bodyParts.map((bytes, index) => ({ pk, sk: partKey("body", bodyHash, index), bytes })),
  ];
  const subject = `the page of ${page.project}`;
  await abreast(ABREAST, parts, (part) => put(table, putOf(table, part, subject)));
  const whole = { pk, sk, bytes: first, hash, further: further.length, body: bodyHash };
  await put(table, putOf(table, whole, subject, { when: "attribute_not_exists(#pk)" }));
}

const partKey = (of: "page" | "body", hash: string, part: number): string =>
  `${of}/${hash}/${String(part).padStart(4, "0")}`;

const partsOf = (bytes: Uint8Array): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / PART_BYTES) }, (_, part) =>
    bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES),
  );

function hashOf(parts: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

async function joined(table: Table, first: Item): Promise<Uint8Array> {
  if (first["further"] === 0) return bytesOf(first["bytes"]);
  const prefix = `page/${first["hash"]}/`;
  const further = await items(table, { pk: String(first["pk"]), prefix });
  return Buffer.concat([first, ...further].map(({ bytes }) => bytesOf(bytes)));
}

const bytesOf = (value: Value | undefined): Uint8Array =>
  value instanceof Uint8Array ? value : new Uint8Array();
