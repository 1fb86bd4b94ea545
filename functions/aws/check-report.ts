import { beat } from "./heartbeat.ts";
import type { Log } from "./logging.ts";
import type { Meter } from "./metrics.ts";

/** How looks at the sources beside the journal ended, as far as it is reported. */
export type CheckTold =
  | { readonly source: string; readonly changes: number }
  | { readonly source: string; readonly error: unknown };

export interface CheckReporting {
  readonly log: Log;
  readonly meter: Pick<Meter, "count">;
  readonly heartbeatUrl: string | undefined;
  /** No journal is read: a look that was answered is the sign of life that a poll is elsewhere. */
  readonly alone: boolean;
}

/** Turns looks at sources into figures, lines, and where no journal is read one heartbeat. */
export async function reportChecks(checked: readonly CheckTold[], reporting: CheckReporting): Promise<void> {
  const { log, meter, heartbeatUrl, alone } = reporting;
  const answered = checked.flatMap((each) => ("error" in each ? [] : [each]));
  for (const each of checked)
    if ("error" in each) log("warn", "source not read", { source: each.source, reason: String(each.error) });
  for (const { source, changes } of answered) {
    if (alone) meter.count("Polls");
    if (changes === 0) continue;
    meter.count("CrossChecks", changes);
    log("info", "source shows what the journal has not told", { source, changes });
  }
  if (!alone || answered.length === 0 || heartbeatUrl === undefined) return;
  await beat(heartbeatUrl).catch((error: unknown) => {
    log("warn", "heartbeat not taken", { reason: String(error) });
  });
}
