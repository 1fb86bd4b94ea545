import { Construct } from "constructs";
import { consume } from "./consuming.ts";
import { StageFunction } from "./stage-function.ts";
import type { Surroundings } from "./surroundings.ts";

/** Renders findings and publishes them to their topic: the only function that may. */
export class Alert extends Construct {
  readonly function: StageFunction;

  constructor(scope: Construct, id: string, surroundings: Surroundings) {
    super(scope, id);
    const { queues, props } = surroundings;
    this.function = new StageFunction(this, surroundings, {
      name: "alert",
      needs: ["ledgerTable", "viewTable", "alertsQueue", "findingsTopic", "healthTopic"],
      timeoutSeconds: queues.all.alerts.consumerSeconds,
      memoryMegabytes: 256,
    });
    consume(this.function, queues.all.alerts, { batchSize: 10, concurrency: props.concurrency });
  }
}
