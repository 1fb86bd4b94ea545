import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { zstdCompress, zstdDecompress } from "node:zlib";
import type { Item, Value } from "./items.ts";

const compressed = promisify(zstdCompress);
const decompressed = promisify(zstdDecompress);

/** Under the limit of an item, with room for its keys. */
const PART_BYTES = 350_000;

/** Bytes that may be larger than an item, compressed and cut. Named by their own hash, so that no two writers mix theirs. */
export interface Parts {
  readonly hash: string;
  readonly parts: readonly Uint8Array[];
}

export async function cut(bytes: Uint8Array | string): Promise<Parts> {
  const whole = await compressed(bytes);
  const parts = Array.from({ length: Math.ceil(whole.length / PART_BYTES) }, (_, part) =>
    whole.subarray(part * PART_BYTES, (part + 1) * PART_BYTES),
  );
  return { hash: createHash("sha256").update(whole).digest("hex"), parts };
}

/** Sort keys of parts begin so, and are in the order of the parts. */
export const partsPrefix = (of: string, hash: string): string => `${of}/${hash}/`;

/** Parts as items of one partition, from the nth on. */
export const partItems = (pk: string, of: string, { hash, parts }: Parts, from = 0): Item[] =>
  parts
    .map((bytes, part) => ({ pk, sk: `${partsPrefix(of, hash)}${String(part).padStart(4, "0")}`, bytes }))
    .slice(from);

/** The bytes again, of all their parts in order. */
export async function joined(parts: readonly Item[]): Promise<Uint8Array> {
  return decompressed(Buffer.concat(parts.map(({ bytes }) => bytesOf(bytes))));
}

const bytesOf = (value: Value | undefined): Uint8Array =>
  value instanceof Uint8Array ? value : new Uint8Array();
