import { Duration } from "aws-cdk-lib";
import { EventSourceMapping, StartingPosition } from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { deadLetterQueue } from "./queues.ts";
import { StageFunction } from "./stage-function.ts";
import type { Surroundings } from "./surroundings.ts";

/** Follows the ledger's stream into the locked bucket, and notices when an entry was modified or removed. */
export class LedgerCopy extends Construct {
  readonly function: StageFunction;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, surroundings: Surroundings) {
    super(scope, id);
    this.deadLetters = deadLetterQueue(this, "DeadLetters", "the stream");
    this.function = new StageFunction(this, surroundings, {
      name: "copy",
      needs: ["ledgerCopyBucket"],
      timeoutSeconds: 60,
      memoryMegabytes: 256,
      deadLetters: this.deadLetters,
    });
    new EventSourceMapping(this.function, "FromLedger", {
      target: this.function,
      eventSourceArn: surroundings.stores.tables.Ledger.tableStreamArn ?? "",
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      // The stream keeps a record for 24 hours: what cannot be copied must leave before it costs those behind it.
      maxRecordAge: Duration.hours(6),
      onFailure: { bind: () => ({ destination: this.deadLetters.queueArn }) },
    });
  }
}
