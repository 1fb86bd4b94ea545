/** A world, written down: everything that happens to the index, the watchers and the monitor, in order. */

/** Who watches, and how. */
export interface Choices {
  readonly graceMinutes: number;
  readonly strict: boolean;
  readonly frozen: boolean;
  readonly silencedBy: "ci" | "maintainer";
}

/** What is the matter with the way to the index, or its edge. */
export type Weather =
  | "journal-down"
  | "journal-lags"
  | "pages-down"
  | "pages-stand-still"
  | "packed-pages-stand-still"
  | "files-down"
  | "files-cut"
  | "files-empty"
  | "edge-corrupts";

/** Which bytes: the developer's own, a wrong digest, an attacker's. */
export type Variant = "own" | "wrong" | "evil" | "worse";

export type Deed =
  | { readonly does: "enrol"; readonly as: string; readonly project: string; readonly choices: Choices }
  | {
      readonly does: "record";
      readonly as: string;
      readonly key: "ci" | "maintainer";
      readonly file: string;
      readonly variant: Variant;
    }
  | { readonly does: "withdraw"; readonly as: string; readonly file: string; readonly variant: Variant }
  | {
      readonly does: "publish";
      readonly project: string;
      readonly release: string;
      readonly files: readonly string[];
      readonly variant: Variant;
      /** The journal has no row of it. */
      readonly withheld: boolean;
    }
  | { readonly does: "yank" | "unyank"; readonly project: string; readonly release: string }
  | { readonly does: "remove-file"; readonly file: string }
  | { readonly does: "remove-release"; readonly project: string; readonly release: string }
  | { readonly does: "remove-project" | "quarantine" | "clear"; readonly project: string }
  | {
      readonly does: "quarantine-release" | "clear-release";
      readonly project: string;
      readonly release: string;
    }
  /** Other bytes under an unchanged declaration; `restore` serves again what is declared. */
  | { readonly does: "replace" | "rewrite" | "misdeclare"; readonly file: string; readonly variant: Variant }
  | { readonly does: "restore" | "hide" | "show"; readonly file: string }
  /** A removed file is back on the page, with a row that adds it. */
  | { readonly does: "relist"; readonly file: string }
  | { readonly does: "weather"; readonly weather: Weather }
  | { readonly does: "calm" }
  /** The monitor dies in the middle of its work, after so many writes, and is opened again. */
  | { readonly does: "crash"; readonly afterWrites: number }
  /** The monitor's clock is set, and nobody did anything meanwhile. */
  | { readonly does: "jump"; readonly byMs: number };

/** A deed, and how long it is until the next. */
export type Step = Deed & { readonly thenMs: number };

export interface Script {
  readonly seed: number;
  readonly steps: readonly Step[];
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** The operator's settings in every world: small enough that sweeps come by while it lasts. */
export const TIMES = {
  confirmMs: 2 * MINUTE,
  sweepMs: 6 * HOUR,
  rehashMs: 12 * HOUR,
  unverifiableMs: HOUR,
  unseenMs: HOUR,
  missingMs: 10 * HOUR,
} as const;

/** Every world ends with so long a calm that all deadlines have run out and every sweep has come by. */
export const REST_MS = 15 * HOUR;

/** Where a world begins. */
export const BEGINS_MS = Date.parse("2026-11-22T12:00:00.000Z");

/** `alpha-1.0.tar.gz` is of the project alpha and its release 1.0. */
export const projectOf = (file: string): string => file.split("-")[0] ?? "";
export const releaseOf = (file: string): string => /^[a-z]+-(\d+\.\d+)[.-]/.exec(file)?.[1] ?? "";
