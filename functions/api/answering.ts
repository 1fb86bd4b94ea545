import { isSelfClaimed, type Recorded } from "../domain/enrolments.ts";
import type { Job } from "../domain/ledger.ts";
import { digestsIn, sameness } from "../domain/records.ts";
import type { ArtifactRow } from "../domain/view.ts";
import { nextSteps, type Receipt, type ReceiptLine } from "../records/receipts.ts";
import type { Stored, Submitted } from "./recording.ts";
import type { ApiPorts } from "./seams.ts";
import type { Submitter } from "./submitting.ts";

const outcomeOf = (added: boolean, others: readonly unknown[]): ReceiptLine["outcome"] =>
  others.length > 0 ? "contested" : added ? "recorded" : "already-recorded";

function lineFor(
  record: Recorded,
  live: readonly Recorded[],
  added: boolean,
  row: ArtifactRow | undefined,
): ReceiptLine {
  const { file, release, digest, authority, signers } = record;
  const others = digestsIn(live).filter((other) => other !== digest);
  const outcome = outcomeOf(added, others);
  const soFar = { verdict: row?.verdict ?? null, standing: row?.standing ?? null };
  return { file, release, digest, authority, signers: [...signers], outcome, added, others, ...soFar };
}

function jobOf(job: Job | null): Receipt["job"] {
  if (job === null) return null;
  const { provider, repository, ref, workflow, run } = job;
  return { provider, repository, ref, workflow, run };
}

/** Writes the receipt of what was stored, from what is now on record and the view as it stands. */
export async function receiptFor(
  ports: ApiPorts,
  { enrolment, by, job }: Submitter,
  { manifest, signatures }: Submitted,
  stored: Stored,
): Promise<Receipt> {
  const { id, project } = enrolment;
  const rows = new Map<string, ArtifactRow>();
  for (const row of await ports.view.ofProject(project)) if (row.enrolment === id) rows.set(row.file, row);
  const added = new Set(stored.added.map(sameness));
  const live = Map.groupBy(stored.live, ({ file }) => file);
  const files = stored.records.map((record) =>
    lineFor(record, live.get(record.file) ?? [], added.has(sameness(record)), rows.get(record.file)),
  );
  return {
    project,
    enrolment: id,
    selfClaimed: isSelfClaimed(enrolment),
    manifest: manifest.digest,
    signed: signatures.length > 0,
    credential: by,
    job: jobOf(job),
    receivedAt: stored.records[0]?.recordedAt ?? ports.clock.now(),
    files,
    next: nextSteps(project, files),
  };
}
