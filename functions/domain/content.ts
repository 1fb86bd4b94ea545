import type { ContentVerdict, Telling } from "./verdicts.ts";

/**
 * What the content table looks at, each sign one of few values, so that a test can enumerate the whole product.
 * R are the live recorded digests, O the observed one, D the declared one, S what was observed in agreement before.
 */
export interface ContentSigns {
  /** O against D: no whole body, agreement, a difference seen once, a difference reproduced. */
  readonly body: "none" | "agrees" | "differs" | "differs-again";
  /** O against R: R empty; O in R by a record that silences; O in R only by records that do not; O not in R. */
  readonly record: "none" | "silences" | "agrees-only" | "differs";
  /** O is in S. */
  readonly seenBefore: boolean;
  /** S holds a digest other than O. */
  readonly anotherBefore: boolean;
  readonly inBaseline: boolean;
  readonly inGrace: boolean;
  /** Provenance that may stand in place of a record is named, and is being read. */
  readonly attesting: boolean;
  /** Strict, frozen, a watcher that records its releases, or a file that joins an old release. */
  readonly loud: boolean;
  /** The watcher expects it from a build service, and its provenance names that service over these very bytes. */
  readonly byBuilder: boolean;
  /** The deadline of an undecided verdict has passed. */
  readonly overdue: boolean;
  /** At least one fetch was tried; before that, silence until the deadline is not news. */
  readonly tried: boolean;
}

/** One row: when it fits, and whom it tells. */
export interface ContentRow {
  readonly verdict: ContentVerdict;
  readonly fits: (signs: ContentSigns) => boolean;
  readonly tells: (signs: ContentSigns) => Telling | null;
}

const CRITICAL: Telling = { topic: "findings", severity: "critical" };
const WARNING: Telling = { topic: "findings", severity: "warning" };
const NOTICE: Telling = { topic: "findings", severity: "notice" };
const HEALTH: Telling = { topic: "health", severity: "notice" };

const nobody = (): null => null;

/** Who expects a service to build it hears of it, and is not woken. */
const tellsOfUnrecorded = ({ byBuilder, loud }: ContentSigns): Telling =>
  byBuilder ? NOTICE : loud ? CRITICAL : WARNING;

/** The content table, row by row. The first row that fits is the verdict; the last one always fits. */
export const CONTENT: readonly ContentRow[] = [
  {
    verdict: "unverifiable",
    fits: (signs) => signs.body === "none",
    tells: (signs) => (signs.overdue ? WARNING : signs.tried ? HEALTH : null),
  },
  {
    verdict: "flaky-edge",
    fits: (signs) => signs.body === "differs",
    tells: (signs) => (signs.overdue ? WARNING : HEALTH),
  },
  {
    verdict: "misdeclared",
    fits: ({ body, record, seenBefore }) =>
      body === "differs-again" &&
      (record === "silences" || record === "agrees-only" || (record === "none" && seenBefore)),
    tells: () => CRITICAL,
  },
  { verdict: "replaced", fits: (signs) => signs.body === "differs-again", tells: () => CRITICAL },
  { verdict: "substituted", fits: (signs) => signs.anotherBefore, tells: () => CRITICAL },
  { verdict: "mismatch", fits: (signs) => signs.record === "differs", tells: () => CRITICAL },
  { verdict: "match", fits: (signs) => signs.record === "silences", tells: nobody },
  { verdict: "baseline", fits: (signs) => signs.record === "none" && signs.inBaseline, tells: nobody },
  {
    verdict: "awaiting-record",
    fits: (signs) => signs.inGrace || signs.attesting,
    // A moment later nothing may be missing: who lets provenance count is not told at every release that it is on its way.
    tells: (signs) => (signs.attesting ? null : NOTICE),
  },
  { verdict: "unrecorded", fits: () => true, tells: tellsOfUnrecorded },
];

/** The row that speaks for these signs. */
export function contentRow(signs: ContentSigns): ContentRow {
  const row = CONTENT.find((each) => each.fits(signs));
  if (row === undefined) throw new Error("the content table must end in a row that always fits");
  return row;
}
