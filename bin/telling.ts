import { aboutContact } from "../functions/domain/monitor.ts";
import { channels } from "../functions/embedded/channels.ts";
import {
  aboutDelivery,
  CONTACTS,
  type ContactDelivery,
  type Delivery,
  reach,
  SUBSCRIBERS,
} from "../functions/embedded/deliveries.ts";
import type { Log } from "../functions/embedded/log.ts";
import type { Consumer } from "../functions/embedded/loop.ts";
import { mail, noMail } from "../functions/embedded/mail.ts";
import type { MessageStore } from "../functions/embedded/queues.ts";
import type { MailConfig } from "../functions/embedded/sending.ts";
import type { Store } from "../functions/embedded/store.ts";
import { type Subscriber, topics } from "../functions/embedded/topics.ts";
import type { Ways } from "../functions/embedded/ways.ts";
import { type WebhookConfig, webhooks } from "../functions/embedded/webhooks.ts";
import type { Channels, Clock, Queues, Topics } from "../functions/ports.ts";

/** How contacts are reached. */
export interface Reach {
  readonly webhooks: WebhookConfig;
  /** `null`: by mail not at all. */
  readonly mail: MailConfig | null;
}

export interface TellingParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly subscribers: readonly Subscriber[];
  readonly reach: Reach;
}

/** Whoever is told anything: the topics, the contacts' channels, and what delivers to both. */
export interface Telling {
  readonly topics: Topics;
  readonly channels: Channels;
  /** `alerts` hears of contacts that could not be reached. */
  consumers(alerts: Queues["alerts"]): readonly Consumer[];
}

/** Tries before a delivery is given up: with the waits between them, two days. */
const MOST_RECEIVES = 300;

/** A mail server's words can be of any length; the alert about them cannot. */
const MOST_NOTE_CHARS = 1_000;

/** Composes it. Nothing is told to the outside that a crash could take back: deliveries wait for their commit. */
export function telling(store: Store, messages: MessageStore, parts: TellingParts): Telling {
  const ways: Ways = {
    webhook: webhooks(parts.reach.webhooks),
    email: parts.reach.mail === null ? noMail : mail(parts.reach.mail, parts.clock),
  };
  const topic = topics(store, messages, parts.subscribers);
  const toSubscribers: Consumer = {
    queue: SUBSCRIBERS,
    concurrency: 8,
    mostReceives: MOST_RECEIVES,
    handle: async (body) => {
      await store.committed();
      await deliver(body as Delivery, parts, topic);
    },
    about: (body) => `${(body as Delivery).subscriber}: alert ${(body as Delivery).alert.id}`,
    // It cannot be told by a delivery: the log and the counts have it.
    onDead: () => {},
  };
  const toContacts = (alerts: Queues["alerts"]): Consumer => ({
    queue: CONTACTS,
    concurrency: 16,
    mostReceives: MOST_RECEIVES,
    handle: async (body) => {
      await store.committed();
      await reach(body as ContactDelivery, ways);
    },
    about: (body) => aboutDelivery(body as ContactDelivery),
    onDead: (body, reason) => void sayUnreached(body as ContactDelivery, reason, alerts, parts.clock),
  });
  return {
    topics: topic,
    channels: channels(messages, ways),
    consumers: (alerts) => [toSubscribers, toContacts(alerts)],
  };
}

async function deliver(
  { subscriber, alert }: Delivery,
  { subscribers, log }: TellingParts,
  topic: Topics,
): Promise<void> {
  const to = subscribers.find(({ name }) => name === subscriber);
  if (to !== undefined) return to.deliver(alert);
  log("warn", "nobody of this name subscribes any more", { subscriber, alert: alert.id });
  // Its address may have been corrected: whoever is there now and has not had this alert gets it.
  await topic.publish(alert, []);
}

/**
 * Only of contacts that had confirmed: of an address where nobody ever did, nobody was promised anything, and any stranger
 * can type one.
 */
async function sayUnreached(
  delivery: ContactDelivery,
  reason: string,
  alerts: Queues["alerts"],
  clock: Clock,
): Promise<void> {
  if ("asked" in delivery) return;
  const note = `${aboutDelivery(delivery)}: ${reason}`.slice(0, MOST_NOTE_CHARS);
  await alerts.send([aboutContact(delivery.contact.id, clock.now(), note)]);
}
