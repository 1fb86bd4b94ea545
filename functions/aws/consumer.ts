import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { ChangeMessageVisibilityCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import * as z from "zod/mini";
import { aboutMessage, correlationIn, inHand } from "./correlation.ts";
import type { Log, StageLog } from "./logging.ts";
import type { Meter } from "./metrics.ts";

/** What a consumer needs of the function it is. */
export interface Consumes {
  readonly stage: StageLog;
  readonly meter: Pick<Meter, "count" | "publish">;
}

interface Consuming<M> extends Consumes {
  readonly sqs: Pick<SQSClient, "send">;
  readonly queues: readonly string[];
  readonly parse: (body: unknown) => M;
  readonly handle: (message: M) => Promise<void>;
}

export type Consumer = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/**
 * Handles each message of a batch by itself and answers which failed: those come back, and after the queue's receive count
 * are dead letters. `queues` are the URLs of the queues it consumes. One that fails, or cannot be parsed, never fails its neighbours. A line is logged for each.
 */
export function consumer<M>(
  { stage, meter }: Consumes,
  sqs: Pick<SQSClient, "send">,
  queues: readonly string[],
  parse: (body: unknown) => M,
  handle: (message: M) => Promise<void>,
): Consumer {
  const each = (record: SQSRecord) => handleOne(record, { stage, meter, sqs, queues, parse, handle });
  return async (event, context) => {
    stage.begin(context);
    try {
      // Not thrown when all fail: each is reported like any other, and logged once.
      const options = { context, throwOnFullBatchFailure: false } as const;
      return await processPartialResponse(event, each, new BatchProcessor(EventType.SQS), options);
    } finally {
      meter.publish();
    }
  };
}

const RECORD = z.object({
  body: z.string(),
  receiptHandle: z.string(),
  eventSourceARN: z.string(),
  attributes: z.object({ ApproximateReceiveCount: z.coerce.number() }),
});
type Received = z.output<typeof RECORD>;

async function handleOne<M>(record: SQSRecord, consuming: Consuming<M>): Promise<void> {
  const beganMs = performance.now();
  const received = RECORD.parse(record);
  const said = parsedJson(received.body);
  const about = { ...aboutMessage(said), ...correlationIn(record.messageAttributes) };
  const { log } = consuming.stage;
  await inHand(about, async () => {
    const attempt = { parsed: false };
    const fields = () => ({
      receives: received.attributes.ApproximateReceiveCount,
      ms: Math.round(performance.now() - beganMs),
    });
    try {
      const message = consuming.parse(said);
      attempt.parsed = true;
      await consuming.handle(message);
      consuming.meter.count("MessagesHandled");
      log("info", "message handled", { outcome: "handled", ...fields() });
    } catch (error) {
      // To Lambda the invocation was a success: without this figure a stage that fails at everything looks well.
      consuming.meter.count("MessagesFailed");
      const outcome = attempt.parsed ? "failed" : "not parsed";
      log("error", `message ${outcome}`, { outcome, ...fields(), reason: reasonOf(error), error });
      await seeAgain(received, attempt.parsed, consuming, log);
      throw error;
    }
  });
}

/** What is not JSON is its text: no schema of a stage takes that. */
function parsedJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}

const reasonOf = (error: unknown): string => String(error).slice(0, 1_000);

const MOST_SECONDS = 900;

/** 1, 2, 4 … 900 seconds for what failed; a second for what cannot be parsed, because waiting does not mend it. */
export const seenAgainSeconds = (receives: number, parsed: boolean): number =>
  parsed ? Math.min(MOST_SECONDS, 2 ** Math.max(0, Math.min(10, receives - 1))) : 1;

/** Has a failed message seen again sooner than its visibility timeout, which is made for a function that died. */
async function seeAgain<M>(
  { receiptHandle, eventSourceARN, attributes }: Received,
  parsed: boolean,
  { sqs, queues }: Pick<Consuming<M>, "sqs" | "queues">,
  log: Log,
): Promise<void> {
  const name = eventSourceARN.split(":").at(-1);
  const url = queues.find((each) => each.split("/").at(-1) === name);
  const VisibilityTimeout = seenAgainSeconds(attributes.ApproximateReceiveCount, parsed);
  const asked = { QueueUrl: url, ReceiptHandle: receiptHandle, VisibilityTimeout };
  try {
    await sqs.send(new ChangeMessageVisibilityCommand(asked));
  } catch (error) {
    log("warn", "message waits for its visibility timeout", { reason: reasonOf(error) });
  }
}
