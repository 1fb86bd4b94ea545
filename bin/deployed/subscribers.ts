import { ListSubscriptionsByTopicCommand, type SNSClient, type Subscription } from "@aws-sdk/client-sns";
import { inert } from "../../functions/records/quoted.ts";

/** Who gets a topic's alerts, as far as a terminal should show it. */
export interface Subscriber {
  readonly protocol: string;
  /** Shortened: enough to recognise, not enough to copy. */
  readonly endpoint: string;
  /** False until whoever was subscribed has said yes: nothing is delivered before that. */
  readonly confirmed: boolean;
}

/** Everybody who is subscribed to a topic. */
export async function subscribersOf(
  client: Pick<SNSClient, "send">,
  topicArn: string,
): Promise<readonly Subscriber[]> {
  const found: Subscriber[] = [];
  let next: string | undefined;
  do {
    const asked = { TopicArn: topicArn, ...(next !== undefined && { NextToken: next }) };
    const { Subscriptions = [], NextToken } = await client.send(new ListSubscriptionsByTopicCommand(asked));
    found.push(
      ...Subscriptions.filter(({ SubscriptionArn }) => SubscriptionArn !== "Deleted").map(subscriber),
    );
    next = NextToken || undefined;
  } while (next !== undefined);
  return found;
}

const subscriber = ({
  Protocol = "unknown",
  Endpoint = "",
  SubscriptionArn = "",
}: Subscription): Subscriber => ({
  protocol: inert(Protocol),
  endpoint: inert(shortened(Protocol, Endpoint)),
  confirmed: SubscriptionArn.startsWith("arn:"),
});

/** Addresses are other people's, and an https endpoint may hold a secret in its path. */
export function shortened(protocol: string, endpoint: string): string {
  if (protocol.startsWith("email")) return endpoint.replace(/^(.).*@/, "$1…@");
  if (protocol.startsWith("http")) return URL.canParse(endpoint) ? `${new URL(endpoint).origin}/…` : "…";
  if (protocol === "sms") return `…${endpoint.slice(-3)}`;
  return endpoint.startsWith("arn:") ? (endpoint.split(":").at(-1) ?? "…") : "…";
}
