import type {
  MonitorVerdict,
  ProjectVerdict,
  ProvenanceVerdict,
  Verdict,
  WatchVerdict,
} from "../verdicts.ts";

/**
 * What an alert says about a verdict, in the words of somebody who is woken by it. `FILE`, `PROJECT` and `RELEASE` are
 * filled in, `QUOTED` is the file as a word of a shell, `KEY_ID` whose key did it, `CHANGE_ID` what can be taken back.
 */
export interface Words {
  /** What happened, in one sentence that stands alone on a phone. */
  readonly happened: string;
  readonly means: string;
  /** What it would look like if it were harmless, and what to do then. */
  readonly harmless: string | null;
  /** What to do; where `harmless` begins with "If", what to do otherwise. */
  readonly steps: readonly string[];
  /** How it ended, where it can end by itself. */
  readonly resolved: string | null;
}

/** Every verdict that is ever told. */
export type Told = Exclude<Verdict, "match" | "baseline" | "listed" | "expected" | "hidden">;

/** Where one verdict is told in more than one way: on health or past its deadline, with or without CI's record. */
export type Way =
  | Told
  | "awaiting-confirmation"
  | "unconfirmed"
  | "unverifiable, overdue"
  | "unverifiable, undeclared"
  | "provenance-unverifiable, overdue"
  | "flaky-edge, beside"
  | "flaky-edge, overdue"
  | "enrolment-changed, later"
  | "page-unread, overdue"
  | "vanished, unwatched"
  | "unannounced, unwatched"
  | "quarantined, one release"
  | "ownership-changed, invited"
  | "ownership-changed, taken again"
  | "ownership-changed, silent"
  | "test-alert, findings";

/** Those that are about the monitor or its network. */
export type MonitorWay = MonitorVerdict | "page-unread, overdue" | "test-alert, findings";

/** Those that are about a project as a whole. */
export type ProjectWay =
  | ProjectVerdict
  | "quarantined, one release"
  | "ownership-changed, invited"
  | "ownership-changed, taken again"
  | "ownership-changed, silent";

/** Those that are about provenance. */
export type ProvenanceWay = ProvenanceVerdict | "provenance-unverifiable, overdue";

/** Those that are about an enrolment and its records. */
export type WatchWay = WatchVerdict | "enrolment-changed, later";
