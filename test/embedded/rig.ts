import { type Reach, telling } from "../../bin/telling.ts";
import type { Finding } from "../../functions/domain/findings.ts";
import type { silent } from "../../functions/embedded/log.ts";
import { Loop } from "../../functions/embedded/loop.ts";
import { MessageStore } from "../../functions/embedded/queues.ts";
import { Store } from "../../functions/embedded/store.ts";
import type { Subscriber } from "../../functions/embedded/topics.ts";
import type { Alert, ConfirmationAsked } from "../../functions/ports.ts";
import { StillClock } from "../world.ts";
import { contact } from "./contacts.ts";

export const PRIVATE: Reach = { webhooks: { userAgent: "counterfoil/test", allowPrivate: true }, mail: null };

/** Topics and channels over a store in memory, with the loop that delivers, and a hand on the clock. */
export class Told {
  readonly clock = new StillClock();
  readonly store = new Store(":memory:");
  readonly messages = new MessageStore(this.store, this.clock);
  /** What the subscriber `operator` was told. */
  readonly alerts: Alert[] = [];
  readonly logged: string[] = [];
  readonly #loop: Loop;
  readonly topics;
  readonly channels;

  constructor(reach: Reach = PRIVATE) {
    const { clock, store, messages } = this;
    const operator: Subscriber = { name: "operator", deliver: async (alert) => void this.alerts.push(alert) };
    const log: typeof silent = (level, message, fields) =>
      void this.logged.push(JSON.stringify({ level, message, ...fields }));
    const told = telling(store, messages, { clock, log, subscribers: [operator], reach });
    const consumers = told.consumers(messages.queue<Finding>("alerts"));
    this.#loop = new Loop(store, messages, consumers, { clock, log, onDead: () => {} });
    this.topics = told.topics;
    this.channels = told.channels;
  }

  /** Delivers everything that is due now; failures wait for `pass`. */
  async drain(): Promise<void> {
    await this.#loop.drain();
  }

  async pass(ms: number): Promise<void> {
    this.clock.ms += ms;
    await this.drain();
  }

  /** What was said about the monitor, and would be rendered and told. */
  said(): Finding[] {
    return this.messages.receive("alerts", 100, "id").map(({ body }) => JSON.parse(body) as Finding);
  }

  async dead(queue: string): Promise<number> {
    return (await this.messages.counts()).find((each) => each.queue === queue)?.dead ?? 0;
  }

  close(): void {
    this.store.close();
  }
}

/** As the API would ask. */
export const asking = (chosen: Partial<ConfirmationAsked> = {}): ConfirmationAsked => ({
  project: "lantern",
  enrolment: "e1",
  contact: contact({ confirmedAt: null }),
  token: "cf_contact_1_2",
  url: "https://monitor.example/confirm#cf_contact_1_2",
  ...chosen,
});
