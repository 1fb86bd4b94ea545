import { setTimeout } from "node:timers/promises";
import type { Log } from "../functions/embedded/log.ts";
import { waitAfterFailureMs } from "../functions/feed/pace.ts";
import { Conflict } from "../functions/ports.ts";
import type { Host } from "./host.ts";

export interface Pace {
  /** `null` where the journal is not read. */
  readonly pollMs: number | null;
  /** How often it is asked whose turn it is of the other sources. */
  readonly turnMs: number;
  readonly sweepMs: number;
}

/** Something that runs until it is stopped. */
export interface Following {
  stop(): Promise<void>;
}

/** Drives what no queue drives: the feed, its cross-checks and the sweep, each at its own pace and never twice at a time. */
export function follow(host: Host, pace: Pace, log: Log): Following {
  const stopping = new AbortController();
  const { pollMs, turnMs, sweepMs } = pace;
  const feeds = pollMs === null ? null : repeat(poller(host, pollMs, log, stopping.signal), stopping.signal);
  const checks = repeat(() => checkOnce(host, turnMs, log, stopping.signal), stopping.signal);
  const sweeps = repeat(() => sweepOnce(host, sweepMs, log), stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all([feeds, checks, sweeps]);
    },
  };
}

/** Runs `once` again and again, each time after as long as it answers. */
async function repeat(once: () => Promise<number>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const waitMs = await once();
    await pause(waitMs, signal);
  }
}

/** An interrupted pause is the end of one. */
const pause = (waitMs: number, signal: AbortSignal): Promise<void> =>
  setTimeout(waitMs, undefined, { signal }).catch(() => {});

/** Polls once and answers how long to wait; longer after each failure in a row. */
function poller(host: Host, pollMs: number, log: Log, stopping: AbortSignal): () => Promise<number> {
  let failures = 0;
  return async () => {
    try {
      const { more, changes, cursor } = await host.poll();
      failures = 0;
      if (changes > 0) log("info", "journal read", { stage: "feed", changes, serial: cursor.serial });
      return more ? 0 : pollMs;
    } catch (error) {
      if (error instanceof Conflict || stopping.aborted) return pollMs;
      failures += 1;
      log("warn", "journal not read", { stage: "feed", reason: String(error), failures });
      return waitAfterFailureMs(error, failures, pollMs);
    }
  };
}

async function checkOnce(host: Host, turnMs: number, log: Log, stopping: AbortSignal): Promise<number> {
  try {
    for (const each of await host.crossChecks()) {
      const about = { stage: "feed", source: each.source };
      if (!("error" in each)) {
        if (each.changes > 0) log("info", "source shows what the journal has not told", about);
      } else if (!stopping.aborted) log("warn", "source not read", { ...about, reason: String(each.error) });
    }
  } catch (error) {
    log("error", "cross-checks failed", { stage: "feed", reason: String(error) });
  }
  return turnMs;
}

async function sweepOnce(host: Host, sweepMs: number, log: Log): Promise<number> {
  try {
    await host.sweep();
  } catch (error) {
    log("error", "sweep failed", { stage: "sweep", reason: String(error) });
  }
  return sweepMs;
}
