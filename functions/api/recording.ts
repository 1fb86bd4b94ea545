import { abreast } from "../domain/abreast.ts";
import { changesNaming } from "../domain/changes.ts";
import { type Digest, sha256 } from "../domain/digests.ts";
import type { Recorded } from "../domain/enrolments.ts";
import { enrolmentSubject, type LedgerEntry } from "../domain/ledger.ts";
import type { ProjectName } from "../domain/names.ts";
import { releaseOf } from "../domain/releases.ts";
import { parseSubmission } from "../records/formats.ts";
import type { Submission } from "../records/submissions.ts";
import type { Submitter } from "./callers.ts";
import { untilUncontended } from "./contention.ts";
import { Refused } from "./problems.ts";
import type { ApiPorts } from "./seams.ts";

/** A submission that is stored. */
export interface Stored {
  readonly submission: Submission;
  readonly manifest: Digest;
  readonly records: readonly Recorded[];
  /** Those of `records` that were not there before. */
  readonly added: readonly Recorded[];
  /** All that is on record for each file of the submission, with it. */
  readonly onRecord: ReadonlyMap<string, readonly Recorded[]>;
}

/** Bytes of records in one ledger entry: an entry travels through streams with limits, like a message. */
const MOST_ENTRY_BYTES = 150_000;

/**
 * The most records of one enrolment for one file. Every judgement of the file reads them, for every enrolment: who submits
 * new digests without end must not be able to stop the others' verdicts.
 */
export const MOST_RECORDS_PER_FILE = 100;

const ABREAST = 32;

async function onRecord(
  ports: ApiPorts,
  enrolment: string,
  records: readonly Recorded[],
): Promise<Map<string, readonly Recorded[]>> {
  return new Map(
    await abreast(ABREAST, records, async ({ file }) => [file, await ports.records.ofFile(enrolment, file)]),
  );
}

function demandRoom(records: readonly Recorded[], before: ReadonlyMap<string, readonly Recorded[]>): void {
  for (const record of records) {
    const known = before.get(record.file) ?? [];
    if (known.length < MOST_RECORDS_PER_FILE || known.some((each) => sameness(each) === sameness(record)))
      continue;
    throw new Refused(
      "too-many-records",
      `${record.file} has ${known.length} records already. Records are never removed, and a file has one true digest.`,
    );
  }
}

/** What makes two records one and the same. */
const sameness = ({ file, digest, authority }: Recorded): string => `${digest} ${authority} ${file}`;

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

function lacking(history: readonly LedgerEntry[], records: readonly Recorded[]): Recorded[] {
  const told = new Set(
    history.flatMap(({ body }) => (body.kind === "recorded" ? body.records.map(sameness) : [])),
  );
  return records.filter((record) => !told.has(sameness(record)));
}

/**
 * Appends what the enrolment's history does not tell yet. It asks the history, not whether the records were new: so a
 * crash between record and ledger is mended by the same submission again.
 */
async function tell(
  ports: ApiPorts,
  by: Submitter,
  manifest: Digest,
  records: readonly Recorded[],
): Promise<void> {
  const subject = enrolmentSubject(by.enrolment);
  const history = await ports.ledger.read(subject);
  let last = history.at(-1) ?? null;
  for (const run of runs(lacking(history, records)))
    last = await ports.ledger.append(subject, last, {
      kind: "recorded",
      manifest,
      records: run,
      by: by.credential,
    });
}

/**
 * Parses and stores a submission, and has the named artifacts looked at again. Everything is durable when it resolves.
 * Each write may be repeated: after a crash at any point the same submission again leaves what one would have left.
 * Throws `SubmissionRefused` before the first write.
 */
export async function store(
  ports: ApiPorts,
  project: ProjectName,
  by: Submitter,
  body: Uint8Array,
): Promise<Stored> {
  const submission = parseSubmission(body, project);
  const at = ports.clock.now();
  const manifest = sha256(body);
  const records = submission.claims.map(
    ({ file, digest }): Recorded => ({
      ...by,
      project,
      file,
      digest,
      release: releaseOf(file, project, []),
      recordedAt: at,
    }),
  );
  const before = await onRecord(ports, by.enrolment, records);
  demandRoom(records, before);
  const added = await ports.records.append(records);
  await untilUncontended(() => tell(ports, by, manifest, records));
  const files = records.map((record) => record.file);
  await ports.queues.changes.now.send(changesNaming({ project, reason: "record", at }, files));
  await ports.durability.flush();
  for (const record of added) before.set(record.file, [...(before.get(record.file) ?? []), record]);
  return { submission, manifest, records, added, onRecord: before };
}
