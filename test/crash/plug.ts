import type { StoreOptions } from "../../functions/embedded/store.ts";

/** The power went. Nothing that the dead host still tries is written. */
export class Killed extends Error {
  constructor(before: string) {
    super(`killed before ${before}`);
    this.name = "Killed";
  }
}

/** What sort of write a statement is: its verb, its table, and for an update the column that it is about. */
export function kindOf(sql: string): string {
  const [, verb, table, column] =
    /^(INSERT|UPDATE|DELETE)(?: INTO| FROM)? (\w+)(?: SET (\w+))?/.exec(sql) ?? [];
  if (verb === undefined || table === undefined) throw new Error(`not a write: ${sql}`);
  return `${verb.toLowerCase()} ${table}${column === undefined ? "" : `.${column}`}`;
}

/** Two neighbouring writes, by their kinds. */
export type Pair = `${string} → ${string}`;

export const START = "(opened)";

/** Decides before each write whether the power goes now. */
export type Choice = (pair: Pair) => boolean;

/** Counts writes by the pair that each forms with the one before it, and pulls the plug where it is told to. */
export class Plug {
  readonly seen = new Map<Pair, number>();
  readonly kills = new Map<Pair, number>();
  /** Pulls the plug; never, while nothing is chosen. */
  choose: Choice = () => false;
  /** Called at the very write, before anything else can run. */
  onKill: () => void = () => {};
  #dead = false;
  #before = START;

  get dead(): boolean {
    return this.#dead;
  }

  /** Options for the store of a host that is just being started; the one before stays dead. */
  store(commits: "turn" | "each"): StoreOptions {
    this.#dead = false;
    this.#before = START;
    let mine = true;
    return {
      commits,
      onWrite: (sql, moment) => {
        const kind = kindOf(sql);
        if (!mine) throw new Killed(kind);
        if (moment === "after") this.#before = kind;
        else if (this.#falls(`${this.#before} → ${kind}`)) {
          mine = false;
          throw new Killed(kind);
        }
      },
    };
  }

  #falls(pair: Pair): boolean {
    count(this.seen, pair);
    if (!this.choose(pair)) return false;
    count(this.kills, pair);
    this.#dead = true;
    this.onKill();
    return true;
  }
}

const count = (counts: Map<Pair, number>, pair: Pair): void =>
  void counts.set(pair, (counts.get(pair) ?? 0) + 1);
