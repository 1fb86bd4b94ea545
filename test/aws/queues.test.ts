import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SendMessageBatchRequestEntry } from "@aws-sdk/client-sqs";
import { backlog } from "../../functions/aws/backlog.ts";
import { inHand } from "../../functions/aws/correlation.ts";
import { queue } from "../../functions/aws/queues.ts";
import { MessageTooLarge, MOST_MESSAGE_BYTES } from "../../functions/ports.ts";
import { type Call, type FakeClient, fakeClient } from "./fake.ts";

const URL = "http://queues/changes-now";
const AT = { name: "changes-now", url: URL };

const entriesOf = ({ input }: Call) => input["Entries"] as SendMessageBatchRequestEntry[];
const sentIn = (call: Call): unknown[] =>
  entriesOf(call).map(({ MessageBody }) => JSON.parse(MessageBody ?? "") as unknown);

function rig(answer?: (call: Call, calls: readonly Call[]) => unknown) {
  const waits: number[] = [];
  const fake: FakeClient = fakeClient((call) => answer?.(call, fake.calls) ?? {});
  const target = queue<unknown>(fake.client, AT, async (ms) => waits.push(ms));
  return { ...fake, waits, queue: target };
}

const failed = (id: string, senderFault: boolean) => ({
  Failed: [{ Id: id, SenderFault: senderFault, Code: "InternalError", Message: "try later" }],
});

describe("a queue on SQS", () => {
  it("sends ten at a time, each once", async () => {
    const { queue, calls } = rig();
    const messages = Array.from({ length: 23 }, (_, index) => ({ index }));
    await queue.send(messages);
    assert.deepEqual(
      calls.map((call) => entriesOf(call).length),
      [10, 10, 3],
    );
    assert.deepEqual(calls.flatMap(sentIn), messages);
    assert.ok(calls.every(({ action, input }) => action === "SendMessageBatch" && input["QueueUrl"] === URL));
  });

  it("sends nothing when there is nothing", async () => {
    const { queue, calls } = rig();
    await queue.send([]);
    assert.deepEqual(calls, []);
  });

  it("puts no more than 256 KiB into one batch, attributes included", async () => {
    const { queue, calls } = rig();
    const messages = Array.from({ length: 9 }, (_, index) => ({ id: `m${index}`, x: "x".repeat(60_000) }));
    await queue.send([...messages, { id: "large", x: "x".repeat(199_000) }, { id: "last", x: "" }]);
    for (const call of calls) {
      const bytes = entriesOf(call).reduce(
        (sum, { MessageBody = "", MessageAttributes }) =>
          sum + Buffer.byteLength(MessageBody) + Buffer.byteLength(JSON.stringify(MessageAttributes)),
        0,
      );
      assert.ok(bytes <= 256 * 1024, `${bytes} bytes in one batch`);
    }
    assert.deepEqual(
      calls.map((call) => entriesOf(call).length),
      [4, 4, 3],
    );
  });

  it("takes the largest message, and of a batch with a larger one sends none", async () => {
    const { queue, calls } = rig();
    const largest = "x".repeat(MOST_MESSAGE_BYTES - 2);
    await queue.send([largest]);
    await assert.rejects(queue.send(["a", `${largest}x`]), MessageTooLarge);
    await assert.rejects(queue.send(["é".repeat(MOST_MESSAGE_BYTES / 2)]), MessageTooLarge);
    assert.equal(calls.length, 1);
  });

  it("sends again, after a while, only what was not taken", async () => {
    const { queue, calls, waits } = rig((_, calls) => (calls.length <= 2 ? failed("1", false) : {}));
    await queue.send(["a", "b", "c"]);
    assert.deepEqual(calls.map(sentIn), [["a", "b", "c"], ["b"], ["b"]]);
    assert.deepEqual(waits, [100, 400]);
  });

  it("throws when something is never taken, and says what was not queued and why", async () => {
    const { queue, calls } = rig(() => failed("1", false));
    await assert.rejects(queue.send(["a", "b"]), /1 messages were not queued on changes-now: InternalError/);
    assert.equal(calls.length, 4);
  });

  it("does not send again what SQS calls our own fault", async () => {
    const { queue, calls } = rig(() => failed("0", true));
    await assert.rejects(queue.send(["a"]), /not queued/);
    assert.equal(calls.length, 1);
  });

  for (const [delayMs, seconds] of [
    [1, 1],
    [60_010, 61],
    [900_000, 900],
    [3_600_000, 900],
  ] as const) {
    it(`asks for ${seconds} seconds where ${delayMs} ms are wanted`, async () => {
      const { queue, calls } = rig();
      await queue.send(["a"], delayMs);
      assert.equal(calls.flatMap(entriesOf)[0]?.DelaySeconds, seconds);
    });
  }

  it("never sends a character that SQS refuses, and loses none", async () => {
    const { queue, calls } = rig();
    const hostile = { file: "a\u0000\u0008\uFFFE\uFFFF\uD800b\u{1F600}" };
    await queue.send([hostile]);
    const [entry] = calls.flatMap(entriesOf);
    // The set of SendMessage's documentation, word for word.
    assert.match(
      entry?.MessageBody ?? "",
      /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]+$/u,
    );
    assert.deepEqual(JSON.parse(entry?.MessageBody ?? ""), hostile);
  });

  it("lets each message bear the serial and id it begins a chain with", async () => {
    const { queue, calls } = rig();
    await queue.send([
      { id: "one", serial: 7 },
      { id: "two", serial: null },
    ]);
    assert.deepEqual(
      calls.flatMap(entriesOf).map(({ MessageAttributes }) => MessageAttributes),
      [
        {
          serial: { DataType: "Number", StringValue: "7" },
          origin: { DataType: "String", StringValue: "one" },
        },
        { origin: { DataType: "String", StringValue: "two" } },
      ],
    );
  });

  it("hands on the chain of what is in hand", async () => {
    const { queue, calls } = rig();
    const about = { serial: 7, origin: "one", project: "lantern", file: null };
    await inHand(about, () => queue.send([{ id: "three", serial: 9 }]));
    assert.equal(calls.flatMap(entriesOf)[0]?.MessageAttributes?.["serial"]?.StringValue, "7");
    assert.equal(calls.flatMap(entriesOf)[0]?.MessageAttributes?.["origin"]?.StringValue, "one");
  });
});

describe("the backlog on SQS", () => {
  it("counts what waits or is delayed, what is in hand, and every dead letter", async () => {
    const { client } = fakeClient(({ input }) => ({
      Attributes: String(input["QueueUrl"]).endsWith("dead")
        ? { ApproximateNumberOfMessages: "2", ApproximateNumberOfMessagesNotVisible: "1" }
        : {
            ApproximateNumberOfMessages: "5",
            ApproximateNumberOfMessagesDelayed: "3",
            ApproximateNumberOfMessagesNotVisible: "4",
          },
    }));
    const pairs = [{ queue: "facts", url: "http://q/facts", deadLettersUrl: "http://q/facts-dead" }];
    assert.deepEqual(await backlog(client, pairs).counts(), [
      { queue: "facts", waiting: 8, inFlight: 4, dead: 3 },
    ]);
  });
});
