import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { logCalls, resourceOf } from "../../functions/aws/calls.ts";
import { readLog } from "./stage.ts";

describe("a call to AWS", () => {
  it("is one line at DEBUG, also when it fails", async () => {
    const { lines, stage } = readLog();
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const client = new SQSClient({
      ...{ credentials, region: "us-east-1", maxAttempts: 1 },
      endpoint: "http://127.0.0.1:1",
      useQueueUrlAsEndpoint: false,
    });
    logCalls(client, "feed", stage.log);
    const QueueUrl = "http://queues/000000000000/changes-now";
    await assert.rejects(client.send(new SendMessageCommand({ QueueUrl, MessageBody: "x" })));
    const [line] = lines;
    const { ms, ...call } = (line?.["call"] ?? {}) as Record<string, unknown>;
    assert.deepEqual([lines.length, line?.level], [1, "debug"]);
    assert.deepEqual(call, { stage: "feed", action: "sqs:SendMessage", resource: "changes-now" });
    assert.equal(typeof ms, "number");
  });

  const INPUTS: readonly [string, Readonly<Record<string, unknown>>][] = [
    ["facts", { QueueUrl: "https://sqs.eu-central-1.amazonaws.com/000000000000/facts" }],
    ["findings", { TopicArn: "arn:aws:sns:eu-central-1:000000000000:findings" }],
    ["ledger", { TableName: "ledger", Key: { subject: { S: "monitor" } } }],
    ["view/index/open", { TableName: "view", IndexName: "open" }],
    ["watchers", { RequestItems: { watchers: {} } }],
    [
      "records ledger",
      { TransactItems: [{ Put: { TableName: "records" } }, { Update: { TableName: "ledger" } }] },
    ],
    ["evidence/bytes/sha256/00", { Bucket: "evidence", Key: "bytes/sha256/00" }],
    ["evidence/items/", { Bucket: "evidence", Prefix: "items/" }],
  ];
  for (const [resource, input] of INPUTS) {
    it(`names ${resource}`, () => {
      assert.equal(resourceOf(input), resource);
    });
  }
});
