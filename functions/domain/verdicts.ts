/** The result of judging an artifact's bytes for one enrolment (`content.ts`). Exactly one, always. */
export type ContentVerdict =
  | "unverifiable"
  | "flaky-edge"
  | "misdeclared"
  | "replaced"
  | "substituted"
  | "mismatch"
  | "match"
  | "baseline"
  | "awaiting-record"
  | "unrecorded";

/** Whether the artifact is where it should be; beside the content verdict, never instead of it. */
export type Standing =
  | "removed"
  | "hidden"
  | "vanished"
  | "unseen"
  | "missing"
  | "expected"
  | "unannounced"
  | "reappeared"
  | "yanked"
  | "listed";

/** What is told about a project as a whole, beside all that is said of its files (`project.ts`). */
export type ProjectVerdict = "quarantined" | "archived" | "ownership-changed";

/** What is told where a watcher expects a publisher and the provenance (PEP 740) does not name it (`provenance.ts`). */
export type ProvenanceVerdict = "provenance-lost" | "provenance-changed" | "provenance-unverifiable";

/** What is told about the monitor itself, on `health` only; but a test alert goes wherever it is to prove the way. */
export type MonitorVerdict =
  | "blind"
  | "journal-went-back"
  | "source-fallback"
  | "sweep-behind"
  | "dead-letter"
  | "contact-unreachable"
  | "page-unread"
  | "operator-key"
  | "test-alert";

/** What is told about an enrolment and its records, on `findings`: who changes them can make the monitor quiet. */
export type WatchVerdict = "record-contested" | "record-changed" | "enrolment-changed" | "drill";

/** Everything that can be said of anything. */
export type Verdict =
  | ContentVerdict
  | Standing
  | ProjectVerdict
  | ProvenanceVerdict
  | MonitorVerdict
  | WatchVerdict;

export type Severity = "critical" | "warning" | "notice";

/** `findings` is about the index, `health` about the monitor or the network; never mixed. */
export type Topic = "findings" | "health";

/** How loudly, and to whom, a verdict is told. */
export interface Telling {
  readonly topic: Topic;
  readonly severity: Severity;
}

/** A verdict is settled when it was decided over bytes: the other two wait for a better fetch. */
export const isSettled = (verdict: ContentVerdict | null): boolean =>
  verdict !== null && verdict !== "unverifiable" && verdict !== "flaky-edge";
