import { Construct } from "constructs";
import { consume } from "./consuming.ts";
import { StageFunction } from "./stage-function.ts";
import type { Surroundings } from "./surroundings.ts";

/** Streams and hashes one artifact per invocation, with no right to any table: what it reads is hostile. */
export class Fetch extends Construct {
  readonly function: StageFunction;

  constructor(scope: Construct, id: string, surroundings: Surroundings) {
    super(scope, id);
    const { queues, props } = surroundings;
    this.function = new StageFunction(this, surroundings, {
      name: "fetch",
      needs: [
        "version",
        "index",
        "filesOrigins",
        "contact",
        "settings",
        "trustedRoot",
        "artifactsNowQueue",
        "artifactsSweepQueue",
        "factsQueue",
        "evidenceBucket",
      ],
      timeoutSeconds: queues.all["artifacts-now"].consumerSeconds,
      memoryMegabytes: 512,
    });
    const pace = { batchSize: 1, concurrency: props.concurrency };
    consume(this.function, queues.all["artifacts-now"], pace);
    consume(this.function, queues.all["artifacts-sweep"], pace);
  }
}
