import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SQSEvent } from "aws-lambda";
import { consumer, seenAgainSeconds } from "../../functions/aws/consumer.ts";
import { queue } from "../../functions/aws/queues.ts";
import { type Change, change } from "../../functions/domain/changes.ts";
import { parseChange } from "../../functions/survey/schema.ts";
import { minute } from "../domain/perfect.ts";
import { type Call, fakeClient } from "./fake.ts";
import { contextWith, readLog, readMeter } from "./stage.ts";

const URL = "http://queues/000000000000/changes-now";
const FACTS = { name: "facts", url: "http://queues/000000000000/facts" };
const asked = (project: string, serial: number | null = null): Change =>
  change({ project, serial, reason: "journal", at: minute(0) });

interface Sent {
  readonly body: string;
  readonly receives?: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

const eventOf = (messages: readonly Sent[]): SQSEvent => ({
  Records: messages.map(({ body, receives = 1, attributes = {} }, index) => ({
    messageId: `m${index}`,
    receiptHandle: `r${index}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: "0",
      SenderId: "s",
      ApproximateFirstReceiveTimestamp: "0",
    },
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, stringValue]) => [name, { stringValue, dataType: "String" }]),
    ),
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:eu-central-1:000000000000:changes-now",
    awsRegion: "eu-central-1",
  })),
});

async function consumed(
  messages: readonly Sent[],
  handle: (message: Change) => Promise<void>,
  answer?: (call: Call) => unknown,
) {
  const sqs = fakeClient(answer);
  const { lines, stage } = readLog();
  const figures = readMeter();
  const handler = consumer({ stage, meter: figures.meter }, sqs.client, [URL], parseChange, handle);
  const { batchItemFailures } = await handler(
    eventOf(messages),
    contextWith(() => 1_000),
  );
  const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  return { failed, lines, calls: sqs.calls, published: figures.published, sums: figures.sums };
}

const json = (message: unknown): Sent => ({ body: JSON.stringify(message) });
const POISON: Readonly<Record<string, Sent>> = {
  "is not JSON": { body: "{" },
  "is empty": { body: "" },
  "is of another shape": json({ id: "x", project: "lantern" }),
  "has a field too many": json({ ...asked("lantern"), more: true }),
  "is null": json(null),
};

describe("a consumer", () => {
  it("answers nothing when every message was handled, and logs a line for each", async () => {
    const handled: string[] = [];
    const { failed, lines, published, calls } = await consumed(
      [json(asked("lantern", 7)), json(asked("kiln"))],
      async ({ project }) => void handled.push(project),
    );
    assert.deepEqual([failed, handled.sort(), calls, published], [[], ["kiln", "lantern"], [], 1]);
    assert.deepEqual(
      lines.map(({ level, outcome, project, serial }) => [level, outcome, project, serial]),
      [
        ["info", "handled", "lantern", 7],
        ["info", "handled", "kiln", null],
      ],
    );
    assert.ok(lines.every(({ ms }) => typeof ms === "number"));
  });

  for (const [what, poison] of Object.entries(POISON)) {
    it(`fails a message that ${what}, and none of its neighbours`, async () => {
      const handled: string[] = [];
      const { failed, lines } = await consumed(
        [json(asked("lantern")), poison, json(asked("kiln"))],
        async ({ project }) => void handled.push(project),
      );
      assert.deepEqual([failed, handled.sort()], [["m1"], ["kiln", "lantern"]]);
      assert.deepEqual(
        lines.filter(({ level }) => level === "error").map(({ outcome }) => outcome),
        ["not parsed"],
      );
    });
  }

  it("fails what could not be handled, with the reason in the log", async () => {
    const { failed, lines, published, sums } = await consumed(
      [json(asked("lantern")), json(asked("kiln"))],
      async ({ project }) => {
        if (project === "kiln") throw new Error("the table is throttled");
      },
    );
    assert.deepEqual([failed, published], [["m1"], 1]);
    assert.deepEqual(sums, { MessagesHandled: 1, MessagesFailed: 1 });
    const [line] = lines.filter(({ level }) => level === "error");
    assert.deepEqual([line?.["project"], line?.["outcome"]], ["kiln", "failed"]);
    assert.match(String(line?.["reason"]), /the table is throttled/);
  });

  it("answers each by itself when all fail", async () => {
    const { failed } = await consumed([json(asked("lantern")), json(asked("kiln"))], async () => {
      throw new Error("down");
    });
    assert.deepEqual(failed, ["m0", "m1"]);
  });

  it("has a failed message seen again soon, later each time", async () => {
    const { calls } = await consumed(
      [
        { ...json(asked("lantern")), receives: 4 },
        { body: "{", receives: 9 },
      ],
      () => Promise.reject(new Error("down")),
    );
    const calledFor = calls.map(({ action, input }) =>
      [action, input["QueueUrl"], input["ReceiptHandle"], input["VisibilityTimeout"]].join(" "),
    );
    assert.deepEqual(calledFor.sort(), [
      `ChangeMessageVisibility ${URL} r0 8`,
      `ChangeMessageVisibility ${URL} r1 1`,
    ]);
    assert.deepEqual(
      [1, 2, 11, 12, 20].map((receives) => seenAgainSeconds(receives, true)),
      [1, 2, 900, 900, 900],
    );
  });

  it("fails the message all the same when that cannot be asked for", async () => {
    const { failed, lines } = await consumed(
      [{ body: "{" }, json(asked("lantern"))],
      async () => {},
      () => {
        throw new Error("AccessDenied");
      },
    );
    assert.deepEqual(failed, ["m0"]);
    assert.deepEqual(lines.map(({ level }) => level).sort(), ["error", "info", "warn"]);
  });

  it("goes on with the chain a message bears, in every line and in all that is sent for it", async () => {
    const sqs = fakeClient();
    const facts = queue<unknown>(sqs.client, FACTS, async () => {});
    const bearing = { ...json(asked("lantern", 9)), attributes: { serial: "7", origin: "first" } };
    const { lines } = await consumed([bearing, json(asked("kiln", 8))], async ({ project }) => {
      await facts.send([{ id: `fact of ${project}`, project }]);
    });
    assert.deepEqual(
      lines.map(({ project, serial, origin }) => [project, serial, origin]),
      [
        ["lantern", 7, "first"],
        ["kiln", 8, asked("kiln", 8).id],
      ],
    );
    const sent = sqs.calls.flatMap(
      ({ input }) =>
        input["Entries"] as {
          MessageBody: string;
          MessageAttributes: Record<string, { StringValue: string }>;
        }[],
    );
    assert.deepEqual(
      sent.map(({ MessageBody, MessageAttributes }) => [
        (JSON.parse(MessageBody) as { project: string }).project,
        MessageAttributes["serial"]?.StringValue,
        MessageAttributes["origin"]?.StringValue,
      ]),
      [
        ["lantern", "7", "first"],
        ["kiln", "8", asked("kiln", 8).id],
      ],
    );
  });
});
