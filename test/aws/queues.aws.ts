import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  type Message,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import { backlog } from "../../functions/aws/backlog.ts";
import { sqsClient } from "../../functions/aws/clients.ts";
import { queue } from "../../functions/aws/queues.ts";
import type { ContractHost, Handed, Receiver } from "../contracts/host.ts";
import { sendingContract } from "../contracts/queues.ts";
import { CALLER, fresh, hostOf } from "./over-aws.ts";

const sqs = sqsClient(CALLER);
const message = (handed: Handed): Message => handed.handle as Message;

async function receive(url: string, most: number, visibilityMs: number): Promise<Handed[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: most,
      VisibilityTimeout: Math.ceil(visibilityMs / 1000),
      MessageSystemAttributeNames: ["ApproximateReceiveCount"],
      MessageAttributeNames: ["All"],
    }),
  );
  return Messages.map((handle) => ({
    body: JSON.parse(handle.Body ?? "") as unknown,
    receives: Number(handle.Attributes?.ApproximateReceiveCount),
    handle,
  }));
}

function receiverAt(url: string): Receiver {
  const at = (handed: Handed) => ({ QueueUrl: url, ReceiptHandle: message(handed).ReceiptHandle });
  return {
    receive: (most, visibilityMs) => receive(url, most, visibilityMs),
    settle: async (handed) => void (await sqs.send(new DeleteMessageCommand(at(handed)))),
    release: async (handed, delayMs) => {
      const VisibilityTimeout = Math.ceil(delayMs / 1000);
      await sqs.send(new ChangeMessageVisibilityCommand({ ...at(handed), VisibilityTimeout }));
    },
    bury: () => assert.fail("SQS gives messages up by itself"),
    counts: async () => {
      const pairs = [{ queue: "facts", url, deadLettersUrl: url }];
      const [counts] = await backlog(sqs, pairs).counts();
      return { queue: "facts", waiting: counts?.waiting ?? 0, inFlight: counts?.inFlight ?? 0, dead: 0 };
    },
  };
}

async function create(name: string): Promise<string> {
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: fresh(name) }));
  return QueueUrl;
}

async function host(): Promise<ContractHost> {
  const urls = new Map([
    ["facts", await create("facts")],
    ["alerts", await create("alerts")],
  ]);
  const urlOf = (name: string): string => urls.get(name) ?? assert.fail(`no queue ${name}`);
  return hostOf({
    queue: (name) => queue(sqs, { name, url: urlOf(name) }, setTimeout),
    receiver: (name) => receiverAt(urlOf(name)),
    pass: async () => {},
    close: async () => {
      for (const QueueUrl of urls.values()) await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    },
  });
}

sendingContract("SQS", host);

describe("SQS: a queue, as time passes,", () => {
  it("hides what was sent with a delay until it is over, rounded up to a second", async () => {
    await using ends = new AsyncDisposableStack();
    const made = await host();
    ends.defer(made.close);
    await made.queue<string>("facts").send(["late"], 500);
    assert.deepEqual(await made.receiver("facts").receive(10, 1_000), []);
    await setTimeout(1_200);
    assert.equal((await made.receiver("facts").receive(10, 1_000)).length, 1);
  });

  it("hands out again what was not settled, and counts how often", async () => {
    await using ends = new AsyncDisposableStack();
    const made = await host();
    ends.defer(made.close);
    await made.queue<string>("facts").send(["a"]);
    const [first] = await made.receiver("facts").receive(1, 1_000);
    assert.deepEqual(await made.receiver("facts").receive(1, 1_000), []);
    await setTimeout(1_200);
    const [again] = await made.receiver("facts").receive(1, 1_000);
    assert.deepEqual([first?.receives, again?.receives, again?.body], [1, 2, "a"]);
  });

  it("carries every character of a hostile name, and the chain a message belongs to", async () => {
    await using ends = new AsyncDisposableStack();
    const made = await host();
    ends.defer(made.close);
    const hostile = { id: "one", serial: 7, file: "a\u0000\u0007\uFFFE\uFFFF\uD800 \u{1F600}/../b" };
    await made.queue("facts").send([hostile]);
    const [handed] = await made.receiver("facts").receive(1, 1_000);
    assert.deepEqual(handed?.body, hostile);
    const { serial, origin } = (handed && message(handed).MessageAttributes) ?? {};
    assert.deepEqual([serial?.StringValue, origin?.StringValue], ["7", "one"]);
  });
});
