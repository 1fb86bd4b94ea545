import { SNSClient } from "@aws-sdk/client-sns";
import { render } from "../../functions/alert/render.ts";
import { topics } from "../../functions/aws/topics.ts";
import type { Instant } from "../../functions/domain/instants.ts";
import { aboutTest } from "../../functions/domain/monitor.ts";
import type { Topic } from "../../functions/domain/verdicts.ts";
import { declaredBy } from "./declared.ts";
import type { Deployed } from "./stack.ts";
import { type Subscriber, subscribersOf } from "./subscribers.ts";

/** One topic's test: what was published, to whom, and who is not told of it. */
export interface Tested {
  readonly topic: Topic;
  readonly alert: string;
  readonly subject: string;
  readonly subscribers: readonly Subscriber[];
}

/**
 * Publishes a test alert by the same adapter and in the same form as real ones, straight to the topic: it arrives even when
 * the road is broken, and stands in no ledger.
 */
export async function testAlert(
  stack: Deployed,
  asked: readonly Topic[],
  at: Instant,
): Promise<readonly Tested[]> {
  const { client, outputs } = stack;
  const declared = await declaredBy(stack);
  const sns = new SNSClient(client);
  const arns = { findings: outputs.FindingsTopicArn, health: outputs.HealthTopicArn };
  const tested: Tested[] = [];
  for (const topic of asked) {
    const alert = render(aboutTest(topic, at));
    await topics(sns, arns).publish(alert, []);
    const subscribers = await subscribersOf(
      sns,
      arns[topic],
      declared.filter((each) => each.topic === topic),
      topic === "findings",
    );
    tested.push({ topic, alert: alert.id, subject: alert.subject, subscribers });
  }
  return tested;
}
