import type { Clock } from "../ports.ts";
import type { Log } from "./log.ts";
import type { MessageStore, Received } from "./queues.ts";
import type { Store } from "./store.ts";
import { Unreachable } from "./ways.ts";

/** One stage's end of a queue: what is handed to the loop. */
export interface Consumer {
  readonly queue: string;
  /** How many messages are worked on at a time. */
  readonly concurrency: number;
  /** Parses a message and gives it to the stage. What it throws sends the message back; `Unreachable` gives it up. */
  readonly handle: (body: unknown) => Promise<void>;
  /** Tries before a message is given up. */
  readonly mostReceives: number;
  /** What log lines and alarms say of a message. */
  readonly about: (body: unknown) => string;
  /** Called in place of the loop's own when a message was given up. */
  readonly onDead?: (body: unknown, reason: string) => void;
}

/** What a test adds so that no stage comes to rely on kindness: shuffled order, and one message in so many twice. */
export interface Unkind {
  readonly draw: () => number;
  readonly twiceOneIn: number;
}

export interface LoopOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly unkind?: Unkind;
  /** Called when a message was given up. */
  readonly onDead: (queue: string, about: string, reason: string) => void;
}

const backoffMs = (receives: number): number => Math.min(600_000, 500 * 2 ** Math.min(receives, 12));

/** Runs stages over the queues of one store: what event source mappings do on the other host. */
export class Loop {
  readonly #store: Store;
  readonly #messages: MessageStore;
  readonly #consumers: readonly Consumer[];
  readonly #options: LoopOptions;
  readonly #inHand = new Set<Promise<void>>();
  readonly #busy = new Map<string, number>();
  readonly #soon = new Set<string>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #running = false;

  constructor(store: Store, messages: MessageStore, consumers: readonly Consumer[], options: LoopOptions) {
    this.#store = store;
    this.#messages = messages;
    this.#consumers = consumers;
    this.#options = options;
  }

  /** Works on whatever is or becomes visible, until `stop`. */
  start(): void {
    this.#running = true;
    for (const consumer of this.#consumers) {
      this.#messages.onSend(consumer.queue, () => this.#pumpSoon(consumer));
      this.#pumpSoon(consumer);
    }
  }

  /** Takes nothing more in hand, waits for what is, and for its commit. */
  async stop(): Promise<void> {
    this.#running = false;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.allSettled(this.#inHand);
    this.#store.commit();
  }

  /** Works until nothing is visible (tests, with a clock that stands still meanwhile). Answers how much there was. */
  async drain(): Promise<number> {
    let handled = 0;
    for (let round = 1; round > 0; handled += round) {
      round = 0;
      for (const consumer of this.#consumers) round += await this.#drainOne(consumer);
    }
    this.#store.commit();
    return handled;
  }

  async #drainOne(consumer: Consumer): Promise<number> {
    const received = this.#receive(consumer, consumer.concurrency);
    await Promise.all(received.map((each) => this.#handle(consumer, each)));
    return received.length;
  }

  /** After this turn, so that what was sent in it is committed and worked on together. */
  #pumpSoon(consumer: Consumer): void {
    if (!this.#running || this.#soon.has(consumer.queue)) return;
    this.#soon.add(consumer.queue);
    setImmediate(() => {
      this.#soon.delete(consumer.queue);
      this.#pump(consumer);
    });
  }

  #pump(consumer: Consumer): void {
    clearTimeout(this.#timers.get(consumer.queue));
    if (!this.#running) return;
    const free = consumer.concurrency - (this.#busy.get(consumer.queue) ?? 0);
    const received = free > 0 ? this.#receive(consumer, free) : [];
    for (const each of received) this.#begin(consumer, each);
    if (received.length < free) this.#sleep(consumer);
  }

  /** Until the next delayed message, or for a while: a send wakes it earlier. */
  #sleep(consumer: Consumer): void {
    const nextMs = this.#messages.nextMs(consumer.queue);
    if (nextMs === null) return;
    this.#timers.set(
      consumer.queue,
      setTimeout(() => this.#pump(consumer), Math.min(Math.max(nextMs, 1), 60_000)),
    );
  }

  #begin(consumer: Consumer, received: Received): void {
    this.#busy.set(consumer.queue, (this.#busy.get(consumer.queue) ?? 0) + 1);
    const work = this.#handle(consumer, received).finally(() => {
      this.#busy.set(consumer.queue, (this.#busy.get(consumer.queue) ?? 1) - 1);
      this.#inHand.delete(work);
      this.#pumpSoon(consumer);
    });
    this.#inHand.add(work);
  }

  #receive(consumer: Consumer, most: number): Received[] {
    const { unkind } = this.#options;
    const order = unkind ? `(id * ${1 + Math.floor(unkind.draw() * 9973)}) % 10007` : "visible_ms";
    return this.#messages.receive(consumer.queue, most, order);
  }

  async #handle(consumer: Consumer, received: Received): Promise<void> {
    const body: unknown = JSON.parse(received.body);
    const { unkind } = this.#options;
    const twice = unkind !== undefined && unkind.draw() < 1 / unkind.twiceOneIn;
    try {
      await Promise.all([consumer.handle(body), ...(twice ? [consumer.handle(body)] : [])]);
      this.#messages.settle(received);
    } catch (error) {
      this.#failed(consumer, received, body, error);
    }
  }

  #failed(consumer: Consumer, received: Received, body: unknown, error: unknown): void {
    const about = consumer.about(body);
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const given = received.receives >= consumer.mostReceives || error instanceof Unreachable;
    this.#options.log(given ? "error" : "warn", given ? "message given up" : "message put back", {
      queue: consumer.queue,
      about,
      reason,
      receives: received.receives,
    });
    if (given) {
      this.#messages.bury(consumer.queue, received, reason);
      if (consumer.onDead) consumer.onDead(body, reason);
      else this.#options.onDead(consumer.queue, about, reason);
    } else {
      this.#messages.release(received, backoffMs(received.receives));
    }
  }
}
