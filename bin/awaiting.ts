import { setTimeout } from "node:timers/promises";
import type { Client } from "../functions/client/client.ts";
import type { ArtifactAnswer } from "../functions/records/answers/artifacts.ts";
import type { ReceiptAnswer } from "../functions/records/answers/records.ts";
import { counted, say, word } from "./printing.ts";

const LOOK_EVERY_MS = 500;

/** Until then the monitor is still fetching, or has not judged by what was just recorded. */
const UNDECIDED: ReadonlySet<string | null> = new Set([
  null,
  "baseline",
  "awaiting-record",
  "unrecorded",
  "unverifiable",
]);

const RIGHT: ReadonlySet<string | null> = new Set(["match"]);

/** The monitor's rows of the receipt's files, by file, as they are now. */
async function rowsOf(client: Client, receipt: ReceiptAnswer): Promise<ReadonlyMap<string, ArtifactAnswer>> {
  const files = new Set(receipt.files.map(({ file }) => file));
  const { artifacts } = await client.artifacts(receipt.project);
  const own = artifacts.filter(({ enrolment, file }) => enrolment === receipt.enrolment && files.has(file));
  return new Map(own.map((row) => [row.file, row]));
}

const isDecided = (row: ArtifactAnswer | undefined): boolean =>
  row !== undefined && !UNDECIDED.has(row.verdict) && row.hashedAt !== null;

/** What became of files that were recorded, as far as it is known. */
export interface Awaited {
  readonly rows: ReadonlyMap<string, ArtifactAnswer>;
  readonly undecided: readonly string[];
  readonly wrong: readonly string[];
}

/** Looks until every file of the receipt has a verdict over its bytes, or the time is over. */
export async function awaitVerdicts(
  client: Client,
  receipt: ReceiptAnswer,
  mostMs: number,
): Promise<Awaited> {
  const files = receipt.files.map(({ file }) => file);
  for (let leftMs = mostMs; ; leftMs -= LOOK_EVERY_MS) {
    const rows = await rowsOf(client, receipt);
    const undecided = files.filter((file) => !isDecided(rows.get(file)));
    const wrong = files.filter(
      (file) => isDecided(rows.get(file)) && !RIGHT.has(rows.get(file)?.verdict ?? null),
    );
    if (undecided.length === 0 || leftMs <= 0) return { rows, undecided, wrong };
    await setTimeout(LOOK_EVERY_MS);
  }
}

/** One line a file, and what the undecided ones wait for. */
export function sayAwaited({ rows, undecided }: Awaited, receipt: ReceiptAnswer): void {
  say();
  for (const { file } of receipt.files) {
    const row = rows.get(file);
    const by = row?.authority ? ` (${row.authority})` : "";
    say(`${word(row?.verdict ?? "not published yet", 18)} ${file}${by}`);
  }
  if (undecided.length > 0)
    say(
      `\n${counted(undecided.length, "file")} without a verdict yet: the monitor goes on by itself, and tells you if it differs.`,
    );
}
