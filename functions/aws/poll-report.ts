import type { Cursor } from "../ports.ts";
import { beat } from "./heartbeat.ts";
import type { Log } from "./logging.ts";
import type { Meter } from "./metrics.ts";

/** How a poll went, as far as it is reported. */
export interface PollTold {
  readonly rows: number;
  readonly changes: number;
  readonly cursor: Cursor;
}

export interface PollReport {
  readonly polled: (polled: PollTold) => Promise<void>;
  readonly failed: (error: unknown, failures: number) => void;
}

export interface Reporting {
  readonly log: Log;
  readonly meter: Pick<Meter, "count" | "seconds">;
  readonly heartbeatUrl: string | undefined;
  /** The cursor before the first poll. */
  readonly cursor: Cursor | null;
}

/** Turns one invocation's polls into figures, lines, and one heartbeat: whoever misses it knows that nothing is watched. */
export function pollReport({ log, meter, heartbeatUrl, cursor }: Reporting): PollReport {
  let { unknownActions, serial } = cursor ?? { unknownActions: 0, serial: 0 };
  let beaten = heartbeatUrl === undefined;
  return {
    polled: async ({ rows, changes, cursor }) => {
      meter.count("Polls");
      meter.count("JournalRows", rows);
      meter.count("Changes", changes);
      meter.count("UnknownActions", Math.max(0, cursor.unknownActions - unknownActions));
      meter.count("Blind", cursor.blind === null ? 0 : 1);
      // The cursor keeps the last lag there was: where nothing is new, nothing lags.
      meter.seconds("LagSeconds", cursor.serial > serial ? cursor.lagSeconds : 0);
      ({ unknownActions, serial } = cursor);
      if (changes > 0) log("info", "journal read", { changes, serial: cursor.serial });
      // A poll that only found that it is blind is no sign of life.
      if (beaten || heartbeatUrl === undefined || cursor.blind !== null) return;
      beaten = true;
      await beat(heartbeatUrl).catch((error: unknown) => {
        log("warn", "heartbeat not taken", { reason: String(error) });
      });
    },
    failed: (error, failures) => log("warn", "journal not read", { reason: String(error), failures }),
  };
}
