import { alertId, type Finding } from "../domain/findings.ts";
import {
  artifactSubject,
  type LedgerBody,
  type LedgerEntry,
  MONITOR,
  type Subject,
} from "../domain/ledger.ts";
import { Conflict, type Ledger, type Topics, type View } from "../ports.ts";
import { render } from "./render.ts";

export interface AlertPorts {
  readonly ledger: Ledger;
  readonly topics: Topics;
  readonly view: Pick<View, "markPublished">;
}

/**
 * Publishes one finding's state and marks it published. A repetition finds the mark and only repairs the view; a
 * crash between publishing and marking reports twice, under the same alert id.
 */
export async function alert(finding: Finding, ports: AlertPorts): Promise<void> {
  const id = alertId(finding);
  const subject = subjectOf(finding);
  const history = await ports.ledger.read(subject);
  if (!isPublished(history, id)) {
    await ports.topics.publish(render(finding));
    await mark(subject, history, finding, ports.ledger);
  }
  await ports.view.markPublished(finding);
}

/** Findings about the monitor itself live in its own history. */
const subjectOf = (finding: Finding): Subject =>
  finding.project === null || finding.file === null
    ? MONITOR
    : artifactSubject(finding.project, finding.file);

const isPublished = (history: readonly LedgerEntry[], alert: string): boolean =>
  history.some(({ body }) => body.kind === "published" && body.alert === alert);

async function mark(
  subject: Subject,
  known: readonly LedgerEntry[],
  finding: Finding,
  ledger: Ledger,
): Promise<void> {
  const id = alertId(finding);
  const body: LedgerBody = { kind: "published", alert: id, finding: finding.id, state: finding.state };
  let history = known;
  while (!isPublished(history, id)) {
    try {
      await ledger.append(subject, history.at(-1) ?? null, body);
      return;
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      history = await ledger.read(subject);
    }
  }
}
