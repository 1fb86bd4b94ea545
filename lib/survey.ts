import { Construct } from "constructs";
import { consume } from "./consuming.ts";
import { StageFunction } from "./stage-function.ts";
import type { Surroundings } from "./surroundings.ts";

/** Looks at one project's page per change. Two lanes of one function, so that a sweep never delays a fresh upload. */
export class Survey extends Construct {
  readonly function: StageFunction;

  constructor(scope: Construct, id: string, surroundings: Surroundings) {
    super(scope, id);
    const { queues, props } = surroundings;
    this.function = new StageFunction(this, surroundings, {
      name: "survey",
      needs: [
        "version",
        "index",
        "contact",
        "settings",
        "journalTable",
        "watchersTable",
        "ledgerTable",
        "viewTable",
        "pagesTable",
        "changesNowQueue",
        "changesSweepQueue",
        "artifactsNowQueue",
        "artifactsSweepQueue",
        "factsQueue",
      ],
      timeoutSeconds: queues.all["changes-now"].consumerSeconds,
      memoryMegabytes: 1024,
    });
    const pace = { batchSize: 5, concurrency: props.concurrency };
    consume(this.function, queues.all["changes-now"], pace);
    consume(this.function, queues.all["changes-sweep"], pace);
  }
}
