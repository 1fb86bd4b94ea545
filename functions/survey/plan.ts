import type { Artifact, Change, Lane } from "../domain/changes.ts";
import type { Digest } from "../domain/digests.ts";
import type { ListedFile, Page } from "../domain/pages.ts";
import { isSettled, type Standing } from "../domain/verdicts.ts";
import type { ArtifactRow } from "../domain/view.ts";
import { type Expectation, isExpected, isRenamed, mustBeRead } from "./provenance.ts";

/** What survey found, and what the view held when it looked. */
export interface Seen extends Expectation {
  readonly change: Change;
  /** `null` when the index says that there is no such project. */
  readonly page: Page | null;
  /** The serial that the page claims, believed or not. @default null */
  readonly claimed?: number | null;
  /** The page is the one that the look before showed. @default false */
  readonly unchanged?: boolean;
  readonly rows: readonly ArtifactRow[];
  /** Every enrolment of the project whose baseline is fixed, with the (file, digest) pairs of that baseline. */
  readonly baselines: ReadonlyMap<string, ReadonlyMap<string, Digest | null>>;
}

/** An artifact to be fetched, or only its provenance read. */
export interface Wanted extends Pick<Artifact, "lane" | "wantsProvenance" | "provenanceOnly"> {
  readonly file: ListedFile;
}

/** What follows from a look. Level-triggered: from what is shown minus what is settled, never from a diff of two pages. */
export interface Plan {
  readonly fetch: readonly Wanted[];
  readonly listed: readonly ListedFile[];
  readonly absent: readonly string[];
  /** The page is older than what asked for it. */
  readonly stale: boolean;
}

/**
 * Decides what to fetch, what to report as seen, and what to report as not there. Pure. Before any baseline is fixed
 * there is nobody to judge for, and nothing follows.
 */
export function plan(seen: Seen): Plan {
  if (seen.baselines.size === 0) return { fetch: [], listed: [], absent: [], stale: false };
  const rows = Map.groupBy(seen.rows, (row) => row.file);
  const asked = askedFor(seen.change, rows);
  const files = seen.page?.files ?? [];
  const choices = files.map((file) => ({
    file,
    choice: choose(seen, file, rows.get(file.file) ?? [], asked),
  }));
  const shown = new Set(files.map((file) => file.file));
  const gone = [...rows].filter(
    ([file, of]) => !shown.has(file) && of.some((row) => stands(row.standing, seen.change)),
  );
  const unknown = choices.filter(({ file, choice }) => choice === "now" && !isPending(file, rows));
  return {
    fetch: choices.flatMap(({ file, choice }) => wantedBy(choice, file, seen)),
    listed: choices
      .filter((each) => each.choice.startsWith("tell") || unknown.includes(each))
      .map(({ file }) => file),
    absent: [...new Set([...gone.map(([file]) => file), ...[...asked].filter((file) => !shown.has(file))])],
    stale: isStale(seen),
  };
}

/** A file that vanished may be taken away, or hidden, by an entry that names no file: then it is looked for once more. */
const stands = (standing: Standing, { reason, files }: Change): boolean =>
  STANDS.has(standing) || (standing === "vanished" && reason === "journal" && files.length === 0);

/** As long as this is its standing, a page that lacks the file is news. */
const STANDS: ReadonlySet<Standing> = new Set<Standing>([
  "listed",
  "yanked",
  "hidden",
  "unannounced",
  "reappeared",
]);

/**
 * Whether somebody is waiting for these bytes already. A fresh upload that nobody waits for is reported as seen, too:
 * then it has a deadline, however long the queue before its fetch may be.
 */
const isPending = (file: ListedFile, rows: ReadonlyMap<string, readonly ArtifactRow[]>): boolean =>
  (rows.get(file.file) ?? []).some((row) => row.declared === file.declared);

/**
 * What the change names, once: a repeated look tells only what is new. A file that no row knows is still new: the first
 * look may have told nothing, for want of a baseline. A policy concerns whatever is judged by it.
 */
function askedFor({ files, looks, reason }: Change, known: Rows): ReadonlySet<string> {
  if (reason === "policy" && files.length === 0) return looks === 0 ? judgedByPolicy(known) : new Set();
  return new Set(files.filter((file) => looks === 0 || !known.has(file)));
}

type Rows = ReadonlyMap<string, readonly ArtifactRow[]>;

/** What was there before the watch began is the same under any policy, as long as it is there. */
const judgedByPolicy = (rows: Rows): ReadonlySet<string> =>
  new Set(
    [...rows].flatMap(([file, of]) =>
      of.every((row) => row.verdict === "baseline" && row.listed) ? [] : [file],
    ),
  );

function wantedBy(choice: Choice, file: ListedFile, seen: Seen): Wanted[] {
  const { reason, lane } = seen.change;
  const wantsProvenance = isExpected(seen, file) ? ({ wantsProvenance: true } as const) : {};
  if (choice === "now" || choice === "sweep") return [{ file, lane: choice, ...wantsProvenance }];
  if (!choice.endsWith("read")) return [];
  return [
    { file, lane: reason === "policy" ? "sweep" : lane, ...wantsProvenance, provenanceOnly: { vain: 0 } },
  ];
}

type Choice = Lane | "tell" | "tell-and-read" | "read" | "nothing";

function choose(
  seen: Seen,
  file: ListedFile,
  rows: readonly ArtifactRow[],
  asked: ReadonlySet<string>,
): Choice {
  const { reason, lane } = seen.change;
  const isAsked = asked.has(file.file);
  // Nothing to compare bytes with: that is for the judge to say, not for a download to find out.
  if (file.declared === null) return isAsked || rows.length === 0 ? "tell" : "nothing";
  if (isAsked && (reason === "journal" || reason === "sweep")) return lane;
  const settled = rows.filter((row) => row.declared === file.declared && isSettled(row.verdict));
  if (settled.length === 0) return unsettled(seen, file);
  const differs = rows.some((row) => !row.listed || row.yanked !== (file.yanked !== false));
  const renamed = isRenamed(seen, file, rows);
  // Its bytes are known: a new enrolment is judged from facts already held.
  const tells = isAsked || differs || renamed || settled.length < seen.baselines.size;
  if (!mustBeRead(seen, file, rows)) return tells ? "tell" : "nothing";
  // At its own deadline it is judged by what is read now, and not before it.
  return tells && reason !== "deadline" ? "tell-and-read" : "read";
}

/** Baseline files wait for the enrolment's own change, a sweep or their deadline, and never stand before a fresh upload. */
function unsettled({ baselines, change }: Seen, file: ListedFile): Choice {
  const inBaseline = [...baselines.values()].every((pairs) => pairs.get(file.file) === file.declared);
  if (!inBaseline) return "now";
  const whole = change.files.length === 0 && (change.reason === "enrolment" || change.reason === "sweep");
  return whole || change.files.includes(file.file) ? "sweep" : "nothing";
}

/**
 * Whatever the page shows, below the entry's serial it does not show what that entry did: an upload may be missing,
 * a removal may not have happened yet. The serial can be stuck for good, so the caller asks a bounded number of times.
 */
function isStale({ change, page, claimed = null, unchanged = false }: Seen): boolean {
  // A source without serials shows that the project moved, and shows it once: a page that did not is an edge's copy, or was seen since.
  if (change.serial === null) return change.reason === "cross-check" && unchanged;
  // Another source speaks where the journal may not be there to say how far the index is: then the page's own word must do.
  const serial = change.reason === "cross-check" ? claimed : (page?.serial ?? null);
  return page === null || serial === null || serial < change.serial;
}
