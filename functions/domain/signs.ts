import { absenceProven, isQuarantined, lackedEnd, removalEntry } from "./absence.ts";
import type { Case } from "./case.ts";
import type { ContentSigns } from "./content.ts";
import type { Digest } from "./digests.ts";
import type { Recorded } from "./enrolments.ts";
import type { Observation } from "./facts.ts";
import { agrees, isListed, isReproduced, type Shown, wrongAttempts } from "./history.ts";
import { after, between, dayOf, earliest, hourOf, hours, type Instant, minutes } from "./instants.ts";
import { awaitedEntries } from "./passed.ts";
import { graceMs } from "./policy.ts";
import { isByBuilder, provenanceEnd } from "./provenance.ts";
import type { StandingSigns } from "./standing.ts";
import { gapBefore, isUnannounced, wasBlindBefore } from "./unexplained.ts";
import type { ContentVerdict } from "./verdicts.ts";

/** A file that joins a release at least this much older is an event of its own (PyPI closes releases after 14 days). */
const OLD_RELEASE_MS = hours(24);
/** From this many projects in one hour on, flaky edges are the network's weather. */
const WIDESPREAD = 3;
const DAYS_UNTIL_TARGETED = 3;

/** Whether a record silences under the policy; one by `ci` no longer does once a maintainer record was used before it. */
export function silences(
  { enrolment, habits }: Pick<Case, "enrolment" | "habits">,
  { authority, recordedAt }: Recorded,
): boolean {
  if (authority === "maintainer") return true;
  return (
    enrolment.policy.silencedBy === "ci" &&
    (habits.maintainerSince === null || recordedAt < habits.maintainerSince)
  );
}

/** The observed digest the verdict is about: a recurring flake is judged by its wrong bytes. */
export function observedIn(of: Case): Digest | null {
  const { latest } = of.history;
  if (latest === null || !agrees(latest) || !isTargeted(of, latest)) return latest?.observed ?? null;
  return wrongAttempts(latest).at(-1)?.digest ?? latest.observed;
}

/** Days on which this artifact was flaky while few others were; an hour that is not over may still fill up. */
function targetedDays({ history, flakyHours, now }: Case): number {
  const alone = history.flakyAt.filter(
    (at) => hourOf(at) < hourOf(now) && (flakyHours.get(hourOf(at)) ?? 1) < WIDESPREAD,
  );
  return new Set(alone.map(dayOf)).size;
}

const isTargeted = (of: Case, latest: Observation): boolean =>
  wrongAttempts(latest).length > 0 && targetedDays(of) >= DAYS_UNTIL_TARGETED;

function bodySign(of: Case): ContentSigns["body"] {
  const { latest } = of.history;
  if (latest === null || latest.observed === null || latest.listing.declared === null) return "none";
  if (isTargeted(of, latest) || isReproduced(latest, of.confirmMs)) return "differs-again";
  return agrees(latest) ? "agrees" : "differs";
}

/**
 * What does not silence speaks as if it were not there, so that a stolen CI key turns no mismatch into something milder by a
 * record of the false bytes beside the true ones. On one and the same file a maintainer outweighs CI, whoever came first.
 */
function recordSign(of: Case, observed: Digest | null): ContentSigns["record"] {
  if (of.recorded.length === 0) return "none";
  const agreeing = of.recorded.filter((record) => record.digest === observed);
  const others = of.recorded.filter((record) => record.digest !== observed);
  if (agreeing.length === 0) return "differs";
  const isOutweighed = others.some(({ authority }) => authority === "maintainer");
  const counts = (record: Recorded): boolean =>
    silences(of, record) && (record.authority === "maintainer" || !isOutweighed);
  if (agreeing.some(counts)) return "silences";
  return others.some((record) => silences(of, record)) ? "differs" : "agrees-only";
}

/** When grace for an unrecorded file ends; counted from our own first sighting. */
export const graceEnd = (of: Case): Instant | null =>
  of.history.firstSeen === null ? null : after(of.history.firstSeen, graceMs(of.enrolment.policy));

const joinsOldRelease = ({ history, releaseSeen }: Case): boolean =>
  history.firstSeen !== null &&
  releaseSeen !== null &&
  between(releaseSeen, history.firstSeen) > OLD_RELEASE_MS;

/** When an undecided verdict becomes a finding. */
export const undecidedEnd = ({ history, enrolment }: Case): Instant | null =>
  history.undecidedSince &&
  after(history.undecidedSince, minutes(enrolment.policy.deadlines.unverifiableMinutes));

const isPast = (at: Instant | null, now: Instant): boolean => at !== null && at <= now;

/** Until when provenance that would count is waited for; in the past where none would. */
const attestedEnd = (of: Case): Instant => provenanceEnd(of) ?? "";

/** The signs of the content table. Only asked of an artifact that some page has listed. */
export function contentSigns(of: Case): ContentSigns {
  const observed = observedIn(of);
  const { policy } = of.enrolment;
  return {
    body: bodySign(of),
    record: recordSign(of, observed),
    seenBefore: of.history.agreed.some((digest) => digest === observed),
    anotherBefore: of.history.agreed.some((digest) => digest !== observed),
    inBaseline: of.baseline !== null && of.baseline === of.history.shown?.listing.declared,
    attesting: !isPast(attestedEnd(of), of.now),
    inGrace: !isPast(graceEnd(of), of.now),
    loud: policy.strict || policy.frozen || of.habits.recordsReleases || joinsOldRelease(of),
    byBuilder: isByBuilder(of, observed),
    overdue: isPast(undecidedEnd(of), of.now),
    tried: of.history.latest !== null,
  };
}

/** Whether an entry may have passed unseen after the last page that showed it: in an earlier epoch, or a blind time. */
const wasBlindSince = ({ journal }: Case, shown: Shown | null): boolean =>
  shown !== null &&
  (shown.look.epoch !== journal.epoch || journal.intervals.some(({ until }) => until > shown.look.at));

/** When a file that the journal named counts as unseen; from the moment our clock saw the entry. */
export const unseenEnd = (of: Case): Instant | null => {
  const [entry = null] = awaitedEntries(of);
  return entry && after(entry.seenAt, minutes(of.enrolment.policy.deadlines.unseenMinutes));
};

/** When a recorded file counts as missing; from its first record. */
export const missingEnd = (of: Case): Instant | null => {
  const first = earliest(of.recorded.map((record) => record.recordedAt));
  return first && after(first, minutes(of.enrolment.policy.deadlines.missingMinutes));
};

/** The signs of the standing table. */
export function standingSigns(of: Case, content: ContentVerdict | null): StandingSigns {
  const { shown } = of.history;
  return {
    listed: isListed(of.history),
    everListed: shown !== null,
    removalEntry: removalEntry(of) !== null,
    quarantined: isQuarantined(of),
    absenceProven: absenceProven(of),
    absenceOverdue: isPast(lackedEnd(of), of.now),
    blindBetween: wasBlindSince(of, shown),
    unannounced: isUnannounced(of),
    blindBefore: wasBlindBefore(of),
    back: gapBefore(of) !== null,
    journalled: awaitedEntries(of).length > 0,
    recorded: of.recorded.length > 0,
    unseenOverdue: isPast(unseenEnd(of), of.now),
    missingOverdue: isPast(missingEnd(of), of.now),
    yanked: shown !== null && shown.listing.yanked !== false,
    matched: content === "match",
    frozen: of.enrolment.policy.frozen,
  };
}
