import type { StoreOptions } from "../../functions/embedded/store.ts";

/** Pulls a store's plug at a write: that one fails, and whatever the dead process still tries. */
export class Plug {
  #left = Number.POSITIVE_INFINITY;
  #isOut = false;

  /** The power is gone, or is about to. */
  get isSet(): boolean {
    return this.#isOut || this.#left !== Number.POSITIVE_INFINITY;
  }

  get isOut(): boolean {
    return this.#isOut;
  }

  pullAfter(writes: number): void {
    this.#left = writes;
  }

  options(): StoreOptions {
    return {
      onWrite: (sql, moment) => {
        if (moment === "before" && !this.#isOut) {
          this.#left -= 1;
          this.#isOut = this.#left < 0;
        }
        if (this.#isOut) throw new Error(`the power is gone: ${sql.slice(0, 20)}`);
      },
    };
  }
}
