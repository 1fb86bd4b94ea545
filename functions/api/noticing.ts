import { alertId, type Finding } from "../domain/findings.ts";
import type { Instant } from "../domain/instants.ts";
import type { LedgerEntry } from "../domain/ledger.ts";
import { findingsIn, findingsOf, isPublished, subjectOf } from "../domain/told.ts";
import { untilUncontended } from "./contention.ts";
import type { ApiPorts } from "./seams.ts";

/** A finding's latest state, where it stands in its history, and whether alert has said it. */
export interface Latest {
  readonly finding: Finding;
  readonly number: number;
  readonly isPublished: boolean;
}

/** What the history of a finding's subject says of it last; `null` when it says nothing. */
export function latestIn(history: readonly LedgerEntry[], id: string): Latest | null {
  const finding = findingsOf(history).get(id);
  const entry = history.findLast(({ body }) => findingsIn(body).some((each) => each.id === id));
  if (finding === undefined || entry === undefined) return null;
  return { finding, number: entry.number, isPublished: isPublished(history, finding) };
}

/**
 * Appends what `decide` makes of a finding's latest state to the history of its subject; `null` leaves it as it is. Answers
 * the state it then has.
 */
export async function appendState(
  about: Finding,
  by: string,
  { ledger }: Pick<ApiPorts, "ledger">,
  decide: (latest: Finding | null) => Finding | null,
): Promise<Latest | null> {
  return untilUncontended(async () => {
    const subject = subjectOf(about);
    const history = await ledger.read(subject);
    const latest = latestIn(history, about.id);
    const finding = decide(latest?.finding ?? null);
    if (finding === null) return latest;
    const { number } = await ledger.append(subject, history.at(-1) ?? null, { kind: "told", finding, by });
    const isSaid = latest?.isPublished === true && alertId(latest.finding) === alertId(finding);
    return { finding, number, isPublished: isSaid };
  });
}

/** Puts a state into the view and has alert say it, unless it did. Safe to repeat. */
export async function publish(
  { finding, number, isPublished: isSaid }: Latest,
  { view, queues }: ApiPorts,
): Promise<void> {
  await view.putFindings([finding], number);
  if (!isSaid) await queues.alerts.send([finding]);
}

/**
 * Tells a finding that needs nothing from the index: first in its subject's history, then wherever findings are told. What
 * was told already is not told again, unless it came about anew (`since`): then it counts as opened once more, and nobody
 * has acknowledged it. Repeated, it makes good what a crash left undone.
 */
export async function tellOnce(
  finding: Finding,
  { by, since }: { readonly by: string; readonly since: Instant },
  ports: ApiPorts,
): Promise<void> {
  const told = await appendState(finding, by, ports, (latest) => {
    if (latest === null) return finding;
    return latest.openedAt < since ? { ...finding, opening: latest.opening + 1 } : null;
  });
  if (told !== null) await publish(told, ports);
}
