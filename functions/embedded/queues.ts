import {
  type Backlog,
  type Clock,
  MessageTooLarge,
  MOST_MESSAGE_BYTES,
  type Queue,
  type QueueCounts,
} from "../ports.ts";
import type { Store } from "./store.ts";

/** A message in hand, until it is settled, put back or given up; a process that dies lets go of all it had. */
export interface Received {
  readonly id: number;
  readonly body: string;
  /** How often it was handed out, this time included. */
  readonly receives: number;
}

type Woken = () => void;

/** Its one parameter is a JSON array of ids. */
const NOT_AMONG = "id NOT IN (SELECT value FROM json_each(?))";

/** Durable queues in one table. Standard: at least once, in no order that anybody may rely on. */
export class MessageStore implements Backlog {
  readonly #store: Store;
  readonly #clock: Clock;
  /** The queue of each message in hand, by its id. */
  readonly #inHand = new Map<number, string>();
  readonly #woken = new Map<string, Woken>();

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    // Whatever a dead process had in hand is nobody's now. What had been put back to wait is tried earlier: no harm.
    this.#store.run("UPDATE messages SET visible_ms = ? WHERE receives > 0", this.#nowMs());
  }

  queue<M>(name: string): Queue<M> {
    return { send: async (messages, delayMs = 0) => this.put(name, messages, delayMs) };
  }

  /** What `send` does, for whoever must queue and write something else in one piece. Throws `MessageTooLarge`. */
  put(name: string, messages: readonly unknown[], delayMs = 0): void {
    const bodies = messages.map((message) => encoded(name, message));
    const visibleMs = this.#nowMs() + delayMs;
    for (const body of bodies) {
      this.#store.run(
        "INSERT INTO messages (queue, visible_ms, body) VALUES (?, ?, ?)",
        name,
        visibleMs,
        body,
      );
    }
    this.#woken.get(name)?.();
  }

  /** Calls back whenever something is sent to the queue. */
  onSend(name: string, woken: Woken): void {
    this.#woken.set(name, woken);
  }

  /** Takes at most `most` visible messages in hand. What is in hand is handed out to nobody else, however long it takes. */
  receive(name: string, most: number, order = "visible_ms"): Received[] {
    const received = this.#store.all<Received>(
      `SELECT id, body, receives + 1 AS receives FROM messages
        WHERE queue = ? AND visible_ms <= ? AND ${NOT_AMONG} ORDER BY ${order} LIMIT ?`,
      name,
      this.#nowMs(),
      JSON.stringify(this.#heldOf(name)),
      most,
    );
    for (const { id } of received) {
      this.#store.run("UPDATE messages SET receives = receives + 1 WHERE id = ?", id);
      this.#inHand.set(id, name);
    }
    return received;
  }

  settle({ id }: Received): void {
    this.#store.run("DELETE FROM messages WHERE id = ?", id);
    this.#inHand.delete(id);
  }

  /** Puts a message back, to be seen again after `delayMs`. */
  release({ id }: Received, delayMs: number): void {
    this.#store.run("UPDATE messages SET visible_ms = ? WHERE id = ?", this.#nowMs() + delayMs, id);
    this.#inHand.delete(id);
  }

  /** Gives a message up. It is kept, with why. */
  bury(name: string, { id, body }: Received, reason: string): void {
    this.#store.atomically(() => {
      const at = this.#clock.now();
      this.#store.run(
        "INSERT INTO dead_letters (queue, died_at, reason, body) VALUES (?, ?, ?, ?)",
        name,
        at,
        reason,
        body,
      );
      this.#store.run("DELETE FROM messages WHERE id = ?", id);
    });
    this.#inHand.delete(id);
  }

  /** Milliseconds until the next message that nobody has in hand becomes visible; `null` when there is none. */
  nextMs(name: string): number | null {
    const sql = `SELECT min(visible_ms) AS at FROM messages WHERE queue = ? AND ${NOT_AMONG}`;
    const at =
      this.#store.get<{ at: number | null }>(sql, name, JSON.stringify(this.#heldOf(name)))?.at ?? null;
    return at === null ? null : Math.max(0, at - this.#nowMs());
  }

  async counts(): Promise<readonly QueueCounts[]> {
    const waiting = this.#store.all<{ queue: string; count: number }>(
      "SELECT queue, count(*) AS count FROM messages GROUP BY queue",
    );
    const dead = this.#store.all<{ queue: string; count: number }>(
      "SELECT queue, count(*) AS count FROM dead_letters GROUP BY queue",
    );
    const names = new Set([
      ...this.#woken.keys(),
      ...waiting.map((row) => row.queue),
      ...dead.map((row) => row.queue),
    ]);
    const countIn = (rows: typeof waiting, queue: string) =>
      rows.find((row) => row.queue === queue)?.count ?? 0;
    return [...names].sort().map((queue) => {
      const inFlight = this.#heldOf(queue).length;
      return { queue, waiting: countIn(waiting, queue) - inFlight, inFlight, dead: countIn(dead, queue) };
    });
  }

  #heldOf(name: string): number[] {
    return [...this.#inHand].flatMap(([id, queue]) => (queue === name ? [id] : []));
  }

  #nowMs(): number {
    return Date.parse(this.#clock.now());
  }
}

function encoded(queue: string, message: unknown): string {
  const body = JSON.stringify(message);
  const sizeBytes = Buffer.byteLength(body);
  if (sizeBytes > MOST_MESSAGE_BYTES) throw new MessageTooLarge(queue, sizeBytes);
  return body;
}
