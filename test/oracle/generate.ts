import {
  type Choices,
  type Deed,
  HOUR,
  MINUTE,
  projectOf,
  releaseOf,
  type Script,
  type Step,
  type Variant,
  type Weather,
} from "./script.ts";
import { Truth } from "./truth.ts";

/** mulberry32, by Tommy Ettinger, public domain. */
export function drawing(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const WEATHERS: readonly Weather[] = [
  "journal-down",
  "journal-lags",
  "pages-down",
  "pages-stand-still",
  "packed-pages-stand-still",
  "files-down",
  "files-cut",
  "files-empty",
  "edge-corrupts",
];

/** Gaps by what comes by within them: nothing, a confirmation, a grace, a deadline, a sweep, a re-hash, a day. */
const GAPS = [
  2 * MINUTE,
  8 * MINUTE,
  20 * MINUTE,
  40 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  7 * HOUR,
  13 * HOUR,
  26 * HOUR,
];

/** Weather ends before it lasts so long that it must be told as a finding: of a journal that lags for an hour what it lacks is told. */
const MOST_STORM_MS: Readonly<Partial<Record<Weather, number>>> = { "journal-lags": 30 * MINUTE };
const MOST_MS = 3 * HOUR;

/** Writes one world: what happens in it follows from the seed alone. */
class Writer {
  readonly #draw: () => number;
  readonly #truth = new Truth();
  readonly #steps: Step[] = [];
  readonly #watchers: { readonly as: string; readonly project: string }[] = [];
  readonly #recorded: { readonly as: string; readonly file: string; readonly variant: Variant }[] = [];
  #weather: Weather | null = null;
  /** How long this weather has lasted. */
  #stormMs = 0;
  #hadCorruption = false;

  constructor(seed: number) {
    this.#draw = drawing(seed);
  }

  write(): readonly Step[] {
    if (this.#chance(0.5)) this.#publish("own");
    this.#enrol("ann", "alpha");
    if (this.#chance(0.2)) this.#enrol("bob", "alpha");
    if (this.#chance(0.15)) this.#enrol("cat", "beta");
    const most = 2 + Math.floor(this.#draw() * 6);
    for (let count = 0; count < most; count += 1) this.#happen();
    return this.#steps;
  }

  #happen(): void {
    const kinds: readonly (readonly [number, () => unknown])[] = [
      [6, () => this.#release()],
      [2, () => this.#publish("own")],
      [1, () => this.#publish("evil")],
      [2, () => this.#record()],
      [1, () => this.#withdraw()],
      [4, () => this.#attack()],
      [2, () => this.#remove()],
      [2, () => this.#state()],
      [3, () => this.#weatherTurns()],
      [1, () => this.#monitor()],
      [0.5, () => this.#enrol(`dan${this.#steps.length}`, "alpha")],
    ];
    let left = this.#draw() * kinds.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, happens] of kinds) {
      left -= weight;
      if (left <= 0) {
        happens();
        return;
      }
    }
  }

  #enrol(as: string, project: string): void {
    if (this.#weather !== null) return;
    const choices: Choices = {
      graceMinutes: this.#pick([0, 15, 90]),
      strict: this.#chance(0.15),
      frozen: this.#chance(0.15),
      silencedBy: this.#chance(0.75) ? "ci" : "maintainer",
    };
    this.#watchers.push({ as, project });
    this.#add({ does: "enrol", as, project, choices });
  }

  /** As a developer does it: recorded before or after, by CI or by hand. */
  #release(): void {
    const files = this.#publish("own");
    for (const file of files) {
      for (const { as, project } of this.#watchers) {
        if (project === projectOf(file) && this.#chance(0.7)) this.#say(as, file, "own");
      }
    }
    if (files.length > 0 && this.#chance(0.5)) this.#swapLast();
  }

  /** Records before the upload, as it should be. */
  #swapLast(): void {
    const at = this.#steps.findLastIndex(({ does }) => does === "publish");
    const [published] = this.#steps.splice(at, 1);
    if (published !== undefined) this.#steps.push(published);
  }

  #publish(variant: Variant): readonly string[] {
    const project = this.#pick(["alpha", "alpha", "beta"]);
    const release = this.#pick(["1.0", "2.0", "3.0"]);
    const names = [".tar.gz", "-py3-none-any.whl"].map((end) => `${project}-${release}${end}`);
    const free = names.filter((name) => !this.#truth.files.has(name));
    const files = free.slice(0, 1 + Math.floor(this.#draw() * 2));
    if (files.length === 0) return [];
    this.#add({ does: "publish", project, release, files, variant, withheld: this.#chance(0.1) });
    return files;
  }

  #record(): void {
    const { as, project } = this.#pick(this.#watchers);
    const release = this.#pick(["1.0", "2.0", "3.0"]);
    this.#say(
      as,
      `${project}-${release}${this.#pick([".tar.gz", "-py3-none-any.whl"])}`,
      this.#chance(0.8) ? "own" : "wrong",
    );
  }

  #say(as: string, file: string, variant: Variant): void {
    if (this.#recorded.some((each) => each.as === as && each.file === file && each.variant === variant))
      return;
    this.#recorded.push({ as, file, variant });
    const key = this.#chance(0.5) ? "ci" : "maintainer";
    this.#add({ does: "record", as, key, file, variant });
    if (this.#chance(0.1)) this.#contest(as, key === "ci" ? "maintainer" : "ci", file, variant);
  }

  /** The other key has other bytes. */
  #contest(as: string, key: "ci" | "maintainer", file: string, than: Variant): void {
    const variant = than === "own" ? "wrong" : "own";
    if (this.#recorded.some((each) => each.as === as && each.file === file && each.variant === variant))
      return;
    this.#recorded.push({ as, file, variant });
    this.#add({ does: "record", as, key, file, variant });
  }

  #withdraw(): void {
    const published = this.#recorded.filter(({ file }) => this.#truth.files.has(file));
    if (published.length === 0) return;
    const taken = this.#pick(published);
    this.#add({ does: "withdraw", ...taken });
  }

  #attack(): unknown {
    const listed = this.#listed();
    if (listed.length === 0) return false;
    const file = this.#pick(listed);
    const variant = this.#pick(["evil", "worse"] as const);
    const { declared, served, hidden } = this.#truth.files.get(file) ?? {};
    if (hidden) return this.#add({ does: "show", file });
    if (served !== declared && this.#chance(0.5)) return this.#add({ does: "restore", file }, 20 * MINUTE);
    const kind = this.#pick(["replace", "rewrite", "misdeclare", "hide"] as const);
    if (kind === "hide") return this.#add({ does: "hide", file });
    if (kind === "rewrite" && declared !== "own" && this.#chance(0.5))
      return this.#add({ does: "rewrite", file, variant: "own" }, 20 * MINUTE);
    // As one does who covers his traces, after a sweep came by.
    const turnsBack = kind === "rewrite" && this.#weather === null && this.#chance(0.4);
    this.#add({ does: kind, file, variant }, turnsBack ? 7 * HOUR : 20 * MINUTE);
    if (!turnsBack || declared === undefined) return true;
    return this.#add({ does: "rewrite", file, variant: declared }, 7 * HOUR);
  }

  #remove(): unknown {
    const listed = this.#listed();
    const removed = [...this.#truth.files.values()].filter((each) => each.removed);
    if (removed.length > 0 && this.#chance(0.4))
      return this.#add({ does: "relist", file: this.#pick(removed).file });
    if (listed.length === 0) return false;
    const file = this.#pick(listed);
    const [project, release] = [projectOf(file), releaseOf(file)];
    return this.#add(
      this.#pick<Deed>([
        { does: "remove-file", file },
        { does: "remove-release", project, release },
        { does: "remove-project", project },
      ]),
    );
  }

  #state(): unknown {
    const listed = this.#listed();
    if (listed.length === 0) return false;
    const file = this.#pick(listed);
    const [project, release] = [projectOf(file), releaseOf(file)];
    const known = this.#truth.files.get(file);
    if (known !== undefined && this.#truth.isShut(known)) {
      const isWhole = this.#truth.page(project)?.quarantined ?? false;
      return this.#add(isWhole ? { does: "clear", project } : { does: "clear-release", project, release });
    }
    return this.#add(
      this.#pick<Deed>([
        { does: this.#truth.isYanked(project, release) ? "unyank" : "yank", project, release },
        { does: "quarantine", project },
        { does: "quarantine-release", project, release },
      ]),
    );
  }

  #weatherTurns(): unknown {
    if (this.#weather !== null) {
      this.#weather = null;
      return this.#add({ does: "calm" });
    }
    const weather = this.#pick(WEATHERS);
    if (weather === "edge-corrupts" && this.#hadCorruption) return false;
    this.#hadCorruption ||= weather === "edge-corrupts";
    this.#weather = weather;
    this.#stormMs = 0;
    const leastMs = this.#pick([2 * MINUTE, 30 * MINUTE, 3 * HOUR]);
    return this.#add({ does: "weather", weather }, weather === "journal-lags" ? 0 : leastMs);
  }

  #monitor(): unknown {
    if (this.#chance(0.6)) return this.#add({ does: "crash", afterWrites: Math.floor(this.#draw() * 60) });
    if (this.#weather !== null) return false;
    const byMs = this.#pick([-MINUTE, -10_000, 20 * MINUTE, 3 * HOUR, 30 * HOUR]);
    return this.#add({ does: "jump", byMs }, 20 * MINUTE);
  }

  /** Files that are there, whatever pages say. */
  #listed(): string[] {
    return [...this.#truth.files.values()].filter((each) => !each.removed).map(({ file }) => file);
  }

  get #longestMs(): number {
    if (this.#weather === null) return Number.POSITIVE_INFINITY;
    return this.#weather === "journal-lags" ? 20 * MINUTE : 5 * HOUR;
  }

  #add(deed: Deed, leastMs = 0): true {
    const gaps = GAPS.filter((each) => each <= this.#longestMs);
    const thenMs = Math.max(leastMs, this.#pick(gaps));
    this.#truth.apply(deed, 0);
    this.#steps.push({ ...deed, thenMs });
    this.#stormMs += thenMs;
    if (this.#weather !== null && this.#stormMs > (MOST_STORM_MS[this.#weather] ?? MOST_MS)) {
      this.#weather = null;
      this.#steps.push({ does: "calm", thenMs: this.#pick(GAPS) });
    }
    return true;
  }

  #pick<T>(among: readonly T[]): T {
    const one = among[Math.floor(this.#draw() * among.length)];
    if (one === undefined) throw new Error("there is nothing to choose from");
    return one;
  }

  #chance(of: number): boolean {
    return this.#draw() < of;
  }
}

export const generated = (seed: number): Script => ({ seed, steps: new Writer(seed).write() });
