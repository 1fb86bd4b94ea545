import { Construct } from "constructs";
import { consume } from "./consuming.ts";
import { StageFunction } from "./stage-function.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * One finding per invocation, which takes at least a quarter of a second, and two at a time, whatever the operator's
 * `concurrency`: at most eight alerts a second. SNS disables a mail subscription that gets more than ten, and a burst of
 * findings is when nobody may be left untold. Source: SNS developer guide, "Email notifications".
 */
const PACE = { batchSize: 1, concurrency: 2 };

/** Renders findings and publishes them to their topic: the only function that may. */
export class Alert extends Construct {
  readonly function: StageFunction;

  constructor(scope: Construct, id: string, surroundings: Surroundings) {
    super(scope, id);
    const { queues } = surroundings;
    this.function = new StageFunction(this, surroundings, {
      name: "alert",
      needs: ["ledgerTable", "watchersTable", "viewTable", "alertsQueue", "findingsTopic", "healthTopic"],
      timeoutSeconds: queues.all.alerts.consumerSeconds,
      memoryMegabytes: 256,
    });
    consume(this.function, queues.all.alerts, PACE);
  }
}
