import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import * as z from "zod/mini";
import { inert } from "../../functions/records/quoted.ts";
import type { QueueAddress } from "./stack.ts";

/** What a dead letter is about, and nothing else of it: its body may be hostile. */
export interface DeadLetter {
  readonly queue: string;
  /** SQS's id of it, by which the log is searched. */
  readonly message: string;
  readonly project: string | null;
  readonly file: string | null;
  readonly receives: number;
  /** When it was first queued; `null` where SQS does not say. */
  readonly queuedAt: string | null;
  /** When an operator last had it replayed. */
  readonly replayedAt: string | null;
}

type Sqs = Pick<SQSClient, "send">;

const BATCH = 10;
/** Long enough to send ten on; whoever is interrupted finds them there again after it. */
const IN_HAND_SECONDS = 120;
const WAIT_SECONDS = 1;
/** SQS asks only some of its machines at a time: one empty answer says little. */
const EMPTY_ANSWERS = 3;
/** Travels with the message, so that a letter which dies again is recognised, in this run and later. */
const REPLAYED = "replayed";

/** Moves at most `most` dead letters back to their queue, telling of each. A letter is deleted only once it was sent: never lost, at worst twice. */
export async function replay(
  sqs: Sqs,
  queue: QueueAddress,
  {
    at,
    most,
    moved,
  }: { readonly at: string; readonly most: number; readonly moved: (letter: DeadLetter) => void },
): Promise<number> {
  let count = 0;
  for await (const messages of batches(sqs, queue, () => most - count)) {
    for (const message of messages) {
      const letter = letterOf(queue, message);
      // Sent on in this run, and dead again already: it stays in hand, out of sight of this run.
      if (letter.replayedAt === at) continue;
      await moveOne(sqs, queue, message, at);
      count += 1;
      moved(letter);
    }
  }
  return count;
}

/** Shows at most `most` dead letters and leaves them where they are. */
export async function peek(sqs: Sqs, queue: QueueAddress, most: number): Promise<readonly DeadLetter[]> {
  const seen = new Map<string, Message>();
  try {
    for await (const messages of batches(sqs, queue, () => most - seen.size))
      for (const message of messages) seen.set(message.MessageId ?? "", message);
  } finally {
    await Promise.allSettled([...seen.values()].map((message) => release(sqs, queue, message)));
  }
  return [...seen.values()].map((message) => letterOf(queue, message));
}

async function* batches(
  sqs: Sqs,
  { deadLettersUrl }: QueueAddress,
  left: () => number,
): AsyncGenerator<Message[]> {
  let empty = 0;
  while (left() > 0 && empty < EMPTY_ANSWERS) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: deadLettersUrl,
        MaxNumberOfMessages: Math.min(BATCH, left()),
        VisibilityTimeout: IN_HAND_SECONDS,
        WaitTimeSeconds: WAIT_SECONDS,
        MessageSystemAttributeNames: ["ApproximateReceiveCount", "SentTimestamp"],
        MessageAttributeNames: ["All"],
      }),
    );
    empty = Messages.length === 0 ? empty + 1 : 0;
    if (Messages.length > 0) yield Messages;
  }
}

async function moveOne(
  sqs: Sqs,
  { url, deadLettersUrl }: QueueAddress,
  message: Message,
  at: string,
): Promise<void> {
  const { Body, MessageAttributes, ReceiptHandle } = message;
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: url,
      MessageBody: Body,
      MessageAttributes: { ...MessageAttributes, [REPLAYED]: { DataType: "String", StringValue: at } },
    }),
  );
  await sqs.send(new DeleteMessageCommand({ QueueUrl: deadLettersUrl, ReceiptHandle }));
}

const release = (sqs: Sqs, { deadLettersUrl }: QueueAddress, { ReceiptHandle }: Message): Promise<unknown> =>
  sqs.send(
    new ChangeMessageVisibilityCommand({ QueueUrl: deadLettersUrl, ReceiptHandle, VisibilityTimeout: 0 }),
  );

const NAME = z.catch(z.nullable(z.string()), null);
const BODY = z.catch(z.object({ project: NAME, file: NAME }), { project: null, file: null });
const MOST_CHARS = 200;

const named = (name: string | null): string | null =>
  name === null ? null : inert(name).slice(0, MOST_CHARS);

/** A body can be anything: that is often why it is dead. */
export function letterOf({ queue }: Pick<QueueAddress, "queue">, message: Message): DeadLetter {
  const { project, file } = BODY.parse(parsed(message.Body ?? ""));
  const { ApproximateReceiveCount = "0", SentTimestamp } = message.Attributes ?? {};
  return {
    queue,
    message: inert(message.MessageId ?? "unknown"),
    project: named(project),
    file: named(file),
    receives: Number(ApproximateReceiveCount),
    queuedAt: SentTimestamp === undefined ? null : new Date(Number(SentTimestamp)).toISOString(),
    replayedAt: named(message.MessageAttributes?.[REPLAYED]?.StringValue ?? null),
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return null;
  }
}
