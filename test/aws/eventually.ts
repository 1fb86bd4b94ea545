import { setTimeout as pause } from "node:timers/promises";

const PATIENCE_MS = 60_000;

/** Waits until something is so. `what` says what was waited for, and `seen` what there was instead. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T> | T,
  isSo: (seen: T) => boolean,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (Date.now() > end)
      throw new Error(`after ${patienceMs / 1000} s not yet: ${what}; there was ${JSON.stringify(seen)}`);
    await pause(200);
  }
}
