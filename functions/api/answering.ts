import { isSelfClaimed, type Recorded } from "../domain/enrolments.ts";
import type { ProjectName } from "../domain/names.ts";
import type { ArtifactRow } from "../domain/view.ts";
import { nextSteps, type Outcome, type Receipt, type ReceiptLine } from "../records/receipts.ts";
import type { Submitter } from "./callers.ts";
import type { Stored } from "./recording.ts";
import type { ApiPorts } from "./seams.ts";

const outcomeOf = (added: boolean, others: readonly unknown[]): Outcome =>
  others.length > 0 ? "contested" : added ? "recorded" : "already-recorded";

function lineFor(
  record: Recorded,
  onRecord: readonly Recorded[],
  added: boolean,
  row: ArtifactRow | undefined,
): ReceiptLine {
  const { file, release, digest, authority } = record;
  const others = [...new Set(onRecord.map((other) => other.digest))].filter((other) => other !== digest);
  const outcome = outcomeOf(added, others);
  const soFar = { verdict: row?.verdict ?? null, standing: row?.standing ?? null };
  return { file, release, digest, authority, outcome, added, others, ...soFar };
}

/** Writes the receipt of what was stored, from what is now on record and the view as it stands. */
export async function receiptFor(
  ports: ApiPorts,
  project: ProjectName,
  by: Submitter,
  stored: Stored,
): Promise<Receipt> {
  const rows = new Map<string, ArtifactRow>();
  for (const row of await ports.view.ofProject(project))
    if (row.enrolment === by.enrolment) rows.set(row.file, row);
  const added = new Set(stored.added.map((record) => record.file));
  const files = stored.records.map((record) => {
    const onRecord = stored.onRecord.get(record.file) ?? [];
    return lineFor(record, onRecord, added.has(record.file), rows.get(record.file));
  });
  const enrolments = await ports.enrolments.ofProject(project);
  return {
    project,
    enrolment: by.enrolment,
    selfClaimed: enrolments.some((each) => each.id === by.enrolment && isSelfClaimed(each)),
    manifest: stored.manifest,
    credential: by.credential,
    receivedAt: stored.records[0]?.recordedAt ?? ports.clock.now(),
    files,
    next: nextSteps(project, files),
  };
}
