import { spawn } from "node:child_process";
import type { Contact } from "../domain/enrolments.ts";
import type { Alert, Topics } from "../ports.ts";
import {
  CONTACTS,
  type ContactDelivery,
  type Delivery,
  isConfirmed,
  recipientOf,
  SUBSCRIBERS,
} from "./deliveries.ts";
import type { MessageStore } from "./queues.ts";
import type { Store } from "./store.ts";
import { alertHeaders } from "./webhooks.ts";

/** Somebody who gets alerts. What `deliver` throws is tried again, for days. */
export interface Subscriber {
  readonly name: string;
  /** Whether it is told of drills, which are for contacts only. @default false */
  readonly drills?: boolean;
  deliver(alert: Alert): Promise<void>;
}

const DELIVERY_MS = 15_000;

const TELL = "INSERT INTO told (alert, subscriber) VALUES (?, ?) ON CONFLICT DO NOTHING";

/**
 * A topic is a durable queue with one delivery per subscriber and confirmed contact, so that one who is down holds up nobody
 * else. Whom an alert was queued for is written with the delivery itself: published again, it goes only to those it was not
 * queued for.
 */
export function topics(
  store: Store,
  messages: Pick<MessageStore, "put">,
  subscribers: readonly Subscriber[],
): Topics {
  const isUntold = (alert: Alert, name: string): boolean => store.run(TELL, alert.id, name) === 1;
  const queue = (alert: Alert, contacts: readonly Contact[]): void => {
    const isDrill = alert.finding.verdict === "drill";
    const subscribed = subscribers.filter(({ drills }) => drills === true || !isDrill);
    const untold = subscribed.filter(({ name }) => isUntold(alert, name));
    messages.put(
      SUBSCRIBERS,
      untold.map(({ name }): Delivery => ({ subscriber: name, alert })),
    );
    const reached = contacts.filter((each) => isConfirmed(each) && isUntold(alert, `contact ${each.id}`));
    messages.put(
      CONTACTS,
      reached.map((contact): ContactDelivery => ({ contact: recipientOf(contact), alert })),
    );
  };
  return { publish: async (alert, contacts) => store.atomically(() => queue(alert, contacts)) };
}

/** POSTs the alert as JSON; anything but a 2xx answer is tried again. */
export const postTo = (url: string, userAgent = "counterfoil"): Subscriber => ({
  name: `post ${url}`,
  deliver: async (alert) => {
    const response = await fetch(url, {
      method: "POST",
      redirect: "error",
      headers: { ...alertHeaders(alert), "user-agent": userAgent },
      body: JSON.stringify(alert),
      signal: AbortSignal.timeout(DELIVERY_MS),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  },
});

/** Runs a shell command with the alert as JSON on its standard input; a non-zero exit is tried again. */
export const runCommand = (command: string): Subscriber => ({
  name: `run ${command}`,
  deliver: (alert) =>
    new Promise((resolve, reject) => {
      const env = {
        ...process.env,
        COUNTERFOIL_ALERT: alert.id,
        COUNTERFOIL_TOPIC: alert.topic,
        COUNTERFOIL_SEVERITY: alert.severity,
        COUNTERFOIL_SUBJECT: alert.subject,
      };
      const stdio = ["pipe", "ignore", "ignore"] as const;
      const child = spawn(command, { shell: true, stdio: [...stdio], env, timeout: DELIVERY_MS });
      child.on("error", reject);
      // A command that does not read its input is no failure.
      child.stdin?.on("error", () => {});
      child.stdin?.end(JSON.stringify(alert));
      child.on("close", (code, signal) =>
        code === 0 ? resolve() : reject(new Error(`\`${command}\` ended with ${code ?? signal}`)),
      );
    }),
});
