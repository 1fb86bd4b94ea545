import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { render } from "../../functions/alert/render.ts";
import { snsClient, sqsClient } from "../../functions/aws/clients.ts";
import { topics } from "../../functions/aws/topics.ts";
import { aboutMonitor } from "../../functions/domain/monitor.ts";
import { minute } from "../domain/perfect.ts";
import { CALLER, fresh } from "./over-aws.ts";
import { arnOf, fromTopics } from "./subscribing-queue.ts";

const sns = snsClient(CALLER);
const sqs = sqsClient(CALLER);

/** A queue that gets what is published to a topic as it is, if its severity is this one. */
async function subscribe(topic: string, severity: string): Promise<() => Promise<unknown[]>> {
  const Attributes = { Policy: fromTopics(topic) };
  const asked = { QueueName: fresh("subscriber"), Attributes };
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand(asked));
  const endpoint = await arnOf(sqs, QueueUrl);
  await sns.send(
    new SubscribeCommand({
      TopicArn: topic,
      Protocol: "sqs",
      Endpoint: endpoint,
      Attributes: { RawMessageDelivery: "true", FilterPolicy: JSON.stringify({ severity: [severity] }) },
    }),
  );
  return async () => {
    await setTimeout(300);
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    return Messages.map(({ Body = "" }) => JSON.parse(Body) as unknown);
  };
}

describe("SNS: a topic", () => {
  it("hands a machine the alert as it is, of its own topic and of the severity it asked for", async () => {
    const create = async (name: string): Promise<string> =>
      (await sns.send(new CreateTopicCommand({ Name: fresh(name) }))).TopicArn ?? "";
    const arns = { findings: await create("findings"), health: await create("health") };
    const warnings = await subscribe(arns.health, "warning");
    const notices = await subscribe(arns.health, "notice");
    const findings = await subscribe(arns.findings, "warning");
    const alert = render(aboutMonitor("blind", minute(0), "no answer"));
    await topics(sns, arns).publish(alert, []);
    assert.deepEqual(await warnings(), [alert]);
    assert.deepEqual(await notices(), []);
    assert.deepEqual(await findings(), []);
  });
});
