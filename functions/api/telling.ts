import type { Digest } from "../domain/digests.ts";
import type { Enrolment, Recorded } from "../domain/enrolments.ts";
import { enrolmentSubject, type LedgerBody, type LedgerEntry } from "../domain/ledger.ts";
import { liveAfter, sameness } from "../domain/records.ts";
import type { ApiPorts } from "./seams.ts";
import type { Submitter } from "./submitting.ts";

/** Bytes of records in one ledger entry: an entry travels through streams with limits, like a message. */
const MOST_ENTRY_BYTES = 150_000;

/** Splits into runs that each fit a ledger entry. */
function* runs(records: readonly Recorded[]): Generator<Recorded[]> {
  let run: Recorded[] = [];
  let sizeBytes = 0;
  for (const record of records) {
    const costs = Buffer.byteLength(JSON.stringify(record));
    if (sizeBytes + costs > MOST_ENTRY_BYTES && run.length > 0) {
      yield run;
      run = [];
      sizeBytes = 0;
    }
    run.push(record);
    sizeBytes += costs;
  }
  if (run.length > 0) yield run;
}

/** An enrolment's records, as its history tells them; and that history's last entry. */
export interface OnRecord {
  readonly live: readonly Recorded[];
  readonly last: LedgerEntry | null;
  /** What was read of the history. */
  readonly recent: readonly LedgerEntry[];
}

/** What the enrolment's history tells since the enrolment was stored: its last entry, at least. */
export const recentOf = (
  ports: Pick<ApiPorts, "ledger">,
  { id, number }: Enrolment,
): Promise<readonly LedgerEntry[]> => ports.ledger.read(enrolmentSubject(id), Math.max(0, number - 1));

/** So many entries may lie behind the stored enrolment: whoever releases each night must not read years at each. */
const MOST_BEHIND = 200;

/** Kinds of entries that change what an enrolment is. They are stored by whoever appended them, after they were told. */
const CHANGES: readonly LedgerBody["kind"][] = ["amended", "asked", "cancelled", "confirmed", "vouched"];

/** Notes on the stored enrolment how far its history was read, over entries that change nothing about it. */
export async function moveOn(
  { enrolments }: Pick<ApiPorts, "enrolments">,
  stored: Enrolment,
  recent: readonly LedgerEntry[],
): Promise<void> {
  const last = recent.at(-1);
  if (last === undefined || recent.length <= MOST_BEHIND) return;
  const isChange = ({ number, body }: LedgerEntry) => number > stored.number && CHANGES.includes(body.kind);
  if (!recent.some(isChange)) await enrolments.put({ ...stored, number: last.number });
}

/**
 * Appends to the enrolment's history those of the records that it does not tell as live. It asks the history, not whether
 * they are stored: a crash between the two is mended by the same submission again. `before` is what was stored for
 * their files.
 */
export async function tellRecords(
  ports: Pick<ApiPorts, "ledger">,
  { by, enrolment, job }: Submitter,
  manifest: Digest,
  records: readonly Recorded[],
  before: readonly Recorded[],
): Promise<OnRecord> {
  const recent = await recentOf(ports, enrolment);
  const live = liveAfter(before, recent);
  const told = new Set(live.map(sameness));
  const lacking = records.filter((record) => !told.has(sameness(record)));
  let last = recent.at(-1) ?? null;
  for (const run of runs(lacking)) {
    const body: LedgerBody = { kind: "recorded", manifest, records: run, by, ...(job && { job }) };
    last = await ports.ledger.append(enrolmentSubject(enrolment.id), last, body);
  }
  return { live: [...live, ...lacking], last, recent };
}

/**
 * Lets stand on record what stands last in the history. Whoever records and whoever withdraws tell first and store after;
 * of two at once the later told may be the earlier stored. So each looks, after storing, at what was told behind its own
 * entry, and stores that once more: whoever stores last has seen all.
 */
export async function settle(
  ports: Pick<ApiPorts, "ledger" | "records">,
  enrolment: Enrolment,
  { last }: Pick<OnRecord, "last">,
  files: ReadonlySet<string>,
): Promise<void> {
  let number = last?.number ?? 0;
  for (;;) {
    const later = await ports.ledger.read(enrolmentSubject(enrolment.id), number);
    const changing = later.filter(({ body }) => body.kind === "recorded" || body.kind === "withdrawn");
    for (const { body } of changing) await storeAgain(ports, enrolment, body, files);
    if (changing.length === 0) return;
    number = later.at(-1)?.number ?? number;
  }
}

async function storeAgain(
  { records }: Pick<ApiPorts, "records">,
  { id }: Enrolment,
  body: LedgerBody,
  files: ReadonlySet<string>,
): Promise<void> {
  if (body.kind !== "recorded" && body.kind !== "withdrawn") return;
  const concerned = body.records.filter(({ file }) => files.has(file));
  if (body.kind === "recorded" && concerned.length > 0) await records.append(concerned);
  if (body.kind === "withdrawn")
    for (const { file, digest, withdrawnAt, recordedAt } of concerned)
      await records.withdraw(id, file, digest, withdrawnAt ?? recordedAt);
}
