import type { Case } from "./case.ts";
import { isSelfClaimed } from "./enrolments.ts";
import { type Finding, findingId, threadOf } from "./findings.ts";
import { groundsOf } from "./grounds.ts";
import type { Judgement, Ruling, Told } from "./judge.ts";
import { artifactSubject } from "./ledger.ts";
import { isSettled, type Severity, type Verdict } from "./verdicts.ts";

/**
 * What a self-resolving finding waited for. Verdicts that are not here stay open whatever happens next: a
 * substituted file that turns back stays a finding.
 */
const ARRIVED: Partial<Record<Verdict, (now: Judgement, was: Finding) => boolean>> = {
  "awaiting-record": (now) => isSettled(now.content) && now.content !== "awaiting-record",
  unrecorded: (now) => now.content === "match",
  missing: (now) => now.declared !== null,
  unseen: (now) => now.declared !== null,
  unverifiable: (now) => now.content !== "unverifiable",
  "flaky-edge": (now) => now.content !== "flaky-edge",
  // Only where it waited for something: what came whole and did not hold stays said.
  "provenance-unverifiable": ({ provenance }, { grounds }) =>
    grounds.deadline !== null && provenance !== "awaited" && provenance !== "provenance-unverifiable",
};

/**
 * The findings of one enrolment that this ruling opens, opens again, or resolves; in that order. `before` are the earlier
 * judgements for the same enrolment: what a person resolved is opened again when its verdict comes anew, not while it lasts.
 */
export function changedFindings(
  of: Case,
  ruling: Ruling,
  known: readonly Finding[],
  before: readonly Judgement[] = [],
): Finding[] {
  const told = ruling.told.map((each) => ({ told: each, id: idOf(of, each) }));
  const latest = new Map(known.map((finding) => [finding.id, finding]));
  const opened = told.flatMap(({ told: each, id }) => {
    const earlier = latest.get(id) ?? null;
    const isOver = isDoneWith(earlier, each) && lasts(each.verdict, ruling.judgement, before);
    return isOver ? [] : open(of, each, id, earlier);
  });
  const still = new Set(told.map(({ id }) => id));
  const waiting = [...latest.values()].filter(
    (finding) => finding.state === "open" && !still.has(finding.id),
  );
  const resolved = waiting.filter(
    (finding) => ARRIVED[finding.verdict]?.(ruling.judgement, finding) ?? false,
  );
  const ended = resolved.map((finding) => {
    const now = { changedAt: of.now, selfClaimed: isSelfClaimed(of.enrolment) };
    return { ...finding, ...now, state: "resolved", grounds: groundsOf(of, finding.verdict) } as const;
  });
  return [...opened, ...ended];
}

const idOf = (of: Case, told: Told): string =>
  findingId({
    enrolment: of.enrolment.id,
    subject: artifactSubject(of.project, of.file),
    verdict: told.verdict,
    digests: told.digests,
    state: told.state,
  });

const WEIGHT: Readonly<Record<Severity, number>> = { notice: 1, warning: 2, critical: 3 };

/** A person said that it is over, of something as grave as this. */
const isDoneWith = (known: Finding | null, told: Told): boolean =>
  known?.state === "resolved" && known.resolvedBy !== null && WEIGHT[told.severity] <= WEIGHT[known.severity];

/**
 * Whether a verdict has stood since the look before. Over the same bytes: `substituted` stays the verdict when the file turns
 * back, and whoever changes it once more must be told of. A look that could not tell changes nothing.
 */
function lasts(verdict: Verdict, now: Judgement, before: readonly Judgement[]): boolean {
  const last = before.at(-1);
  const decided = before.findLast(({ content }) => content === null || isSettled(content));
  const isSame = (then: Judgement | undefined): boolean =>
    then?.content === verdict && then.declared === now.declared && then.observed === now.observed;
  return last?.standing === verdict || isSame(last) || isSame(decided);
}

/** A finding that is open already is told again only when it became graver: whoever slept through a warning must not. */
function open(of: Case, told: Told, id: string, known: Finding | null): Finding[] {
  const isOpen = known?.state === "open";
  if (isOpen && WEIGHT[told.severity] <= WEIGHT[known.severity]) return [];
  return [
    {
      id,
      enrolment: of.enrolment.id,
      selfClaimed: isSelfClaimed(of.enrolment),
      project: of.project,
      file: of.file,
      release: of.release,
      verdict: told.verdict,
      severity: told.severity,
      topic: told.topic,
      state: "open",
      opening: (known?.opening ?? 0) + 1,
      openedAt: isOpen ? known.openedAt : of.now,
      changedAt: of.now,
      thread: threadOf(of.enrolment.id, of.project, of.release),
      acknowledged: null,
      resolvedBy: null,
      to: null,
      grounds: told.grounds,
    },
  ];
}
