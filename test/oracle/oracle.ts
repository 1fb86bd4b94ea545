import { type Branch, distinct, type Span, UNSEEN, UNWATCHED, type Watched } from "./branch.ts";
import { type Case, judged, type Said } from "./judging.ts";
import {
  BEGINS_MS,
  type Choices,
  type Deed,
  HOUR,
  MINUTE,
  projectOf,
  REST_MS,
  releaseOf,
  type Script,
} from "./script.ts";
import { concluded, fetched, looked, rehashed, type Sight } from "./seeing.ts";
import { severities } from "./severities.ts";
import { Skies } from "./skies.ts";
import { told } from "./telling.ts";
import { Truth } from "./truth.ts";

interface Watcher {
  readonly name: string;
  readonly project: string;
  readonly choices: Choices;
  readonly sinceMs: number;
  readonly headThen: number;
}

interface Kept extends Said {
  readonly by: string;
  readonly file: string;
  readonly isLive: boolean;
}

const SOON_MS = MINUTE;

/** Follows a world from outside, and says what a monitor must and may have told by its end. Imports nothing of it. */
export class Oracle {
  readonly truth = new Truth();
  readonly branches = new Map<string, Branch[]>();
  readonly watchers = new Map<string, Watcher>();
  #nowMs = BEGINS_MS;
  readonly #said: Kept[] = [];
  readonly #skies = new Skies();
  readonly #shownMs = new Map<string, { readonly key: string; readonly ms: number }>();
  readonly #servedMs = new Map<string, { readonly key: string; readonly ms: number }>();
  readonly #entrySeen = new Map<number, Span>();

  static follow({ steps }: Script): Oracle {
    const oracle = new Oracle();
    for (const { thenMs, ...deed } of steps) oracle.#step(deed as Deed, thenMs);
    oracle.#step({ does: "calm" }, REST_MS);
    return oracle;
  }

  #step(deed: Deed, thenMs: number): void {
    if (deed.does === "jump") this.#nowMs += deed.byMs;
    const head = this.truth.head;
    this.truth.apply(deed, this.#nowMs);
    this.#note(deed, head);
    const span = { loMs: this.#nowMs, hiMs: this.#nowMs + thenMs };
    this.#noteEntries(span);
    for (const file of this.#files()) this.#advance(file, deed, span);
    this.#nowMs = span.hiMs;
  }

  #files(): Set<string> {
    return new Set([...this.truth.files.keys(), ...this.#said.map(({ file }) => file)]);
  }

  #note(deed: Deed, headBefore: number): void {
    const nowMs = this.#nowMs;
    if (deed.does === "weather") this.#skies.begin(deed.weather, nowMs);
    if (deed.does === "calm") this.#skies.end(nowMs);
    if (deed.does === "enrol") this.#enrol(deed);
    if (deed.does === "record" || deed.does === "withdraw") this.#say(deed);
    if ("as" in deed) this.#skies.ask(this.watchers.get(deed.as)?.project ?? "", nowMs, false);
    for (const row of this.truth.rows) if (row.serial > headBefore) this.#skies.ask(row.project, nowMs, true);
  }

  #noteEntries(span: Span): void {
    const isCalm = this.#skies.isJournalFree;
    for (const { serial, atMs } of this.truth.rows) {
      const seen = this.#entrySeen.get(serial);
      if (seen !== undefined && seen.hiMs !== Number.POSITIVE_INFINITY) continue;
      const hiMs = isCalm ? Math.max(atMs, span.loMs) + 10 * MINUTE : Number.POSITIVE_INFINITY;
      this.#entrySeen.set(serial, { loMs: isCalm ? Math.max(atMs, span.loMs) : atMs, hiMs });
    }
  }

  #enrol({ as, project, choices }: Deed & { does: "enrol" }): void {
    const watcher = { name: as, project, choices, sinceMs: this.#nowMs, headThen: this.truth.head };
    this.watchers.set(as, watcher);
    const shown = new Map(this.truth.page(project)?.files.map((each) => [each.file, each.declared]));
    for (const [file, branches] of this.branches) {
      if (projectOf(file) !== project) continue;
      this.branches.set(
        file,
        branches.map((each) => joined(each, as, shown.get(file) ?? this.#hidden(file, this.#nowMs))),
      );
    }
  }

  #say(deed: Deed & { does: "record" | "withdraw" }): void {
    const { as: by, file, variant } = deed;
    if (deed.does === "withdraw") {
      this.#said.forEach((each, index) => {
        if (each.by === by && each.file === file && each.variant === variant)
          this.#said[index] = { ...each, isLive: false };
      });
      return;
    }
    const { key } = deed;
    const used = this.#said.some((each) => each.by === by && each.key === "maintainer");
    const silences = key === "maintainer" || (!used && this.watchers.get(by)?.choices.silencedBy === "ci");
    this.#said.push({ by, file, variant, key, silences, atMs: this.#nowMs, isLive: true });
  }

  #advance(file: string, deed: Deed, span: Span): void {
    const project = projectOf(file);
    const watchers = [...this.watchers.values()].filter((each) => each.project === project);
    if (watchers.length === 0) return;
    const sight = this.#sight(file, deed, span);
    const start = this.branches.get(file) ?? [this.#begun(file, watchers)];
    const concerns =
      ("file" in deed && deed.file === file) || (deed.does === "enrol" && deed.project === project);
    const soon = { loMs: span.loMs, hiMs: Math.min(span.hiMs, span.loMs + SOON_MS) };
    const end = { loMs: span.hiMs, hiMs: span.hiMs };
    const all = (branches: readonly Branch[], now: Span): Branch[] =>
      distinct(
        watchers.reduce<readonly Branch[]>(
          (now_, each) => now_.flatMap((branch) => judged(branch, this.#caseOf(each, file, branch, now))),
          branches,
        ) as Branch[],
      );
    let now = start.map((each) => named(this.#contested(each, deed, file), deed, file));
    if (concerns) now = all(now, soon);
    now = this.#through(
      now,
      (each) => looked(each, sight),
      (each) => all(each, sight.look.when),
    );
    // What is due before a sweep comes by is told before, whatever it finds.
    now = distinct(
      now.flatMap((each) => {
        const when = rehashed(each, sight);
        return when === null ? [each] : all([each], when);
      }),
    );
    const fetchWhen = { loMs: span.loMs, hiMs: span.hiMs };
    now = this.#through(
      now,
      (each) => fetched(each, sight),
      (each) => all(each, fetchedSpan(each, fetchWhen, sight.filesCalmMs === 0)),
    );
    now = this.#through(
      now,
      (each) => concluded(each, sight),
      (each) => all(each, span),
    );
    this.branches.set(file, all(now, end));
  }

  /** Applies what was seen; judges again only where that changed something. */
  #through(
    branches: readonly Branch[],
    see: (branch: Branch) => Branch[],
    judge: (changed: readonly Branch[]) => Branch[],
  ): Branch[] {
    return distinct(
      branches.flatMap((each) => see(each).flatMap((seen) => (seen === each ? [each] : judge([seen])))),
    );
  }

  #begun(file: string, watchers: readonly Watcher[]): Branch {
    const known = this.truth.files.get(file);
    return watchers.reduce<Branch>((branch, { name, sinceMs }) => {
      const wasThere = known !== undefined && known.publishedMs < sinceMs;
      const shown = this.truth.page(projectOf(file))?.files.find((each) => each.file === file);
      return joined(branch, name, (wasThere ? shown?.declared : null) ?? this.#hidden(file, sinceMs));
    }, UNSEEN);
  }

  /** What a quarantine hides when a watch begins was there. */
  #hidden(file: string, sinceMs: number): "hidden" | null {
    const known = this.truth.files.get(file);
    if (known === undefined || known.removed || known.publishedMs >= sinceMs) return null;
    return this.truth.isShut(known) ? "hidden" : null;
  }

  #sight(file: string, deed: Deed, span: Span): Sight {
    const project = projectOf(file);
    const known = this.truth.files.get(file);
    const shown = this.truth.page(project)?.files.find((each) => each.file === file) ?? null;
    const isShut = known !== undefined && this.truth.isShut(known);
    const why = known?.removed ? "removed" : isShut ? "hidden" : "unexplained";
    const shownMs = changedMs(this.#shownMs, file, JSON.stringify([shown, why]), span.loMs);
    const servedMs = changedMs(this.#servedMs, file, `${known?.declared} ${known?.served}`, span.loMs);
    return {
      span,
      jumpedMs: deed.does === "jump" ? Math.max(0, deed.byMs) : 0,
      shown,
      served: known?.served ?? "own",
      look: this.#skies.look(project, shownMs, span),
      filesCalmMs: this.#skies.filesCalmMs,
      pagesCalmMs: this.#skies.calm.pages,
      journalCalmMs: this.#skies.calm.journal,
      servedMs,
      why,
      isJournalled: known?.journalled ?? false,
      wasBlind: this.#skies.journalBadMs >= (known?.publishedMs ?? 0) - 24 * HOUR,
    };
  }

  #caseOf(watcher: Watcher, file: string, branch: Branch, now: Span): Case {
    const known = this.truth.files.get(file);
    const of = this.#said.filter((each) => each.by === watcher.name && each.file === file && each.isLive);
    const add = this.truth.rows.find(
      ({ action, serial }) =>
        action.endsWith(` file ${file}`) && action.startsWith("add") && serial > watcher.headThen,
    );
    const seen = add && this.#entrySeen.get(add.serial);
    const recorded = this.#said.filter((each) => each.by === watcher.name).map((each) => each.file);
    return {
      watcher: watcher.name,
      choices: watcher.choices,
      said: of,
      isAdded: seen !== undefined,
      now,
      severities: severities(file, watcher.choices, branch, recorded, this.branches),
      journalled: seen === undefined || seen.loMs > now.hiMs ? null : seen,
      isShut: known !== undefined && this.truth.isShut(known),
      removals: known?.removals ?? 0,
      isRemoved: known?.removed ?? false,
      yanks: this.truth.rows.filter(
        ({ action, project, release, atMs }) =>
          action === "yank release" &&
          project === watcher.project &&
          release === releaseOf(file) &&
          atMs <= now.hiMs,
      ).length,
      isAnnounced: (known?.publishedMs ?? 0) < watcher.sinceMs,
    };
  }

  #contested(branch: Branch, deed: Deed, file: string): Branch {
    if (!(deed.does === "record" || deed.does === "withdraw") || deed.file !== file) return branch;
    const before = branch.watched[deed.as];
    if (before === undefined) return branch;
    const of = this.#said.filter((each) => each.by === deed.as && each.file === file && each.isLive);
    const isContested = deed.does === "record" && of.some((each) => each.variant !== deed.variant);
    const isChanged = deed.does === "withdraw";
    if (!isContested && !isChanged) return branch;
    const key = isChanged ? "warning record-changed open" : "warning record-contested open";
    return {
      ...branch,
      watched: { ...branch.watched, [deed.as]: told(before, key, [key in before.told ? 0 : 1, 1]) },
    };
  }
}

/** An entry that adds a file has it fetched, known or not. */
const named = (branch: Branch, deed: Deed, file: string): Branch =>
  deed.does === "relist" && deed.file === file ? { ...branch, rehashMs: null } : branch;

function joined(branch: Branch, name: string, baseline: Watched["baseline"]): Branch {
  const isLoose = branch.everListed && (baseline === null || baseline === "hidden");
  return { ...branch, watched: { ...branch.watched, [name]: { ...UNWATCHED, baseline, isLoose } } };
}

function changedMs(
  known: Map<string, { key: string; ms: number }>,
  file: string,
  key: string,
  nowMs: number,
): number {
  const before = known.get(file);
  if (before?.key === key) return before.ms;
  known.set(file, { key, ms: nowMs });
  return nowMs;
}

const fetchedSpan = (branches: readonly Branch[], span: Span, isFree: boolean): Span => {
  const learned = branches[0]?.learned;
  const isAtOnce = branches[0]?.observed === branches[0]?.declared && isFree;
  // In the same turn as the look: no time has passed in which a grace could end.
  if (learned && learned.loMs >= span.loMs && isAtOnce) return learned;
  return learned && learned.loMs >= span.loMs
    ? { loMs: learned.loMs, hiMs: Math.min(span.hiMs, learned.hiMs + 10 * MINUTE) }
    : span;
};
