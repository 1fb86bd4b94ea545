import * as z from "zod/mini";
import { type Digest, hexOf, isDigest } from "../domain/digests.ts";
import { dayOf, hours } from "../domain/instants.ts";
import type { Evidence, EvidenceItem, EvidenceSpool } from "../ports.ts";
import { path } from "./object-keys.ts";
import type { Listed, Objects } from "./objects.ts";

/** The most that is kept of one body, and of all bodies of one artifact in one day. */
export interface EvidenceCaps {
  readonly bodyBytes: number;
  readonly dayBytes: number;
}

const CAPS: EvidenceCaps = { bodyBytes: 64 * 1024 * 1024, dayBytes: 256 * 1024 * 1024 };

const ITEM: z.ZodMiniType<EvidenceItem> = z.object({
  project: z.string(),
  file: z.string(),
  digest: z.custom<Digest>((value) => typeof value === "string" && isDigest(value)),
  at: z.string(),
  sizeBytes: z.int(),
  whole: z.boolean(),
});

/**
 * Divergent bytes in a bucket: `bytes/sha256/<hex>` once each, and an item for each artifact that had them. Held in memory
 * while they arrive, capped; written when they proved worth it. Two fetches of one artifact at the same moment may
 * together pass the day's cap by one body.
 */
export const evidence = (store: Objects, caps: EvidenceCaps = CAPS): Evidence => ({
  spool: () => spool(store, caps),
  list: async (project, file) => {
    const items = await itemsOf(store, await store.list(folderOf({ project, file })));
    return items.sort((a, b) => (a.at < b.at ? -1 : 1));
  },
});

function spool(store: Objects, caps: EvidenceCaps): EvidenceSpool {
  let chunks: Buffer[] = [];
  let sizeBytes = 0;
  let whole = true;
  return {
    tap: (chunk) => {
      whole &&= sizeBytes + chunk.length <= caps.bodyBytes;
      if (!whole) return;
      // A copy: the chunk is the connection's buffer, and only ours while this call lasts.
      chunks.push(Buffer.from(chunk));
      sizeBytes += chunk.length;
    },
    commit: async (item) => {
      const body = Buffer.concat(chunks);
      chunks = [];
      await keep(store, { ...item, sizeBytes, whole }, body, caps);
    },
    discard: () => {
      chunks = [];
    },
  };
}

const folderOf = ({ project, file }: Pick<EvidenceItem, "project" | "file">): string =>
  `items/${path(project, file)}/`;

/** The bytes first: an item names what is there. */
async function keep(store: Objects, item: EvidenceItem, body: Uint8Array, caps: EvidenceCaps): Promise<void> {
  if ((await spentToday(store, item)) + item.sizeBytes > caps.dayBytes) return;
  const hex = hexOf(item.digest);
  await store.putIfAbsent(`bytes/sha256/${hex}`, body, "application/octet-stream");
  await store.putIfAbsent(`${folderOf(item)}${hex}.json`, JSON.stringify(item), "application/json");
}

/** The two clocks may differ by less than this. */
const CLOCKS_MS = hours(1);

/** Bytes of the items that were seen that day. What the store took before the day began was seen before it. */
async function spentToday(store: Objects, item: EvidenceItem): Promise<number> {
  const day = dayOf(item.at);
  const beginsMs = Date.parse(day) - CLOCKS_MS;
  const listed = await store.list(folderOf(item));
  const recent = await itemsOf(
    store,
    listed.filter(({ takenMs }) => takenMs >= beginsMs),
  );
  return recent.reduce((sum, { at, sizeBytes }) => (dayOf(at) === day ? sum + sizeBytes : sum), 0);
}

const itemsOf = (store: Objects, listed: readonly Listed[]): Promise<EvidenceItem[]> =>
  Promise.all(listed.map(async ({ key }) => ITEM.parse(JSON.parse(await store.text(key)))));
