import { GetQueueAttributesCommand, type QueueAttributeName, type SQSClient } from "@aws-sdk/client-sqs";
import type { Backlog, QueueCounts } from "../ports.ts";

/** A queue and its dead letters. */
export interface QueuePair {
  readonly queue: string;
  readonly url: string;
  readonly deadLettersUrl: string;
}

const WAITING = "ApproximateNumberOfMessages";
const DELAYED = "ApproximateNumberOfMessagesDelayed";
const IN_FLIGHT = "ApproximateNumberOfMessagesNotVisible";

/** Counts as SQS has them: approximate, and a minute late at times. */
export function backlog(client: Pick<SQSClient, "send">, pairs: readonly QueuePair[]): Backlog {
  return { counts: () => Promise.all(pairs.map((pair) => countsOf(client, pair))) };
}

async function countsOf(client: Pick<SQSClient, "send">, pair: QueuePair): Promise<QueueCounts> {
  const [live, dead] = await Promise.all([
    attributes(client, pair.url),
    attributes(client, pair.deadLettersUrl),
  ]);
  return {
    queue: pair.queue,
    waiting: live(WAITING) + live(DELAYED),
    inFlight: live(IN_FLIGHT),
    // Somebody who reads a dead letter has it in hand for a while; it is dead all the same.
    dead: dead(WAITING) + dead(DELAYED) + dead(IN_FLIGHT),
  };
}

async function attributes(
  client: Pick<SQSClient, "send">,
  url: string,
): Promise<(name: QueueAttributeName) => number> {
  const asked = { QueueUrl: url, AttributeNames: [WAITING, DELAYED, IN_FLIGHT] as QueueAttributeName[] };
  const { Attributes = {} } = await client.send(new GetQueueAttributesCommand(asked));
  return (name) => Number(Attributes[name] ?? 0);
}
