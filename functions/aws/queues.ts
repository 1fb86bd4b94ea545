import { setTimeout } from "node:timers/promises";
import {
  type BatchResultErrorEntry,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { abreast } from "../domain/abreast.ts";
import { MessageTooLarge, MOST_MESSAGE_BYTES, type Queue } from "../ports.ts";
import { aboutMessage, attributesOf, whatIsInHand } from "./correlation.ts";
import { wireJson } from "./wire.ts";

/** A queue as its stage knows it, and where it is. */
export interface QueueAt {
  readonly name: string;
  readonly url: string;
}

/** What SQS takes at once: SendMessageBatch, 10 entries; of bytes it takes more by now, everywhere at least these. */
const MOST_ENTRIES = 10;
const MOST_BATCH_BYTES = 256 * 1024;
const MOST_DELAY_SECONDS = 900;
/** Batches under way at a time, so that a baseline of thousands is queued in seconds. */
const ABREAST = 8;

export type Pause = (ms: number) => Promise<unknown>;

/**
 * A queue on SQS. A delay beyond SQS's 15 minutes is cut to them: looked at sooner than asked is harmless, because a delay
 * is only ever an optimisation. Entries that SQS did not take for reasons of its own are sent again, a few times.
 */
export function queue<M>(
  client: Pick<SQSClient, "send">,
  { name, url }: QueueAt,
  pause: Pause = setTimeout,
): Queue<M> {
  return {
    send: async (messages, delayMs = 0) => {
      const delaySeconds = Math.min(MOST_DELAY_SECONDS, Math.ceil(delayMs / 1000));
      const entries = messages.map((message, index) => entryOf(name, message, index, delaySeconds));
      await abreast(ABREAST, batchesOf(entries), (batch) => sendAll(client, { name, url }, batch, pause));
    },
  };
}

/** The two lanes of a stage's queue. */
export const lanes = <M>(
  client: Pick<SQSClient, "send">,
  name: string,
  urls: { readonly now: string; readonly sweep: string },
): { readonly now: Queue<M>; readonly sweep: Queue<M> } => ({
  now: queue(client, { name: `${name}-now`, url: urls.now }),
  sweep: queue(client, { name: `${name}-sweep`, url: urls.sweep }),
});

type Entry = SendMessageBatchRequestEntry & { readonly sizeBytes: number };

function entryOf(queue: string, message: unknown, index: number, delaySeconds: number): Entry {
  const body = wireJson(message);
  const bodyBytes = Buffer.byteLength(body);
  if (bodyBytes > MOST_MESSAGE_BYTES) throw new MessageTooLarge(queue, bodyBytes);
  const attributes = attributesOf(whatIsInHand() ?? aboutMessage(message));
  return {
    Id: String(index),
    MessageBody: body,
    MessageAttributes: attributes,
    ...(delaySeconds > 0 && { DelaySeconds: delaySeconds }),
    // Names, types and values of attributes count as well; JSON of them is never shorter.
    sizeBytes: bodyBytes + Buffer.byteLength(JSON.stringify(attributes)),
  };
}

function batchesOf(entries: readonly Entry[]): Entry[][] {
  const batches: Entry[][] = [];
  let leftBytes = 0;
  for (const entry of entries) {
    const batch = batches.at(-1);
    leftBytes -= entry.sizeBytes;
    if (batch === undefined || batch.length === MOST_ENTRIES || leftBytes < 0) {
      batches.push([entry]);
      leftBytes = MOST_BATCH_BYTES - entry.sizeBytes;
    } else batch.push(entry);
  }
  return batches;
}

const WAITS_MS = [100, 400, 1_600];

/** Sends one batch, and what was not taken again; then throws. The client itself retries calls that got no answer. */
async function sendAll(
  client: Pick<SQSClient, "send">,
  { name, url }: QueueAt,
  batch: readonly Entry[],
  pause: Pause,
): Promise<void> {
  let left = batch;
  for (const waitMs of [...WAITS_MS, null]) {
    const failed = await sendOnce(client, url, left);
    if (failed.length === 0) return;
    if (waitMs === null || failed.some(({ SenderFault }) => SenderFault)) throw notQueued(name, failed);
    left = left.filter(({ Id }) => failed.some((each) => each.Id === Id));
    await pause(waitMs);
  }
}

async function sendOnce(
  client: Pick<SQSClient, "send">,
  url: string,
  batch: readonly Entry[],
): Promise<readonly BatchResultErrorEntry[]> {
  const Entries = batch.map(({ sizeBytes, ...entry }) => entry);
  const { Failed } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
  return Failed ?? [];
}

function notQueued(name: string, failed: readonly BatchResultErrorEntry[]): Error {
  const reasons = new Set(failed.map(({ Code, Message }) => `${Code}: ${Message ?? "no reason given"}`));
  return new Error(
    `${failed.length} messages were not queued on ${name}: ${[...reasons].join("; ").slice(0, 500)}. Whoever sent them tries again.`,
  );
}
