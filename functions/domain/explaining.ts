import { EXPLANATIONS, type Explanation } from "./explanations.ts";
import type { Finding } from "./findings.ts";
import { type Filling, filled } from "./words/filling.ts";
import { type Tellable, wordsFor } from "./words/way.ts";

/** What a finding is explained from; whom it is told to and who acknowledged it play no part. */
export type Explainable = Filling &
  Tellable &
  Pick<Finding, "state" | "changedAt"> & { readonly resolvedBy: unknown };

/** A finding in words: those of its alert, and whose word stands against whose. */
export interface Explained extends Explanation {
  readonly happened: string;
  readonly means: string;
  /** What to do where it is harmless. */
  readonly advice: string | null;
  /** What to do; where `advice` begins with "If", what to do otherwise. */
  readonly steps: readonly string[];
  /** How it ended; `null` while it is open. */
  readonly ended: string | null;
}

/** Explains a finding by the same words as its alert. */
export function explained(finding: Explainable): Explained {
  const { happened, means, harmless: advice, steps, resolved } = wordsFor(finding);
  const { layers, disagreement, harmless } = EXPLANATIONS[finding.verdict];
  const fill = (text: string): string => filled(text, finding);
  return {
    happened: fill(happened),
    means: fill(means),
    layers,
    disagreement,
    harmless,
    advice: advice && fill(advice),
    steps: steps.map(fill),
    ended: finding.state === "open" ? null : fill(endOf(finding, resolved)),
  };
}

const endOf = ({ resolvedBy, changedAt }: Explainable, resolved: string | null): string =>
  resolvedBy === null && resolved !== null
    ? `Over since ${changedAt}: ${resolved}`
    : `Over since ${changedAt}: ${resolvedBy === null ? "it does not last any more." : "a person says so."}`;
