import { createHash } from "node:crypto";
import { sha256 } from "../domain/digests.ts";

/** What names one item of a table. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** DynamoDB's limits: 2,048 bytes for a partition key, 1,024 for a sort key that holds a name or two among other things. */
const MOST_PARTITION_BYTES = 2_048;
const MOST_NAME_BYTES = 512;

/**
 * A stranger's text as part of a key: itself, or its hash where it would not fit or could not be sent as it is (a lone
 * surrogate becomes the same replacement character as any other). `//` begins no text that is taken as itself, so that
 * nobody can choose a name that is another's hash.
 */
function within(text: string, mostBytes: number): string {
  const fits = text.isWellFormed() && Buffer.byteLength(text) <= mostBytes && !text.startsWith("//");
  return fits ? text : `//${sha256(JSON.stringify(text))}`;
}

/** A file's, release's or id's name as part of a sort key. */
export const named = (name: string): string => within(name, MOST_NAME_BYTES);
export const partition = (text: string): string => within(text, MOST_PARTITION_BYTES);

const SHARDS = 8;

/**
 * One of a few partitions, by hash: together they take 8,000 writes a second, and to ask all of them costs eight calls.
 * Changing the number loses sight of what older code stored.
 */
export function shardOf(kind: string, text: string): string {
  const [first = 0] = createHash("sha256").update(text).digest();
  return `${kind}/${first % SHARDS}`;
}

export const shardsOf = (kind: string): readonly string[] =>
  Array.from({ length: SHARDS }, (_, shard) => `${kind}/${shard}`);

const DIGITS = 16;

/** A number whose text order is its order, up to the largest safe integer. */
export const padded = (number: number): string => String(number).padStart(DIGITS, "0");
