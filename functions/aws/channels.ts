import {
  FilterPolicyLimitExceededException,
  GetSubscriptionAttributesCommand,
  InvalidParameterException,
  NotFoundException,
  type SNSClient,
  SubscribeCommand,
  SubscriptionLimitExceededException,
} from "@aws-sdk/client-sns";
import { abreast } from "../domain/abreast.ts";
import type { Contact } from "../domain/enrolments.ts";
import { ChannelRefused, type Channels } from "../ports.ts";
import { ownForm, protocolOf } from "./endpoints.ts";

/** Where contacts are subscribed, and where what SNS gives up delivering goes. */
export interface ChannelArns {
  readonly topic: string;
  readonly undelivered: string;
}

const ABREAST = 8;

/**
 * Contacts as subscriptions of the findings topic, each filtered by the contact's id. SNS asks for the confirmation and keeps
 * it, so the token and the address that are asked with are not used. The subscription of a contact that ended stays: nothing
 * is published for it, and no right to unsubscribe can be narrowed to one topic.
 */
export const channels = (client: Pick<SNSClient, "send">, arns: ChannelArns): Channels => ({
  ask: async ({ contact }) => {
    const subscribed =
      (await subscribe(client, arns, contact, contact.address)) ??
      (await subscribe(client, arns, contact, ownForm(contact)));
    if (subscribed === null)
      throw new ChannelRefused("The address is subscribed for something else already.");
    return subscribed;
  },
  confirmed: async (contacts) => {
    const asked = await abreast(ABREAST, contacts, async ({ id, handle }) =>
      handle !== null && (await isConfirmed(client, handle)) ? [id] : [],
    );
    return new Set(asked.flat());
  },
});

/** The subscription's ARN, the same when asked again; `null` where the address is subscribed with another filter. */
async function subscribe(
  client: Pick<SNSClient, "send">,
  arns: ChannelArns,
  contact: Contact,
  endpoint: string,
): Promise<string | null> {
  const command = new SubscribeCommand({
    TopicArn: arns.topic,
    Protocol: protocolOf(contact),
    Endpoint: endpoint,
    ReturnSubscriptionArn: true,
    Attributes: {
      FilterPolicy: JSON.stringify({ contacts: [contact.id] }),
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arns.undelivered }),
    },
  });
  try {
    const { SubscriptionArn: arn = "" } = await client.send(command);
    if (!arn.startsWith("arn:")) throw new Error(`SNS answered "${arn}" instead of a subscription's ARN`);
    return arn;
  } catch (error) {
    if (isTaken(error)) return null;
    throw refusalOf(error);
  }
}

/** A topic has one subscription for each endpoint, and answers so when it has another filter or other dead letters. */
const isTaken = (error: unknown): boolean =>
  error instanceof InvalidParameterException &&
  /already exists with different attributes/i.test(error.message);

function refusalOf(error: unknown): unknown {
  if (error instanceof InvalidParameterException)
    return new ChannelRefused(`Amazon SNS does not take this address: ${error.message}`);
  if (
    error instanceof FilterPolicyLimitExceededException ||
    error instanceof SubscriptionLimitExceededException
  )
    return new ChannelRefused(
      "This monitor's AWS account has as many filtered subscriptions as SNS allows it; its operator can have that raised.",
    );
  return error;
}

/** One that is gone, because its owner unsubscribed or never confirmed it, is not confirmed. */
async function isConfirmed(client: Pick<SNSClient, "send">, handle: string): Promise<boolean> {
  try {
    const asked = new GetSubscriptionAttributesCommand({ SubscriptionArn: handle });
    const { Attributes } = await client.send(asked);
    return Attributes?.["PendingConfirmation"] === "false";
  } catch (error) {
    if (error instanceof NotFoundException) return false;
    throw error;
  }
}
