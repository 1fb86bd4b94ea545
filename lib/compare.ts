import { Construct } from "constructs";
import { consume } from "./consuming.ts";
import { StageFunction } from "./stage-function.ts";
import type { Surroundings } from "./surroundings.ts";

/** Judges: appends each fact with its verdicts and findings to the ledger. */
export class Compare extends Construct {
  readonly function: StageFunction;

  constructor(scope: Construct, id: string, surroundings: Surroundings) {
    super(scope, id);
    const { queues, props } = surroundings;
    this.function = new StageFunction(this, surroundings, {
      name: "compare",
      needs: [
        "settings",
        "ledgerTable",
        "watchersTable",
        "recordsTable",
        "journalTable",
        "viewTable",
        "scheduleTable",
        "pagesTable",
        "factsQueue",
        "artifactsSweepQueue",
        "alertsQueue",
      ],
      timeoutSeconds: queues.all.facts.consumerSeconds,
      memoryMegabytes: 512,
    });
    consume(this.function, queues.all.facts, { batchSize: 10, concurrency: props.concurrency });
  }
}
