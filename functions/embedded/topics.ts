import { spawn } from "node:child_process";
import type { Alert, Topics } from "../ports.ts";
import type { MessageStore } from "./queues.ts";
import type { Store } from "./store.ts";

/** Somebody who gets alerts. What `deliver` throws is tried again, for days. */
export interface Subscriber {
  readonly name: string;
  deliver(alert: Alert): Promise<void>;
}

export interface Delivery {
  readonly subscriber: string;
  readonly alert: Alert;
}

const DELIVERY_MS = 15_000;

const TELL = "INSERT INTO told (alert, subscriber) VALUES (?, ?) ON CONFLICT DO NOTHING";

/**
 * A topic is a durable queue with one delivery per subscriber, so that one who is down holds up nobody else. Whom an alert
 * was queued for is written with the delivery itself: published again, it goes only to those it was not queued for.
 */
export function topics(
  store: Store,
  messages: Pick<MessageStore, "put">,
  subscribers: readonly Subscriber[],
): Topics {
  const queue = (alert: Alert): void => {
    const untold = subscribers.filter(({ name }) => store.run(TELL, alert.id, name) === 1);
    const deliveries = untold.map(({ name }): Delivery => ({ subscriber: name, alert }));
    messages.put("deliveries", deliveries);
  };
  return { publish: async (alert) => store.atomically(() => queue(alert)) };
}

/** POSTs the alert as JSON; anything but a 2xx answer is tried again. */
export const postTo = (url: string): Subscriber => ({
  name: `post ${url}`,
  deliver: async (alert) => {
    const response = await fetch(url, {
      method: "POST",
      redirect: "error",
      headers: {
        "content-type": "application/json",
        "counterfoil-alert": alert.id,
        "counterfoil-topic": alert.topic,
        "counterfoil-severity": alert.severity,
      },
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
