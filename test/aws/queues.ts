import {
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  type QueueAttributeName,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import * as z from "zod";
import { type Deployed, outputOf } from "./deployed.ts";
import { eventually } from "./eventually.ts";
import type { Setting } from "./setting.ts";

/** A queue of the pipeline, and where its dead letters go. */
export interface DeployedQueue {
  readonly queue: string;
  readonly url: string;
  readonly deadLettersUrl: string;
}

const QUEUES = z.array(z.object({ queue: z.string(), url: z.string(), deadLettersUrl: z.string() }));

export const queuesOf = (deployed: Deployed): readonly DeployedQueue[] =>
  QUEUES.parse(JSON.parse(outputOf(deployed, "Queues")));

/**
 * Has messages come back after seconds that are left in hand by a function that died, or was not called because ten others
 * ran: the deployed timeout is six times the function's, half an hour for fetch.
 */
export async function seeAgainSoon({ clients, deployed }: Setting): Promise<void> {
  for (const { url } of queuesOf(deployed))
    await clients.sqs.send(
      new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { VisibilityTimeout: "5" } }),
    );
}

/** Gives up after fewer receives than deployed, so that a test need not wait for twenty. */
export async function giveUpAfter(setting: Setting, receives: number): Promise<void> {
  const { sqs } = setting.clients;
  for (const { url, deadLettersUrl } of queuesOf(setting.deployed)) {
    const asked = { QueueUrl: deadLettersUrl, AttributeNames: ["QueueArn" as const] };
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand(asked));
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: Attributes?.QueueArn,
      maxReceiveCount: receives,
    });
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { RedrivePolicy } }));
  }
}

const TO_DO: readonly QueueAttributeName[] = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
];
const ALL: readonly QueueAttributeName[] = [...TO_DO, "ApproximateNumberOfMessagesDelayed"];

/** How many messages a queue holds, whether anybody has them in hand or not. */
export async function depthOf({ clients }: Setting, url: string, names = ALL): Promise<number> {
  const asked = { QueueUrl: url, AttributeNames: [...names] };
  const { Attributes } = await clients.sqs.send(new GetQueueAttributesCommand(asked));
  return names.reduce((sum, name) => sum + Number(Attributes?.[name]), 0);
}

/** Dead letters, by queue; queues that have none are left out. */
export async function deadLetters(setting: Setting): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const { queue, deadLettersUrl } of queuesOf(setting.deployed)) {
    const count = await depthOf(setting, deadLettersUrl);
    if (count > 0) counts[queue] = count;
  }
  return counts;
}

/** Waits until the pipeline has nothing left to do but what sweeps bring, and looks put off until a page has moved. */
export async function drained(setting: Setting): Promise<void> {
  const depths = (): Promise<number[]> =>
    Promise.all(
      queuesOf(setting.deployed).map(({ queue, url }) =>
        depthOf(setting, url, queue.startsWith("changes-") ? TO_DO : ALL),
      ),
    );
  await eventually("queues are empty", depths, (seen) => seen.every((depth) => depth === 0));
}

export async function purgeDeadLetters({ clients, deployed }: Setting): Promise<void> {
  for (const { deadLettersUrl } of queuesOf(deployed))
    await clients.sqs.send(new PurgeQueueCommand({ QueueUrl: deadLettersUrl }));
}
