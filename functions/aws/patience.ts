import type { Pause } from "./table.ts";

/** About six seconds in all, after those of the client's own. */
const MOST_TRIES = 8;
const FIRST_WAIT_MS = 50;
const MOST_WAIT_MS = 2_000;

/** Spread, so that those who met once do not meet again. */
const waitMs = (tries: number): number =>
  Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries) * (0.5 + Math.random() / 2);

/** Tries until `attempt` answers something other than `null`, with growing pauses; after the last one `orElse` throws. */
export async function patiently<T>(
  pause: Pause,
  attempt: () => Promise<T | null>,
  orElse: () => Error,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const answer = await attempt();
    if (answer !== null) return answer;
    if (tries === MOST_TRIES) throw orElse();
    await pause(waitMs(tries));
  }
}
