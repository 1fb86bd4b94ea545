import { Conflict } from "../ports.ts";

const MOST_TRIES = 20;

/** Runs again after each `Conflict`: somebody else wrote to the same history in between. */
export async function untilUncontended<T>(write: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof Conflict) || tries === MOST_TRIES) throw error;
    }
  }
}
