import { idOf } from "./canonical.ts";
import type { Digest } from "./digests.ts";
import type { Recorded } from "./enrolments.ts";
import type { Instant } from "./instants.ts";
import type { ProjectName } from "./names.ts";
import type { Severity, Topic, Verdict } from "./verdicts.ts";

/** What an alert needs to say, gathered while judging: everything a reader must compare by eye. */
export interface Grounds {
  readonly declared: Digest | null;
  readonly observed: Digest | null;
  readonly recorded: readonly Pick<Recorded, "digest" | "authority" | "recordedAt">[];
  /** Digests seen under this file name before, in agreement with their declaration. */
  readonly before: readonly Digest[];
  readonly wrongAttempts: number;
  readonly attempts: number;
  readonly url: string | null;
  readonly page: Digest | null;
  /** The journal entry that explains it, word for word, where one does. */
  readonly entry: string | null;
  readonly firstSeen: Instant | null;
  readonly deadline: Instant | null;
  /** One sentence more, where the row of the table has one to add. */
  readonly note: string | null;
  /** Whose key did it, and the change that can be taken back: told to the enrolment's own people and the operator only. */
  readonly by?: string;
  readonly change?: string;
}

/** A verdict worth telling, with its lifecycle. History is added to, so a changed state is another value of the same id. */
export interface Finding {
  readonly id: string;
  /** `null` for findings about the monitor itself. */
  readonly enrolment: string | null;
  /** At `changedAt` nobody but the watcher said who they are. */
  readonly selfClaimed: boolean;
  readonly project: ProjectName | null;
  readonly file: string | null;
  readonly release: string | null;
  readonly verdict: Verdict;
  readonly severity: Severity;
  readonly topic: Topic;
  readonly state: "open" | "resolved";
  /** 1 when it was opened for the first time; a finding that resolved and came back counts on. */
  readonly opening: number;
  readonly openedAt: Instant;
  readonly changedAt: Instant;
  /** What the alerts of one version have in common, so that a pager shows one incident and drops no member. */
  readonly thread: string;
  /** Somebody has seen it and says so; it stays open. `null` again when it is told again. */
  readonly acknowledged: Acknowledgement | null;
  /** Somebody says that it is over: then it is not opened again while the same verdict merely lasts. */
  readonly resolvedBy: Acknowledgement | null;
  /** Contacts to tell, by id, where it is not those in force when it is told: those before a change, say. */
  readonly to: readonly string[] | null;
  readonly grounds: Grounds;
}

/** That somebody has seen a finding, or is done with it. `by` is a credential's id, told to its enrolment and the operator only. */
export interface Acknowledgement {
  readonly at: Instant;
  readonly by: string;
  readonly note: string;
}

/** What makes a finding this finding and no other. */
export interface FindingKey {
  readonly enrolment: string | null;
  readonly subject: string;
  readonly verdict: Verdict;
  readonly digests: readonly (Digest | null)[];
  /** Tells apart what has no digests, or the same ones: overdue or not, the serial of a removal. */
  readonly state: string;
}

export const findingId = (key: FindingKey): string =>
  idOf(["finding", key.enrolment, key.subject, key.verdict, [...key.digests].sort(), key.state]);

/** The id under which a subscriber recognises a report it already has. */
export const alertId = (finding: Finding): string =>
  idOf(["alert", finding.id, finding.state, ...(finding.opening > 1 ? [finding.opening] : [])]);

export const threadOf = (enrolment: string | null, project: string | null, release: string | null): string =>
  idOf(["thread", enrolment, project, release]).slice(0, 16);
