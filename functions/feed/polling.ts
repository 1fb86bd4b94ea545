import { after, between, type Instant } from "../domain/instants.ts";
import { type Clock, Conflict } from "../ports.ts";
import type { Polled } from "./feed.ts";
import { waitAfterFailureMs } from "./pace.ts";

/** Inside a function's 180 seconds, also for what begins last in a run. */
export const LIMITS = { journalMs: 90_000, listMs: 150_000 };

/** What one run of polls needs, besides the poll itself. */
export interface Polling {
  readonly clock: Clock;
  readonly pollMs: number;
  readonly poll: () => Promise<Polled>;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Whether there is still room for a poll that begins so many milliseconds from now. */
  readonly hasRoom: (aheadMs: number) => boolean;
  /** Told of each poll that was answered. What it throws is not caught. */
  readonly polled: (polled: Polled) => Promise<void>;
  readonly failed: (error: unknown, failures: number) => void;
}

/** What one run leaves to the next, so that an index that asked for quiet has it across them. */
export class Quiet {
  failures = 0;
  until: Instant = "";
}

/**
 * Polls again and again while there is room: at once where the answer was full, else after `pollMs`, and less often while
 * polls fail. Ends without a poll where the index asked for more quiet than there is room for.
 */
export async function pollWhileRoom(polling: Polling, quiet: Quiet): Promise<void> {
  let waitMs = Math.max(0, quiet.until === "" ? 0 : between(polling.clock.now(), quiet.until));
  while (polling.hasRoom(waitMs)) {
    if (waitMs > 0) await polling.pause(waitMs);
    waitMs = await pollOnce(polling, quiet);
  }
}

/** Answers how long to wait before the next. */
async function pollOnce(polling: Polling, quiet: Quiet): Promise<number> {
  const { pollMs, clock } = polling;
  let polled: Polled;
  try {
    polled = await polling.poll();
  } catch (error) {
    if (!(error instanceof Conflict)) {
      quiet.failures += 1;
      polling.failed(error, quiet.failures);
    }
    const waitMs = waitAfterFailureMs(error, quiet.failures, pollMs);
    quiet.until = after(clock.now(), waitMs);
    return waitMs;
  }
  quiet.failures = 0;
  quiet.until = "";
  await polling.polled(polled);
  return polled.more ? 0 : pollMs;
}
