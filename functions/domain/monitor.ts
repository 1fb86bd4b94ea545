import { type Finding, findingId, type Grounds, threadOf } from "./findings.ts";
import type { Instant } from "./instants.ts";
import type { MonitorVerdict } from "./verdicts.ts";

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

/** Something to say about the monitor itself, on health. The same occasion always has the same id. */
export function aboutMonitor(verdict: MonitorVerdict, since: Instant, note: string): Finding {
  const key = { enrolment: null, subject: "monitor", verdict, digests: [], state: since } as const;
  return {
    id: findingId(key),
    enrolment: null,
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
    grounds: { ...NO_GROUNDS, note },
  };
}
