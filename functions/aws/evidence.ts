import * as z from "zod/mini";
import { type Digest, hexOf, isDigest } from "../domain/digests.ts";
import {
  type Cap,
  CappedSpool,
  capBrokenBy,
  EVIDENCE_CAPS,
  type EvidenceCaps,
  type EvidenceItem,
  refusal,
} from "../domain/evidence.ts";
import { dayOf, hours } from "../domain/instants.ts";
import type { Evidence, EvidenceOptions } from "../ports.ts";
import { path } from "./object-keys.ts";
import type { Listed, Objects } from "./objects.ts";

/** Items from before there was a cap for findings say nothing of one. */
const ITEM: z.ZodMiniType<EvidenceItem> = z.object({
  project: z.string(),
  file: z.string(),
  digest: z.custom<Digest>((value) => typeof value === "string" && isDigest(value)),
  at: z.string(),
  sizeBytes: z.int(),
  whole: z.boolean(),
  keptFor: z._default(z.nullable(z.string()), null),
  refused: z._default(z.nullable(z.enum(["day", "finding"])), null),
});

const bytesKey = (digest: Digest): string => `bytes/sha256/${hexOf(digest)}`;

/**
 * Divergent bytes in a bucket: `bytes/sha256/<hex>` once each, and an item for each artifact that had them; `.refused` is in
 * the name of one that a cap refused. Held in memory while they arrive, capped; written when they proved worth it. Two
 * fetches of one artifact at the same moment may together pass a cap by one body.
 */
export const evidence = (store: Objects, { caps = EVIDENCE_CAPS, log }: EvidenceOptions = {}): Evidence => ({
  spool: () => {
    const spool = new CappedSpool(caps.bodyBytes);
    return {
      tap: (chunk) => spool.take(chunk),
      commit: async (item) => {
        const { chunks, ...size } = spool.drain();
        const wanted = { ...item, ...size };
        const refused = await keep(store, wanted, Buffer.concat(chunks), caps);
        if (refused !== null) log?.(...refusal({ ...wanted, refused }));
      },
      discard: () => void spool.drain(),
    };
  },
  list: async (project, file) => {
    const items = await itemsOf(store, await store.list(folderOf({ project, file })));
    const kept = new Set(items.flatMap(({ digest, refused }) => (refused === null ? digest : [])));
    return items.filter(({ digest, refused }) => refused === null || !kept.has(digest)).sort(inOrder);
  },
  read: (digest, from, to) => store.range(bytesKey(digest), from, to),
});

const inOrder = (a: EvidenceItem, b: EvidenceItem): number =>
  `${a.at} ${a.digest}` < `${b.at} ${b.digest}` ? -1 : 1;

const folderOf = ({ project, file }: Pick<EvidenceItem, "project" | "file">): string =>
  `items/${path(project, file)}/`;

type Wanted = Omit<EvidenceItem, "refused">;

/** The bytes first: an item names what is there. */
async function keep(store: Objects, item: Wanted, body: Uint8Array, caps: EvidenceCaps): Promise<Cap | null> {
  const name = `${folderOf(item)}${hexOf(item.digest)}`;
  const put = (key: string, refused: Cap | null) =>
    store.putIfAbsent(key, JSON.stringify({ ...item, refused }), "application/json");
  const listed = await store.list(folderOf(item));
  if (listed.some(({ key }) => key === `${name}.json`)) return null;
  const refused = capBrokenBy(item, await counted(store, item, listed), caps);
  if (refused === null) await store.putIfAbsent(bytesKey(item.digest), body, "application/octet-stream");
  await put(refused === null ? `${name}.json` : `${name}.refused.json`, refused);
  return refused;
}

/** The two clocks may differ by less than this. */
const CLOCKS_MS = hours(1);

/**
 * The items that may count against a cap. What is for no finding counts against its day alone, and what the store took before the
 * day began was seen before it: years of items are not read for that.
 */
async function counted(store: Objects, item: Wanted, listed: readonly Listed[]): Promise<EvidenceItem[]> {
  const beginsMs = Date.parse(dayOf(item.at)) - CLOCKS_MS;
  const isRecent = ({ takenMs }: Listed): boolean => item.keptFor !== null || takenMs >= beginsMs;
  return itemsOf(
    store,
    listed.filter((each) => !each.key.endsWith(".refused.json") && isRecent(each)),
  );
}

const itemsOf = (store: Objects, listed: readonly Listed[]): Promise<EvidenceItem[]> =>
  Promise.all(listed.map(async ({ key }) => ITEM.parse(JSON.parse(await store.text(key)))));
