import type { Finding, Grounds } from "../domain/findings.ts";
import { type Way, WORDS, type Words } from "./words.ts";

/** In which way a finding is told. Health and findings never share a way: neither may sound like the other. */
export function wayOf({ verdict, topic, severity, grounds }: Finding): Way | null {
  const isOverdue = topic === "findings";
  switch (verdict) {
    case "unverifiable":
      return isOverdue ? "unverifiable, overdue" : "unverifiable";
    case "flaky-edge":
      if (isOverdue) return "flaky-edge, overdue";
      return grounds.observed === grounds.declared ? "flaky-edge, beside" : "flaky-edge";
    case "vanished":
      return severity === "warning" ? "vanished, unwatched" : "vanished";
    case "unrecorded":
      return isByCi(grounds) ? "unconfirmed" : "unrecorded";
    case "awaiting-record":
      return isByCi(grounds) ? "awaiting-confirmation" : "awaiting-record";
    default:
      return verdict in WORDS ? (verdict as Way) : null;
  }
}

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

export function wordsFor(finding: Finding): Words {
  const way = wayOf(finding);
  return way === null ? PLAIN : WORDS[way];
}
