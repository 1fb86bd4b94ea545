import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import * as z from "zod/mini";
import { canonicalJson } from "../../domain/canonical.ts";
import { sha256 } from "../../domain/digests.ts";
import { isIntact, type LedgerEntry, type Subject } from "../../domain/ledger.ts";
import type { Log } from "../logging.ts";
import type { Meter } from "../metrics.ts";
import { path } from "../object-keys.ts";
import type { Objects } from "../objects.ts";

export interface CopyPorts {
  /** The bucket that nobody can delete from. */
  readonly copies: Pick<Objects, "putIfAbsent" | "text">;
  readonly meter: Pick<Meter, "count">;
  readonly log: Log;
}

const KEYS = z.looseObject({ subject: z.string(), number: z.int() });
const ITEM = z.looseObject({ subject: z.string(), number: z.int(), entry: z.string() });
const ENTRY = z.strictObject({
  subject: z.string(),
  number: z.int(),
  previous: z.nullable(z.string()),
  at: z.string(),
  body: z.looseObject({ kind: z.string() }),
  hash: z.string(),
});

/**
 * Takes one record of the ledger's stream: copies an entry that was added, and raises an alarm for anything else, because the
 * ledger is only ever added to. Idempotent. Throws only when the bucket does not answer: the record is tried again.
 */
export async function copy(record: DynamoDBRecord, ports: CopyPorts): Promise<void> {
  const { Keys = {}, NewImage } = record.dynamodb ?? {};
  const keys = KEYS.safeParse(plain(Keys)).data ?? { subject: "?", number: -1 };
  const told = { subject: keys.subject, number: keys.number, change: record.eventName };
  if (record.eventName !== "INSERT" || NewImage === undefined)
    return tampering("an entry of the ledger was modified or removed", told, ports);
  const entry = entryIn(plain(NewImage));
  if (entry === null) return tampering("an entry of the ledger is not what its hash says", told, ports);
  const [key, text] = [keyOf(entry), canonicalJson(entry)];
  const isNew = await ports.copies.putIfAbsent(key, text, "application/json");
  if (!isNew && (await ports.copies.text(key)) !== text)
    return tampering("an entry of the ledger was written a second time, and differs", told, ports);
  ports.meter.count("LedgerCopied");
  ports.log("debug", "ledger entry copied", told);
}

/** The stream's types and the client's describe the same JSON. */
const plain = (image: object): Record<string, unknown> => unmarshall(image as Record<string, AttributeValue>);

/** The whole entry, where item, entry and hash agree; else `null`. */
function entryIn(image: Record<string, unknown>): LedgerEntry | null {
  const item = ITEM.safeParse(image).data;
  const entry = item === undefined ? null : intactEntry(item.entry);
  return entry?.subject === item?.subject && entry?.number === item?.number ? entry : null;
}

function intactEntry(text: string): LedgerEntry | null {
  try {
    const entry = ENTRY.parse(JSON.parse(text)) as unknown as LedgerEntry;
    return isIntact(entry) ? entry : null;
  } catch {
    // Also what no hash can be taken of: it must not come back for ever, before all that follows it.
    return null;
  }
}

const NUMBER_DIGITS = 12;
const MOST_FOLDER_CHARS = 990;

const keyOf = ({ subject, number }: LedgerEntry): string =>
  `ledger/${folderOf(subject)}/${String(number).padStart(NUMBER_DIGITS, "0")}.json`;

/** The subject's own parts, so that people find it; its hash where that would be too long. */
function folderOf(subject: Subject): string {
  const folder = path(...subject.split("/"));
  return folder.length <= MOST_FOLDER_CHARS ? folder : path(sha256(subject));
}

/** The copy stays as it is. Not thrown: what was done to the ledger does not mend by trying again. */
function tampering(
  what: string,
  told: Readonly<Record<string, unknown>>,
  { meter, log }: Pick<CopyPorts, "meter" | "log">,
): void {
  meter.count("LedgerTampering");
  log("error", "ledger tampering", { ...told, reason: what });
}
