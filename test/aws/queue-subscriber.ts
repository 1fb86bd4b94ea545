import { type SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import * as z from "zod";
import { type Received, readAlert } from "../../bin/sandbox/subscriber.ts";
import { arnOf, fromTopics } from "./subscribing-queue.ts";

const ENVELOPE = z.looseObject({ Message: z.string() });

/** Somebody who subscribed a queue of their own to both topics. */
export class QueueSubscriber {
  readonly #sqs: SQSClient;
  readonly #url: string;

  private constructor(sqs: SQSClient, url: string) {
    this.#sqs = sqs;
    this.#url = url;
  }

  static async start(sqs: SQSClient, sns: SNSClient, topics: readonly string[]): Promise<QueueSubscriber> {
    const Attributes = { Policy: fromTopics(...topics) };
    const asked = { QueueName: "a-subscriber-of-alerts", Attributes };
    const { QueueUrl: url = "" } = await sqs.send(new CreateQueueCommand(asked));
    const Endpoint = await arnOf(sqs, url);
    for (const TopicArn of topics)
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
    return new QueueSubscriber(sqs, url);
  }

  /** Every alert that waits there, as often as it came; a second call gets what came since. */
  async take(): Promise<readonly Received[]> {
    const taken: Received[] = [];
    for (;;) {
      const asked = { QueueUrl: this.#url, MaxNumberOfMessages: 10 };
      const { Messages = [] } = await this.#sqs.send(new ReceiveMessageCommand(asked));
      if (Messages.length === 0) return taken;
      const posted = Messages.map(({ Body = "" }) => ENVELOPE.parse(JSON.parse(Body)).Message);
      taken.push(...posted.filter((each) => each.includes('"counterfoil.alert.v1"')).map(readAlert));
      const Entries = Messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
      await this.#sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.#url, Entries }));
    }
  }

  async stop(): Promise<void> {
    await this.#sqs.send(new DeleteQueueCommand({ QueueUrl: this.#url }));
  }
}
