import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type { StageLog } from "../logging.ts";
import type { Meter } from "../metrics.ts";

export type StreamReader = (event: DynamoDBStreamEvent, context: Context) => Promise<DynamoDBBatchResponse>;

/** Takes each record of a stream's batch by itself and answers which failed: the stream is read again from the first of them. */
export function streamReader(
  stage: StageLog,
  meter: Pick<Meter, "publish">,
  handle: (record: DynamoDBRecord) => Promise<void>,
): StreamReader {
  const each = async (record: DynamoDBRecord): Promise<void> => {
    try {
      await handle(record);
    } catch (error) {
      const keys = record.dynamodb?.Keys;
      stage.log("error", "record not handled", { keys, reason: String(error).slice(0, 1_000), error });
      throw error;
    }
  };
  return async (event, context) => {
    stage.begin(context);
    try {
      const options = { context, throwOnFullBatchFailure: false } as const;
      return await processPartialResponse(
        event,
        each,
        new BatchProcessor(EventType.DynamoDBStreams),
        options,
      );
    } finally {
      meter.publish();
    }
  };
}
