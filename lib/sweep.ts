import { Construct } from "constructs";
import { EveryMinute } from "./every-minute.ts";
import { StageFunction } from "./stage-function.ts";
import type { Surroundings } from "./surroundings.ts";

/** Queues what is due: the re-check of everything, because a compromised index announces nothing. */
export class Sweep extends Construct {
  readonly function: StageFunction;
  readonly schedule: EveryMinute;

  constructor(scope: Construct, id: string, surroundings: Surroundings) {
    super(scope, id);
    this.function = new StageFunction(this, surroundings, {
      name: "sweep",
      needs: [
        "settings",
        "journalTable",
        "scheduleTable",
        "viewTable",
        "watchersTable",
        "pagesTable",
        "changesNowQueue",
        "changesSweepQueue",
        "alertsQueue",
      ],
      timeoutSeconds: 120,
      memoryMegabytes: 512,
    });
    this.schedule = new EveryMinute(this, "EveryMinute", this.function);
  }
}
