import { sha256 } from "./digests.ts";
import { type Finding, findingId, type Grounds, threadOf } from "./findings.ts";
import { dayOf, type Instant } from "./instants.ts";
import type { ProjectName } from "./names.ts";
import type { MonitorVerdict, Topic } from "./verdicts.ts";

/** Grounds of a finding that is not about bytes. */
export const NO_GROUNDS: Grounds = {
  declared: null,
  observed: null,
  recorded: [],
  before: [],
  wrongAttempts: 0,
  attempts: 0,
  url: null,
  page: null,
  entry: null,
  firstSeen: null,
  deadline: null,
  note: null,
};

/** Several messages may be given up in one millisecond, and each is an occasion; of blindness there is one at a time. */
const occasion = (verdict: MonitorVerdict, since: Instant, note: string): string =>
  verdict === "dead-letter" ? `${since} ${sha256(note)}` : since;

/** Something to say about the monitor itself, on health. The same occasion always has the same id. */
export function aboutMonitor(verdict: MonitorVerdict, since: Instant, note: string): Finding {
  const state = occasion(verdict, since, note);
  const key = { enrolment: null, subject: "monitor", verdict, digests: [], state } as const;
  return {
    id: findingId(key),
    enrolment: null,
    selfClaimed: false,
    project: null,
    file: null,
    release: null,
    verdict,
    severity: "warning",
    topic: "health",
    state: "open",
    opening: 1,
    openedAt: since,
    changedAt: since,
    thread: threadOf(null, null, verdict),
    acknowledged: null,
    resolvedBy: null,
    to: null,
    grounds: { ...NO_GROUNDS, note },
  };
}

/**
 * A contact that is not told, because it could not be reached. Said once a day of each: it may be a stranger's, and a stranger
 * must not be able to fill this topic.
 */
export function aboutContact(contact: string, now: Instant, note: string): Finding {
  const verdict = "contact-unreachable";
  const state = `${contact} ${dayOf(now)}`;
  return {
    ...aboutMonitor(verdict, now, note),
    id: findingId({ enrolment: null, subject: "monitor", verdict, digests: [], state }),
    thread: threadOf(null, null, `${verdict} ${contact}`),
  };
}

/** Proves that alerts of this topic arrive, as grave as they come there. It stands in no ledger. */
export function aboutTest(topic: Topic, at: Instant): Finding {
  const state = `${at} ${topic}`;
  return {
    ...aboutMonitor("test-alert", at, "Sent by `counterfoil test-alert`."),
    id: findingId({ enrolment: null, subject: "monitor", verdict: "test-alert", digests: [], state }),
    topic,
    severity: topic === "findings" ? "critical" : "warning",
  };
}

/** A project whose page could not be read since `since` (`null`: never). Overdue, it is told as a finding about the index. */
export function aboutProject(
  project: ProjectName,
  since: Instant | null,
  now: Instant,
  overdue: boolean,
): Finding {
  const verdict = "page-unread";
  const state = `${since ?? "never"}${overdue ? "/overdue" : ""}`;
  const note = since === null ? "It was never read." : `It was last read at ${since}.`;
  return {
    ...aboutMonitor(verdict, since ?? now, note),
    id: findingId({ enrolment: null, subject: `project/${project}`, verdict, digests: [], state }),
    project,
    topic: overdue ? "findings" : "health",
    thread: threadOf(null, project, verdict),
  };
}
