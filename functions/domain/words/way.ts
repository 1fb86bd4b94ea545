import type { Finding, Grounds } from "../findings.ts";
import type { Verdict } from "../verdicts.ts";
import { projectWayOf } from "./project-words.ts";
import type { Way, Words } from "./wording.ts";
import { WORDS } from "./words.ts";

/** What is on health until its deadline, and how it is told past that; and a test of either topic. */
const ON_FINDINGS: Partial<Record<Verdict, Way>> = {
  unverifiable: "unverifiable, overdue",
  "flaky-edge": "flaky-edge, overdue",
  "page-unread": "page-unread, overdue",
  "test-alert": "test-alert, findings",
};

/** An entry that explains it may have passed while we did not see: then it is a warning, and says so. */
const UNWATCHED: Partial<Record<Verdict, Way>> = {
  vanished: "vanished, unwatched",
  unannounced: "unannounced, unwatched",
};

/** What is told otherwise where something is waited for, or was in vain. */
const WITH_DEADLINE: Partial<Record<Verdict, Way>> = {
  "enrolment-changed": "enrolment-changed, later",
  "provenance-unverifiable": "provenance-unverifiable, overdue",
};

/** What decides in which way a finding is told. */
export type Tellable = Pick<Finding, "verdict" | "topic" | "severity" | "grounds">;

/** What was not fetched, for want of a digest to compare it with, is not told of as an outage. */
const onFindings = ({ verdict, grounds }: Tellable): Way | undefined =>
  verdict === "unverifiable" && grounds.declared === null ? "unverifiable, undeclared" : ON_FINDINGS[verdict];

/** In which way a finding is told. Health and findings never share a way: neither may sound like the other. */
export function wayOf(finding: Tellable): Way | null {
  const { verdict, topic, severity, grounds } = finding;
  const told = topic === "findings" ? onFindings(finding) : undefined;
  if (told !== undefined) return told;
  const timed = grounds.deadline === null ? undefined : WITH_DEADLINE[verdict];
  if (timed !== undefined) return timed;
  const unwatched = severity === "warning" ? UNWATCHED[verdict] : undefined;
  if (unwatched !== undefined) return unwatched;
  switch (verdict) {
    case "flaky-edge":
      return grounds.observed === grounds.declared ? "flaky-edge, beside" : "flaky-edge";
    case "unrecorded":
      return isByCi(grounds) ? "unconfirmed" : "unrecorded";
    case "awaiting-record":
      return isByCi(grounds) ? "awaiting-confirmation" : "awaiting-record";
    default:
      return projectWayOf(finding) ?? usualWay(verdict);
  }
}

const usualWay = (verdict: Verdict): Way | null => (verdict in WORDS ? (verdict as Way) : null);

/** Some record names these bytes, and did not silence: else nothing would be told. */
const isByCi = ({ recorded, observed }: Grounds): boolean =>
  recorded.some(({ digest }) => digest === observed);

/** For a verdict without words, which none that is told is: even then somebody must be told, and why. */
const PLAIN: Words = {
  happened: "FILE: see the verdict.",
  means: "This monitor has no words for it.",
  harmless: null,
  steps: [],
  resolved: null,
};

/** The words of the way in which a finding is told. */
export function wordsFor(finding: Tellable): Words {
  const way = wayOf(finding);
  return way === null ? PLAIN : WORDS[way];
}
