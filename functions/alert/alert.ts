import { inForce } from "../domain/amendments.ts";
import { type Contact, isInForce } from "../domain/enrolments.ts";
import { alertId, type Finding } from "../domain/findings.ts";
import type { LedgerBody, LedgerEntry, Subject } from "../domain/ledger.ts";
import { isPublished, subjectOf } from "../domain/told.ts";
import { type Clock, Conflict, type Enrolments, type Ledger, type Topics, type View } from "../ports.ts";
import { render } from "./render.ts";

export interface AlertPorts {
  readonly clock: Clock;
  readonly enrolments: Pick<Enrolments, "ofProject">;
  readonly ledger: Ledger;
  readonly topics: Topics;
  readonly view: Pick<View, "markPublished">;
}

/**
 * Publishes one finding's state and marks it published. A repetition finds the mark and only repairs the view; a
 * crash between publishing and marking reports twice, under the same alert id.
 */
export async function alert(finding: Finding, ports: AlertPorts): Promise<void> {
  const subject = subjectOf(finding);
  const history = await ports.ledger.read(subject);
  if (!isPublished(history, finding)) {
    await ports.topics.publish(render(finding), await contactsOf(finding, ports));
    await mark(subject, history, finding, ports.ledger);
  }
  await ports.view.markPublished(finding);
}

/**
 * Whom the watcher of a finding wants told: the contacts whom it names, else those in force now. Health is the operator's
 * matter.
 */
async function contactsOf(
  { project, enrolment, topic, to }: Finding,
  ports: AlertPorts,
): Promise<readonly Contact[]> {
  if (project === null || enrolment === null || topic === "health") return [];
  const now = ports.clock.now();
  const stored = (await ports.enrolments.ofProject(project)).find(({ id }) => id === enrolment);
  if (stored === undefined) return [];
  const { contacts } = inForce(stored, now);
  return contacts.filter((contact) => (to === null ? isInForce(contact, now) : to.includes(contact.id)));
}

async function mark(
  subject: Subject,
  known: readonly LedgerEntry[],
  finding: Finding,
  ledger: Ledger,
): Promise<void> {
  const id = alertId(finding);
  const body: LedgerBody = { kind: "published", alert: id, finding: finding.id, state: finding.state };
  let history = known;
  while (!isPublished(history, finding)) {
    try {
      await ledger.append(subject, history.at(-1) ?? null, body);
      return;
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      history = await ledger.read(subject);
    }
  }
}
