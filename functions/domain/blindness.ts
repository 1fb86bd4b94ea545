import { between, type Instant, minutes } from "./instants.ts";
import { type ChosenSource, NEVER, type SourceState } from "./sources.ts";

/** The monitor cannot promise to see uploads. `Since` allows `null` where nobody may know since when. */
export interface Blindness<Since extends Instant | null = Instant | null> {
  /**
   * What carries the monitor was never read; not read in full for too long, or without what is known to be in it; is another journal
   * than was read before; or shows new releases only.
   */
  readonly kind: "unread" | "silent" | "went-back" | "releases-only";
  readonly since: Instant | Since;
  readonly reason: string;
}

/** The monitor sees uploads, by a second source and later than it should. */
export interface Lateness<Since extends Instant | null = Instant | null> {
  readonly since: Instant | Since;
  readonly reason: string;
}

/** What the monitor can promise, and by what. */
export interface Vision<Since extends Instant | null = Instant | null> {
  /** The source that carries the monitor now; `null` where none answers. */
  readonly by: ChosenSource | null;
  readonly blind: Blindness<Since> | null;
  readonly late: Lateness<Since> | null;
}

/** As much of the cursor as tells whether the monitor sees. */
export interface Reading {
  readonly epoch: number;
  readonly serial: number;
  readonly polledAt: Instant;
  readonly blind: { readonly since: Instant; readonly reason: string } | null;
}

/** By what an index is followed, and how the sources beside the journal answered. */
export interface Watch {
  readonly source: ChosenSource;
  readonly list: Pick<SourceState, "answeredAt" | "epoch" | "ahead"> | null;
  readonly updates: Pick<SourceState, "answeredAt"> | null;
}

/** The edge's copy of the list is half an hour old at most, and it is asked for every few minutes while it carries the monitor. */
export const LIST_FRESH_MS = minutes(45);
const FEED_FRESH_MS = minutes(15);

const JOURNAL_ALONE: Watch = { source: "journal", list: null, updates: null };

/** Whether the monitor is blind at `now`, and why; `null` while it sees, if late. See `visionOf`. */
export const blindness = <Since extends Instant | null>(
  reading: Reading | null,
  startedAt: Since,
  now: Instant,
  staleMs: number,
  watch: Watch = JOURNAL_ALONE,
): Blindness<Since> | null => visionOf(reading, startedAt, now, staleMs, watch).blind;

/**
 * What the monitor can promise at `now`. The one rule for whoever says so: health and sweep. Silence counts from the last full
 * answer and is blindness once it has lasted `staleMs`, unless the list of all projects answers: then the monitor is late. Who
 * never read the journal (`null`) is blind from the start: since `startedAt`, where anybody took note of that.
 */
export function visionOf<Since extends Instant | null>(
  reading: Reading | null,
  startedAt: Since,
  now: Instant,
  staleMs: number,
  watch: Watch,
): Vision<Since> {
  const isFollowed = watch.source === "journal";
  if (isFollowed && reading !== null && reading.blind !== null)
    return sightless<Since>({ kind: "went-back", ...reading.blind });
  const isRead = isFollowed && reading !== null && isRecent(reading.polledAt, now, staleMs);
  const behind = isRead ? behindSince(reading, watch.list, now, staleMs) : null;
  if (isRead && behind === null) return { by: "journal", blind: null, late: null };
  const silence = behind ?? silenceOf(reading, startedAt, watch);
  if (watch.source !== "rss" && reading !== null && isFresh(watch.list, now, LIST_FRESH_MS))
    return { by: "list", blind: null, late: isFollowed ? lateBy(silence) : null };
  return isFresh(watch.updates, now, FEED_FRESH_MS)
    ? {
        by: "rss",
        blind: { ...silence, kind: "releases-only", reason: releasesOnly(silence, watch) },
        late: null,
      }
    : sightless(silence);
}

const sightless = <Since extends Instant | null>(blind: Blindness<Since>): Vision<Since> => ({
  by: null,
  blind,
  late: null,
});

/** What is still to come was noted by a clock that was wrong, and says nothing. */
const isRecent = (at: Instant, now: Instant, withinMs: number): boolean =>
  Math.abs(between(at, now)) < withinMs;

const isFresh = (state: Watch["updates"], now: Instant, freshMs: number): boolean =>
  state !== null && state.answeredAt !== null && isRecent(state.answeredAt, now, freshMs);

/**
 * Where the list was further than the journal and the journal has not come to there for so long: it answers, and not with all there is.
 * `null` where it has.
 */
export function behindSince(
  reading: Reading,
  list: Watch["list"],
  now: Instant,
  forMs: number,
): (Blindness<Instant> & { readonly since: Instant }) | null {
  const ahead = list?.epoch === reading.epoch ? list.ahead : null;
  if (!ahead || reading.serial >= ahead.serial || isRecent(ahead.since, now, forMs)) return null;
  const reason = `the journal answers and ends at serial ${reading.serial}, although the list of all projects was at ${ahead.serial} by ${ahead.since}`;
  return { kind: "silent", since: ahead.since, reason };
}

const lateBy = <Since extends Instant | null>({ since, reason }: Blindness<Since>): Lateness<Since> => ({
  since,
  reason: `${reason}; the list of all projects says which ones changed, up to 35 minutes late`,
});

const releasesOnly = ({ reason }: Blindness, { source }: Watch): string =>
  `${source === "rss" ? "" : `${reason}; `}RSS shows new releases only, not files added to a release nor what is removed`;

/** Since when what should carry the monitor is silent. */
function silenceOf<Since extends Instant | null>(
  reading: Reading | null,
  startedAt: Since,
  { source, list }: Watch,
): Blindness<Since> {
  const what = source === "list" ? "the list of all projects" : "the journal";
  const readAt = source === "list" ? (list?.answeredAt ?? null) : (reading?.polledAt ?? null);
  if (readAt === null || readAt === NEVER || source === "rss")
    return { kind: "unread", since: startedAt, reason: `${what} has not been read yet` };
  return { kind: "silent", since: readAt, reason: `${what} was last read in full at ${readAt}` };
}
