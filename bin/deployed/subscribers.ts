import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  type SNSClient,
  type Subscription,
} from "@aws-sdk/client-sns";
import { inert } from "../../functions/records/quoted.ts";
import type { Declared } from "./declared.ts";

/**
 * `pending`: nothing is delivered until whoever was subscribed says yes, and SNS forgets them after 48 hours.
 * `gone`: the stack declares them, SNS does not know them.
 */
export type Standing = "confirmed" | "pending" | "gone";

/** Who gets a topic's alerts, as far as a terminal should show it. */
export interface Subscriber {
  readonly protocol: string;
  /** Shortened: enough to recognise, not enough to copy. */
  readonly endpoint: string;
  readonly standing: Standing;
}

/**
 * Everybody who is subscribed to a topic, and who should be: `declared` is of this topic. Watchers' contacts are left out: they
 * are told of their own enrolment's findings only. Of those who have not confirmed SNS tells nothing but the address, so that
 * on a topic that has contacts only declared ones are known not to be one.
 */
export async function subscribersOf(
  client: Pick<SNSClient, "send">,
  topicArn: string,
  declared: readonly Declared[],
  hasContacts: boolean,
): Promise<readonly Subscriber[]> {
  const all = await listed(client, topicArn);
  const own = new Set(declared.map(({ protocol, endpoint }) => addressee(protocol, endpoint)));
  const isOwn = ({ Protocol = "", Endpoint = "" }: Subscription): boolean =>
    own.has(addressee(Protocol, Endpoint));
  const found: Subscription[] = [];
  for (const each of all) if (isOwn(each) || !(await isContact(client, each, hasContacts))) found.push(each);
  const known = new Set(found.map(({ Protocol = "", Endpoint = "" }) => addressee(Protocol, Endpoint)));
  const gone = declared.filter(({ protocol, endpoint }) => !known.has(addressee(protocol, endpoint)));
  return [
    ...found.map(({ Protocol = "unknown", Endpoint = "", SubscriptionArn = "" }) =>
      subscriber(Protocol, Endpoint, SubscriptionArn.startsWith("arn:") ? "confirmed" : "pending"),
    ),
    ...gone.map(({ protocol, endpoint }) => subscriber(protocol, endpoint, "gone")),
  ];
}

/** Whether a subscription that the stack does not declare is a watcher's contact, as far as can be told. */
async function isContact(
  client: Pick<SNSClient, "send">,
  { SubscriptionArn = "" }: Subscription,
  hasContacts: boolean,
): Promise<boolean> {
  if (!hasContacts) return false;
  if (!SubscriptionArn.startsWith("arn:")) return true;
  const { Attributes = {} } = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  return /"contacts"/.test(Attributes["FilterPolicy"] ?? "");
}

async function listed(client: Pick<SNSClient, "send">, topicArn: string): Promise<readonly Subscription[]> {
  const found: Subscription[] = [];
  let next: string | undefined;
  do {
    const asked = { TopicArn: topicArn, ...(next !== undefined && { NextToken: next }) };
    const { Subscriptions = [], NextToken } = await client.send(new ListSubscriptionsByTopicCommand(asked));
    found.push(...Subscriptions.filter(({ SubscriptionArn }) => SubscriptionArn !== "Deleted"));
    next = NextToken || undefined;
  } while (next !== undefined);
  return found;
}

/** One subscriber, however SNS writes their address: a telephone number with or without its plus, mail in any case. */
const addressee = (protocol: string, endpoint: string): string =>
  `${protocol} ${protocol === "email" ? endpoint.toLowerCase() : endpoint.replace(/^\+/, "")}`;

const subscriber = (protocol: string, endpoint: string, standing: Standing): Subscriber => ({
  protocol: inert(protocol),
  endpoint: inert(shortened(protocol, endpoint)),
  standing,
});

/** Addresses are other people's, and an https endpoint may hold a secret in its path. */
export function shortened(protocol: string, endpoint: string): string {
  if (protocol.startsWith("email")) return endpoint.replace(/^(.).*@/, "$1…@");
  if (protocol.startsWith("http")) return URL.canParse(endpoint) ? `${new URL(endpoint).origin}/…` : "…";
  if (protocol === "sms") return `…${endpoint.slice(-3)}`;
  return endpoint.startsWith("arn:") ? (endpoint.split(":").at(-1) ?? "…") : "…";
}
