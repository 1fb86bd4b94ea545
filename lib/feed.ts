import { Construct } from "constructs";
import { EveryMinute } from "./every-minute.ts";
import { StageFunction } from "./stage-function.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * Reads the journal after the cursor, every few seconds, and queues a change per enrolled project; now and then looks at the other
 * sources, which show what a journal leaves out. The list of all projects is read as a stream: 256 MB suffice.
 */
export class Feed extends Construct {
  readonly function: StageFunction;
  readonly schedule: EveryMinute;

  constructor(scope: Construct, id: string, surroundings: Surroundings) {
    super(scope, id);
    this.function = new StageFunction(this, surroundings, {
      name: "feed",
      needs: [
        "version",
        "index",
        "contact",
        "pollMs",
        "heartbeatUrl",
        "settings",
        "journalTable",
        "watchersTable",
        "changesNowQueue",
      ],
      timeoutSeconds: 180,
      memoryMegabytes: 256,
    });
    this.schedule = new EveryMinute(this, "EveryMinute", this.function);
  }
}
