import { type Branch, type Maybe, passed, type Span } from "./branch.ts";
import { MINUTE, TIMES, type Variant } from "./script.ts";
import { told } from "./telling.ts";
import type { Shown } from "./truth.ts";

/** How the world stands for one file, from one step to the next. */
export interface Sight {
  readonly span: Span;
  /** How far the clock was set forward when it began. */
  readonly jumpedMs: number;
  /** What pages show of it; `null` when they do not. */
  readonly shown: Shown | null;
  readonly served: Variant;
  /** Whether a page was read meanwhile that shows it so, and when. */
  readonly look: { readonly is: Maybe; readonly when: Span };
  /** Since when pages, files and journal can be read without a fault, and the bytes are what they are. */
  readonly filesCalmMs: number;
  readonly pagesCalmMs: number;
  readonly journalCalmMs: number;
  readonly servedMs: number;
  readonly why: "removed" | "hidden" | "unexplained";
  readonly isJournalled: boolean;
  /** The journal was down when it was first seen, or in the day before. */
  readonly wasBlind: boolean;
}

const CALM = Number.POSITIVE_INFINITY;

/** Both where it is open. */
const either = (is: Maybe, yes: () => Branch[], no: () => Branch[]): Branch[] => [
  ...(is === "no" ? [] : yes()),
  ...(is === "yes" ? [] : no()),
];

/** What a look at the page tells of the file. */
export function looked(branch: Branch, sight: Sight): Branch[] {
  const { shown, look, why } = sight;
  const isTaken = !branch.listed && branch.everListed && why === "removed" && branch.absence !== "removed";
  // The entry alone says so, whatever page is shown meanwhile.
  if (isTaken && look.is === "no" && sight.journalCalmMs !== CALM)
    return [
      branch,
      { ...branch, absence: "removed" },
      { ...branch, absence: "removed", returns: branch.returns - 1 },
    ];
  const same =
    shown === null
      ? !branch.listed
      : branch.listed && branch.declared === shown.declared && branch.yanked === shown.yanked;
  if (same && (shown !== null || !isOtherwise(branch, why))) return [branch];
  const seen = shown === null ? gone(branch, why, look.when) : found(branch, shown, look.when);
  // An entry that adds it has it fetched anew, which may fail; by another look it is judged from what is known.
  const isAnew =
    seen.listed && seen.observed !== null && seen.rehashMs === null && sight.filesCalmMs === CALM;
  return either(
    look.is,
    () => (isAnew ? [seen, { ...seen, observed: null }] : [seen]),
    () => [branch],
  );
}

/** Gone for another reason than before: removed is removed until it is shown, and what vanished is not what was hidden. */
function isOtherwise({ absence }: Branch, why: Sight["why"]): boolean {
  if (absence === null || absence === why || absence === "removed") return false;
  return why !== "unexplained" || absence === "hidden";
}

function gone(branch: Branch, why: Sight["why"], when: Span): Branch {
  if (!branch.everListed) return branch;
  return { ...branch, listed: false, learned: when, absence: why };
}

function found(branch: Branch, { declared, yanked }: Shown, when: Span): Branch {
  const isOther = branch.declared !== declared;
  return {
    ...branch,
    everListed: true,
    listed: true,
    yanked,
    declared,
    learned: when,
    firstSeen: branch.firstSeen ?? when,
    absence: null,
    returns: branch.returns + (branch.absence === "removed" || branch.absence === "vanished" ? 1 : 0),
    ...(isOther && { observed: null, rehashMs: null, noneSince: null, watched: doubted(branch) }),
  };
}

/** Where no bytes had decided before, time goes on: another declaration is overdue from its first look on, until its bytes come. */
function doubted({ observed, declared, watched }: Branch): Branch["watched"] {
  if (observed === declared || (observed !== null && observed !== "none")) return watched;
  const flash = ["warning unverifiable open", "warning unverifiable resolved"];
  return Object.fromEntries(
    Object.entries(watched).map(([name, of]) => [
      name,
      flash.reduce((now, key) => told(now, key, [0, 1]), of),
    ]),
  );
}

const SLOW_MS = 7 * MINUTE;
const AFTER_WEATHER_MS = 90 * MINUTE;
/** Sweeps come by anywhere in the later half of the interval. */
const LEAST_REHASH_MS = TIMES.rehashMs / 2;
const REHASHED_MS = TIMES.rehashMs + 45 * MINUTE;

/** What fetching the bytes tells: at once where none are known under this declaration, else when a re-hash comes by. */
export function fetched(branch: Branch, sight: Sight): Branch[] {
  const { served, filesCalmMs } = sight;
  const { learned, declared, observed } = branch;
  if (!branch.listed || learned === null || declared === null) return [branch];
  if (filesCalmMs === CALM) return observed === null ? unfetched(branch, sight) : unread(branch, sight);
  if (observed === served) return [branch];
  const again = rehashed(branch, sight);
  const rehashMs = (again?.loMs ?? learned.loMs) + LEAST_REHASH_MS;
  return either(
    isFetched(branch, sight, learned),
    () => [{ ...branch, observed: served, rehashMs, noneSince: null, agreed: agreeing(branch, served) }],
    () => [branch],
  );
}

const isFirst = ({ observed }: Branch): boolean => observed === null || observed === "none";

function isFetched(branch: Branch, sight: Sight, learned: Span): Maybe {
  const { served, servedMs, span } = sight;
  if (span.hiMs >= surelyMs(branch, sight, learned)) return "yes";
  const isGood = served === branch.declared;
  if (isFirst(branch) && isGood) return "maybe";
  const soonestMs = Math.max(learned.loMs, servedMs, rehashed(branch, sight)?.loMs ?? 0);
  return soonestMs + (isGood ? 0 : TIMES.confirmMs) > span.hiMs ? "no" : "maybe";
}

const surelyMs = (branch: Branch, sight: Sight, learned: Span): number =>
  Math.max(learned.hiMs, sight.servedMs, sight.filesCalmMs, isFirst(branch) ? 0 : sight.pagesCalmMs) +
  mostMs(branch, sight, isFirst(branch));

/** When a sweep comes by that fetches other bytes than are known; `null` where none does. */
export function rehashed(branch: Branch, sight: Sight): Span | null {
  const { learned, observed, rehashMs } = branch;
  const { span, served, servedMs, jumpedMs } = sight;
  if (!branch.listed || learned === null || isFirst(branch) || observed === served) return null;
  // Whoever finds both due at once may take either first.
  const loMs = Math.max(span.loMs - jumpedMs, learned.loMs, servedMs - jumpedMs, rehashMs ?? 0);
  if (sight.filesCalmMs === CALM || loMs > span.hiMs) return null;
  return { loMs, hiMs: Math.max(loMs, Math.min(span.hiMs, surelyMs(branch, sight, learned))) };
}

/** The longest that it may take until these bytes were fetched and are certain. */
function mostMs({ declared }: Branch, { served, filesCalmMs, pagesCalmMs }: Sight, isFirst: boolean): number {
  if (!isFirst) return REHASHED_MS;
  if (Math.max(filesCalmMs, pagesCalmMs) > 0) return AFTER_WEATHER_MS;
  return served === declared ? 0 : SLOW_MS;
}

/** Nothing whole comes: it takes several attempts until that is said. */
function unfetched(branch: Branch, { span }: Sight): Branch[] {
  const learned = branch.learned ?? span;
  const none: Branch = {
    ...branch,
    observed: "none",
    noneSince: { loMs: learned.loMs, hiMs: learned.hiMs + 2 * MINUTE },
  };
  return either(
    span.hiMs - learned.hiMs >= 2 * MINUTE ? "yes" : "maybe",
    () => [none],
    () => [branch],
  );
}

/** A re-hash may come by while nothing whole does: then that is all that can be said of it. */
function unread(branch: Branch, { span }: Sight): Branch[] {
  return branch.observed === "none" ? [branch] : [branch, { ...branch, observed: "none", noneSince: span }];
}

const agreeing = ({ agreed, declared }: Branch, served: Variant): readonly Variant[] =>
  served !== declared || agreed.includes(served) ? agreed : [...agreed, served].sort();

const CONFIRMED_SLACK_MS = 60 * MINUTE;

/** What is said late, because an entry or a fresher page may still explain it: an absence, an upload without an entry. */
export function concluded(branch: Branch, sight: Sight): Branch[] {
  const { learned } = branch;
  if (learned === null || sight.journalCalmMs === CALM) return [branch];
  const hiMs = Math.max(learned.hiMs, sight.journalCalmMs, sight.pagesCalmMs);
  const isSaid = passed({ loMs: learned.loMs, hiMs }, TIMES.confirmMs, sight.span, CONFIRMED_SLACK_MS);
  const atEnd = passed(
    { loMs: learned.loMs, hiMs },
    TIMES.confirmMs,
    { loMs: sight.span.hiMs, hiMs: sight.span.hiMs },
    CONFIRMED_SLACK_MS,
  );
  const is = isSaid === "yes" ? "yes" : atEnd;
  if (branch.listed && !branch.isUnannounced && !sight.isJournalled) {
    const said = sight.wasBlind && is === "yes" ? "maybe" : is;
    return either(
      said,
      () => [{ ...branch, isUnannounced: true }],
      () => [branch],
    );
  }
  if (branch.absence === "unexplained" && sight.why === "unexplained") {
    return either(
      is,
      () => [{ ...branch, absence: "vanished" }],
      () => [branch],
    );
  }
  return [branch];
}
