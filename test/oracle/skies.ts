import type { Span } from "./branch.ts";
import { HOUR, MINUTE, TIMES, type Weather } from "./script.ts";
import type { Sight } from "./seeing.ts";

/** When each way last became free: `Infinity` while it is not, 0 where it always was. */
interface Calm {
  journal: number;
  pages: number;
  files: number;
}

const WAYS: Readonly<Record<Weather, keyof Calm>> = {
  "journal-down": "journal",
  "journal-lags": "journal",
  "pages-down": "pages",
  "pages-stand-still": "pages",
  "packed-pages-stand-still": "pages",
  "files-down": "files",
  "files-cut": "files",
  "files-empty": "files",
  "edge-corrupts": "files",
};

const NEVER = Number.POSITIVE_INFINITY;
const SOON_MS = MINUTE;
const SWEPT_MS = TIMES.sweepMs + 30 * MINUTE;
const AFTER_WEATHER_MS = 90 * MINUTE;
/** So long after the way is free, nothing is put off any more. */
const SETTLED_MS = 3 * HOUR;

/** The weather so far, and what it lets a monitor see. */
export class Skies {
  readonly calm: Calm = { journal: 0, pages: 0, files: 0 };
  /** When the journal last was not to be read. */
  journalBadMs = Number.NEGATIVE_INFINITY;
  #weather: Weather | null = null;
  #stoodStillMs = 0;
  /** When files last were to be had whole, before this weather. */
  #filesWereFreeMs = 0;
  /** What last gave a reason to look at the project. */
  readonly #asked = new Map<string, { readonly ms: number; readonly inJournal: boolean }>();

  begin(weather: Weather, nowMs: number): void {
    if (this.#weather !== null) this.end(nowMs);
    this.#weather = weather;
    this.#filesWereFreeMs = this.calm.files;
    this.calm[WAYS[weather]] = NEVER;
    this.#stoodStillMs = nowMs;
  }

  end(nowMs: number): void {
    if (!this.isJournalFree) this.journalBadMs = nowMs;
    this.#weather = null;
    for (const way of ["journal", "pages", "files"] as const)
      if (this.calm[way] === NEVER) this.calm[way] = nowMs;
  }

  get isJournalFree(): boolean {
    return this.calm.journal !== NEVER;
  }

  /** A corrupt edge only delays what comes whole in the end. */
  get filesCalmMs(): number {
    return this.#weather === "edge-corrupts" ? Math.max(1, this.#filesWereFreeMs) : this.calm.files;
  }

  ask(project: string, ms: number, inJournal: boolean): void {
    this.#asked.set(project, { ms, inJournal });
  }

  /** Whether a page that shows what is so since `shownMs` was read, and when. */
  look(project: string, shownMs: number, span: Span): Sight["look"] {
    if (this.#hides(shownMs)) return { is: "no", when: span };
    const asked = this.#lookAsked(project, shownMs, span);
    if (asked !== null) return { is: "yes", when: asked };
    const sweptMs = Math.max(shownMs, this.calm.pages) + SWEPT_MS;
    if (span.hiMs < sweptMs) return { is: "maybe", when: span };
    return { is: "yes", when: { loMs: span.loMs, hiMs: Math.min(span.hiMs, Math.max(span.loMs, sweptMs)) } };
  }

  #hides(shownMs: number): boolean {
    if (this.#weather === "pages-down") return true;
    return this.#weather === "pages-stand-still" && shownMs >= this.#stoodStillMs;
  }

  /** When a look came for certain because something asked for it; `null` where that is not certain. */
  #lookAsked(project: string, shownMs: number, { loMs, hiMs }: Span): Span | null {
    const asked = this.#asked.get(project);
    const { pages, journal } = this.calm;
    if (asked === undefined || asked.ms < shownMs) return null;
    const freeMs = Math.max(pages, asked.inJournal ? journal : 0);
    if (freeMs <= 0 || asked.ms - freeMs >= SETTLED_MS) return { loMs: asked.ms, hiMs: asked.ms + SOON_MS };
    const sureMs = Math.max(freeMs, asked.ms) + AFTER_WEATHER_MS;
    return hiMs < sureMs ? null : { loMs: Math.max(loMs, shownMs), hiMs: Math.min(hiMs, sureMs) };
  }
}
