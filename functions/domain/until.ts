import { lackedEnd, lackedSince } from "./absence.ts";
import type { Case } from "./case.ts";
import { isListed } from "./history.ts";
import { after, between, earliest, hourOf, hours, type Instant, minutes } from "./instants.ts";
import { provenanceEnd } from "./provenance.ts";
import { graceEnd, missingEnd, undecidedEnd, unseenEnd } from "./signs.ts";
import { lacksEntry } from "./unexplained.ts";
import type { ContentVerdict, Standing } from "./verdicts.ts";

/** How long until something expected is asked for again before its deadline. */
const ASK_AGAIN_MS = minutes(10);
/** Afterwards half as long again as it has lasted, within these bounds: what never comes must not be asked for ever. */
const LEAST_AGAIN_MS = minutes(60);
const MOST_AGAIN_MS = hours(24);

/** The next instant at which time alone can change a judgement, or at which it is time to ask the index again. */
export function untilOf(of: Case, content: ContentVerdict | null, standing: Standing): Instant | null {
  return earliest([...contentUntil(of, content), ...standingUntil(of, standing)]);
}

function contentUntil(of: Case, content: ContentVerdict | null): (Instant | null)[] {
  if (content === "awaiting-record")
    return [graceEnd(of), provenanceEnd(of)].map((end) => end && futureOnly(end, of.now));
  const undecided = content === "unverifiable" || content === "flaky-edge";
  if (undecided) return [askAgain(of, undecidedEnd(of), of.history.undecidedSince)];
  return flakyUntil(of);
}

/** A flaky hour is judged once it is over and it is known how many shared it. */
const flakyUntil = ({ history, now }: Case): Instant[] => {
  const last = history.flakyAt.at(-1);
  const isOpen = last !== undefined && hourOf(last) === hourOf(now);
  return isOpen ? [after(`${hourOf(now)}:00:00.000Z`, hours(1))] : [];
};

function standingUntil(of: Case, standing: Standing): (Instant | null)[] {
  const { absences, lacking, shown } = of.history;
  if (standing === "expected" || standing === "unseen" || standing === "missing") {
    const ends = [unseenEnd(of), missingEnd(of)];
    return [askAgain(of, earliest(ends.filter((end) => end !== null && end > of.now)), earliest(ends))];
  }
  if (standing === "hidden") return [askAgain(of, null, absences.at(0)?.look.at ?? null)];
  if (lacksEntry(of) && standing === "listed") return [askForEntry(of)];
  const doubted = standing === "listed" && shown !== null && (!isListed(of.history) || lacking.length > 0);
  if (!doubted) return [];
  // Often at first, for the proof; ever more rarely where none can be had.
  const since = lackedSince(of);
  const lastedMs = since === null ? 0 : between(since, of.now);
  return [
    after(of.now, Math.min(Math.max(of.confirmMs, lastedMs / 2), MOST_AGAIN_MS)),
    futureOnly(lackedEnd(of), of.now),
  ];
}

/** Often at first, for the second reading; ever more rarely where the journal cannot be had. */
function askForEntry({ now, history: { firstSeen }, confirmMs }: Case): Instant {
  const lastedMs = firstSeen === null ? 0 : between(firstSeen, now);
  return after(now, Math.min(Math.max(confirmMs, lastedMs / 2), MOST_AGAIN_MS));
}

const futureOnly = (at: Instant | null, now: Instant): Instant | null =>
  at !== null && at > now ? at : null;

function askAgain({ now, history }: Case, end: Instant | null, since: Instant | null): Instant | null {
  if (end !== null && end > now) {
    // Before anything was tried the fetch is still to come: asking again would only queue it twice.
    const untried = history.shown !== null && history.latest === null;
    return untried ? end : earliest([end, after(now, ASK_AGAIN_MS)]);
  }
  const lastedMs = since === null ? 0 : between(since, now);
  return after(now, Math.min(Math.max(LEAST_AGAIN_MS, lastedMs / 2), MOST_AGAIN_MS));
}
