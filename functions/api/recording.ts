import { abreast } from "../domain/abreast.ts";
import { changesNaming } from "../domain/changes.ts";
import type { Digest } from "../domain/digests.ts";
import { isLive, type Recorded } from "../domain/enrolments.ts";
import type { Instant } from "../domain/instants.ts";
import { sameness } from "../domain/records.ts";
import { releaseOf } from "../domain/releases.ts";
import type { Submission } from "../records/submissions.ts";
import { untilUncontended } from "./contention.ts";
import { tellContests } from "./contesting.ts";
import { Refused } from "./problems.ts";
import type { ApiPorts } from "./seams.ts";
import type { Submitter } from "./submitting.ts";
import { moveOn, settle, tellRecords } from "./telling.ts";

/** A submission as it came and as it was read, and who signed it. */
export interface Submitted {
  readonly submission: Submission;
  /** What was signed, or all of it. */
  readonly manifest: { readonly digest: Digest; readonly bytes: Uint8Array };
  readonly signatures: readonly { readonly signer: string; readonly armored: string }[];
}

/** A submission that is stored. */
export interface Stored {
  readonly records: readonly Recorded[];
  /** Those of `records` that were not on record before. */
  readonly added: readonly Recorded[];
  /** All that is on record for the submission's files, with it. */
  readonly live: readonly Recorded[];
}

/**
 * The most records of one enrolment for one file. Every judgement of the file reads them, for every enrolment: who submits
 * new digests without end must not be able to stop the others' verdicts.
 */
export const MOST_RECORDS_PER_FILE = 100;

/** Fewer by CI: whoever stole its key must not be able to fill a file of the next release, so that its maintainer cannot record it. */
export const MOST_CI_RECORDS_PER_FILE = 50;

const ABREAST = 32;

/** From so many files on one read of all that the enrolment recorded is quicker than one of each file. */
const MANY = 100;

async function storedFor(
  { records }: ApiPorts,
  { enrolment }: Submitter,
  { claims }: Submission,
): Promise<Recorded[]> {
  if (claims.length <= MANY) {
    return (await abreast(ABREAST, claims, ({ file }) => records.ofFile(enrolment.id, file))).flat();
  }
  const named = new Set(claims.map(({ file }) => file));
  return (await records.ofEnrolment(enrolment.id)).filter(({ file }) => named.has(file));
}

function demandRoom(records: readonly Recorded[], before: readonly Recorded[]): void {
  const known = Map.groupBy(before, ({ file }) => file);
  const same = new Set(before.map(sameness));
  for (const record of records) {
    const count = known.get(record.file)?.length ?? 0;
    const most = record.authority === "ci" ? MOST_CI_RECORDS_PER_FILE : MOST_RECORDS_PER_FILE;
    if (count < most || same.has(sameness(record))) continue;
    throw new Refused(
      "too-many-records",
      `${record.file} has ${count} records already. Records are never removed, and a file has one true digest.`,
    );
  }
}

/**
 * A signature can be carried again by whoever has seen it. What its maker took back since must not come back by it: that takes
 * a maintainer's key.
 */
function demandNotReplayed(
  records: readonly Recorded[],
  before: readonly Recorded[],
  { authority }: Submitter,
): void {
  const over = new Set(before.filter((record) => !isLive(record)).map(sameness));
  const replayed = records.find((record) => record.signers.length > 0 && over.has(sameness(record)));
  if (authority !== "maintainer" && replayed !== undefined)
    throw new Refused(
      "was-withdrawn",
      `${replayed.digest} of ${replayed.file} was withdrawn after it was signed. A maintainer's key can record it again.`,
    );
}

function recordsOf(
  { submission, manifest, signatures }: Submitted,
  { enrolment, authority, credential }: Submitter,
  recordedAt: Instant,
): Recorded[] {
  const { id, project } = enrolment;
  const signers = signatures.map(({ signer }) => signer).sort();
  const said = { enrolment: id, project, credential, recordedAt, signers, withdrawnAt: null } as const;
  return submission.claims.map(({ file, digest }) => ({
    ...said,
    file,
    digest,
    release: releaseOf(file, project, []),
    authority: signers.length > 0 ? "maintainer" : authority,
    manifest: manifest.digest,
  }));
}

/**
 * Stores a submission, and has the named artifacts looked at again. The order is the promise: first the manifest, so that no
 * record names one that is not there; then the history, and whoever must hear that a file has two digests; only then
 * the records, by which everybody judges. Each write may be repeated: after a crash at any point the same submission
 * again leaves what one would have left. Durable when it resolves. Throws `Refused` before the first write.
 */
export async function store(ports: ApiPorts, by: Submitter, submitted: Submitted): Promise<Stored> {
  const now = ports.clock.now();
  const { enrolment } = by;
  const records = recordsOf(submitted, by, now);
  const files = records.map(({ file }) => file);
  const before = await storedFor(ports, by, submitted.submission);
  demandRoom(records, before);
  demandNotReplayed(records, before, by);
  await keepManifest(ports, by, submitted, isNews(records, before));
  const { digest } = submitted.manifest;
  const told = await untilUncontended(() => tellRecords(ports, by, digest, records, before));
  await tellContests(ports, enrolment, { files, live: told.live, by: by.by, now });
  const added = await ports.records.append(records);
  await settle(ports, enrolment, told, new Set(files));
  await moveOn(ports, by.stored, told.recent);
  const asked = { project: enrolment.project, reason: "record", at: now } as const;
  await ports.queues.changes.now.send(changesNaming(asked, files));
  await ports.durability.flush();
  return { records, added, live: told.live };
}

function isNews(records: readonly Recorded[], before: readonly Recorded[]): boolean {
  const live = new Set(before.filter(isLive).map(sameness));
  return records.some((record) => !live.has(sameness(record)));
}

/**
 * Bytes that add no record are not kept: else whoever has a key could have us store a mebibyte at each request, by the same
 * lines in another order. Each that is kept costs a record, and records have a limit.
 */
async function keepManifest(
  { manifests }: ApiPorts,
  { enrolment }: Submitter,
  { manifest, signatures }: Submitted,
  news: boolean,
): Promise<void> {
  if (news) await manifests.keep(enrolment.id, { ...manifest, signatures });
}
