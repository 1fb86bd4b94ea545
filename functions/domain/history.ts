import type { Attempt } from "./changes.ts";
import type { Digest } from "./digests.ts";
import {
  type AbsentSighting,
  type ArtifactFact,
  isObservation,
  type Observation,
  type ProvenanceSighting,
} from "./facts.ts";
import { between, type Instant } from "./instants.ts";
import { isOlder, type Listing, type Look } from "./pages.ts";

/** The newest page that showed the artifact, and what it said. */
export interface Shown {
  readonly listing: Listing;
  readonly look: Look;
}

/** A time in which an artifact was not shown, and was again afterwards. */
export interface Gap {
  /** The last page that showed it before. */
  readonly before: Look;
  /** At least one. */
  readonly absences: readonly AbsentSighting[];
}

/** What the facts about one artifact add up to. Facts are a set: their order and repetition change nothing. */
export interface History {
  /** Our own first sighting; grace counts from here, never from the index's times. */
  readonly firstSeen: Instant | null;
  readonly shown: Shown | null;
  /** The oldest page that showed it. */
  readonly firstShown: Look | null;
  /** Every look that showed it, oldest first. */
  readonly showings: readonly Look[];
  /** When readings did not show it between two that did; in order. */
  readonly gaps: readonly Gap[];
  /** Readings that did not show it, none older than `shown`, in order. Empty while it is listed. */
  readonly absences: readonly AbsentSighting[];
  /** S: every digest ever observed under this file name in agreement with its declaration. */
  readonly agreed: readonly Digest[];
  /** The newest observation of the digest now declared. */
  readonly latest: Observation | null;
  /** The first look, since bytes last decided, that left this file undecided; `null` when it is decided. */
  readonly undecidedSince: Instant | null;
  /**
   * The looks, later than `shown`, that lacked the file, in order; also on a page that claims to be older. Such a page
   * proves nothing, but an index that serves nothing else hides behind its serial.
   */
  readonly lacking: readonly AbsentSighting[];
  /** When some attempt had wrong bytes. */
  readonly flakyAt: readonly Instant[];
  readonly provenance: {
    readonly latest: ProvenanceSighting | null;
    /** The newest that got a whole object, good or not. */
    readonly whole: ProvenanceSighting | null;
    /** The first look, since an object came whole, that got none; `null` when the last one did. */
    readonly unreadSince: Instant | null;
    /** Some look found good provenance for it. */
    readonly wasVerified: boolean;
  };
}

const observedAt = (of: Observation): Instant => of.attempts.at(-1)?.at ?? of.look.at;

/** Of two that ended in the same instant the one that had to try more often speaks: it saw more. */
const byTime = (a: Observation, b: Observation): number =>
  observedAt(a).localeCompare(observedAt(b)) ||
  a.attempts.length - b.attempts.length ||
  a.id.localeCompare(b.id);

const byLook = (a: Look, b: Look): number => (isOlder(a, b) ? -1 : isOlder(b, a) ? 1 : 0);

/** Whether the newest page that says anything about the artifact shows it. */
export const isListed = (history: History): boolean =>
  history.shown !== null && history.absences.length === 0;

/** Whole bodies that were not what the index declared. */
export const wrongAttempts = (of: Observation): readonly Attempt[] =>
  of.attempts.filter((attempt) => attempt.digest !== null && attempt.digest !== of.listing.declared);

export const agrees = (of: Observation): boolean =>
  of.observed !== null && of.observed === of.listing.declared;

/** Wrong bytes are believed once they came so often. */
const MOST_DOUBTED = 3;

/** The same wrong digest three times, over at least the confirmation window. */
export function isReproduced(of: Observation, confirmMs: number): boolean {
  const same = wrongAttempts(of).filter((attempt) => attempt.digest === of.observed);
  const [first, last] = [same.at(0), same.at(-1)];
  if (agrees(of) || first === undefined || last === undefined || same.length < MOST_DOUBTED) return false;
  return between(first.at, last.at) >= confirmMs;
}

function shownBy(facts: readonly ArtifactFact[]): Shown | null {
  const shows = facts.flatMap((of) =>
    "listing" in of ? [{ listing: of.listing, look: of.look, id: of.id }] : [],
  );
  return shows.sort((a, b) => byLook(a.look, b.look) || a.id.localeCompare(b.id)).at(-1) ?? null;
}

function absencesSince(facts: readonly ArtifactFact[], shown: Shown | null): AbsentSighting[] {
  const absent = facts.filter((of) => of.kind === "absent");
  const since = absent.filter((of) => shown === null || isOlder(shown.look, of.look));
  return since.sort((a, b) => a.look.at.localeCompare(b.look.at) || a.id.localeCompare(b.id));
}

/** From the oldest look to the newest: what lies between two that show it is a gap. */
function gapsIn(facts: readonly ArtifactFact[]): Gap[] {
  const looks = facts.filter((of) => "listing" in of || of.kind === "absent");
  const ordered = looks.sort((a, b) => byLook(a.look, b.look) || a.id.localeCompare(b.id));
  const gaps: Gap[] = [];
  let open: { readonly before: Look; readonly absences: AbsentSighting[] } | null = null;
  for (const of of ordered) {
    if (of.kind === "absent") open?.absences.push(of);
    else {
      if (open !== null && open.absences.length > 0) gaps.push(open);
      open = { before: of.look, absences: [] };
    }
  }
  return gaps;
}

const showingsIn = (facts: readonly ArtifactFact[]): readonly Look[] =>
  facts.flatMap((of) => ("listing" in of ? [of.look] : [])).sort(byLook);

/** The newest word on its provenance; of several by one look, a whole object speaks before none. */
const provenanceIn = (facts: readonly ArtifactFact[], mustBeWhole: boolean): ProvenanceSighting | null =>
  facts
    .filter((of) => of.kind === "provenance")
    .filter(({ provenance }) => !mustBeWhole || "object" in provenance)
    .sort(
      (a, b) => byLook(a.look, b.look) || Number("object" in a.provenance) - Number("object" in b.provenance),
    )
    .at(-1) ?? null;

/** The first look, after the last whole object, that got none. */
function unreadSinceIn(facts: readonly ArtifactFact[]): Instant | null {
  const reads = facts.filter((of) => of.kind === "provenance");
  const whole = reads.filter(({ provenance }) => "object" in provenance).map(({ look }) => look.at);
  const last = whole.sort().at(-1) ?? "";
  const vain = reads.filter(({ look, provenance }) => !("object" in provenance) && look.at > last);
  return (
    vain
      .map(({ look }) => look.at)
      .sort()
      .at(0) ?? null
  );
}

const lackingIn = (facts: readonly ArtifactFact[], shown: Shown | null): AbsentSighting[] =>
  facts
    .filter((of) => of.kind === "absent")
    .filter((of) => shown !== null && of.look.at > shown.look.at)
    .sort((a, b) => a.look.at.localeCompare(b.look.at) || a.id.localeCompare(b.id));

/** Bytes decided: those declared, or the same others so often that they are what is served. */
const decides = (of: Observation): boolean =>
  agrees(of) || wrongAttempts(of).filter(({ digest }) => digest === of.observed).length >= MOST_DOUBTED;

/**
 * Asking again must not move the deadline, nor must another digest at each look: it counts from the first look, after
 * bytes last decided, that did not decide or that declared something else.
 */
function undecidedIn(facts: readonly ArtifactFact[]): Instant | null {
  const looks = facts.filter((of) => "listing" in of);
  const decided = looks.filter(isObservation).filter(decides).sort(byTime).at(-1);
  const leavesOpen = (of: (typeof looks)[number]): boolean => {
    if (decided === undefined) return true;
    if (of.look.at <= decided.look.at) return false;
    return isObservation(of) ? !decides(of) : of.listing.declared !== decided.listing.declared;
  };
  return (
    looks
      .filter(leavesOpen)
      .map((of) => of.look.at)
      .sort()
      .at(0) ?? null
  );
}

const firstSeenIn = (facts: readonly ArtifactFact[]): Instant | null =>
  facts
    .filter((of) => "listing" in of)
    .map((of) => of.look.at)
    .sort()
    .at(0) ?? null;

/** Each fact once, in an order of their own: pages without a serial can make "older" go in a circle, and sorting must not depend on arrival. */
const setOf = (known: readonly ArtifactFact[]): ArtifactFact[] =>
  [...new Map(known.map((of) => [of.id, of])).values()].sort((a, b) => a.id.localeCompare(b.id));

/** Folds the facts known about one artifact. Duplicates (same id) count once. */
export function historyOf(known: readonly ArtifactFact[]): History {
  const facts = setOf(known);
  const shown = shownBy(facts);
  const observations = facts.filter(isObservation).sort(byTime);
  const flaky = observations.filter((of) => wrongAttempts(of).length > 0);
  const showings = showingsIn(facts);
  return {
    firstSeen: firstSeenIn(facts),
    shown,
    firstShown: showings.at(0) ?? null,
    showings,
    gaps: gapsIn(facts),
    absences: absencesSince(facts, shown),
    agreed: [...new Set(observations.filter(agrees).flatMap((of) => of.observed ?? []))],
    latest: observations.filter((of) => of.listing.declared === shown?.listing.declared).at(-1) ?? null,
    undecidedSince: undecidedIn(facts),
    lacking: lackingIn(facts, shown),
    flakyAt: flaky.map(observedAt),
    provenance: {
      latest: provenanceIn(facts, false),
      whole: provenanceIn(facts, true),
      unreadSince: unreadSinceIn(facts),
      wasVerified: facts.some((of) => of.kind === "provenance" && of.provenance.outcome === "verified"),
    },
  };
}
