import { EventSourceMapping, type Function as Lambda } from "aws-cdk-lib/aws-lambda";
import { titled } from "./names.ts";
import type { WorkQueue } from "./queues.ts";

/**
 * Has a function consume a queue. Made by hand, because CDK's own event source grants more than is used. There is no
 * batching window: an upload does not wait for company. What failed of a batch comes back alone.
 */
export function consume(
  consumer: Lambda,
  { name, queue }: WorkQueue,
  { batchSize, concurrency }: { readonly batchSize: number; readonly concurrency: number },
): EventSourceMapping {
  return new EventSourceMapping(consumer, `From${titled(name)}`, {
    target: consumer,
    eventSourceArn: queue.queueArn,
    batchSize,
    maxConcurrency: concurrency,
    reportBatchItemFailures: true,
  });
}
