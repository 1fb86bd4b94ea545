import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MessageTooLarge, MOST_MESSAGE_BYTES } from "../../functions/ports.ts";
import { type MakeHost, on, type Receiver } from "./host.ts";

const SECOND = 1_000;
const bodies = (handed: readonly { readonly body: unknown }[]): unknown[] =>
  handed.map(({ body }) => body).sort();
const take = (from: Receiver, most = 10) => from.receive(most, 30 * SECOND);

/** What a queue promises whatever the time is. */
export function sendingContract(name: string, make: MakeHost): void {
  describe(`${name}: a queue`, () => {
    it(
      "hands out every message it was sent, in whatever order, and none once it is settled",
      on(make, async (host) => {
        const receiver = host.receiver("facts");
        await host.queue<string>("facts").send(["a", "b", "c"]);
        const handed = await take(receiver);
        assert.deepEqual(bodies(handed), ["a", "b", "c"]);
        for (const each of handed) await receiver.settle(each);
        await host.pass(60 * SECOND);
        assert.deepEqual(await take(receiver), []);
      }),
    );

    it(
      "hands out no more than asked for, and hides what it handed out",
      on(make, async (host) => {
        const receiver = host.receiver("facts");
        await host.queue<string>("facts").send(["a", "b", "c"]);
        const [first, second] = [await take(receiver, 2), await take(receiver, 2)];
        assert.deepEqual([first.length, second.length], [2, 1]);
        assert.deepEqual(bodies([...first, ...second]), ["a", "b", "c"]);
        assert.deepEqual(await take(receiver), []);
      }),
    );

    it(
      "keeps apart from other queues",
      on(make, async (host) => {
        await host.queue<string>("facts").send(["a"]);
        assert.deepEqual(await take(host.receiver("alerts")), []);
      }),
    );

    it(
      "counts what waits and what is in hand",
      on(make, async (host) => {
        const receiver = host.receiver("facts");
        await host.queue<string>("facts").send(["a", "b", "c"]);
        const [handed] = await take(receiver, 1);
        assert.ok(handed);
        const { waiting, inFlight, dead } = await receiver.counts();
        assert.deepEqual([waiting, inFlight, dead], [2, 1, 0]);
      }),
    );

    it(
      "takes messages up to the limit, and of a batch with a larger one takes none",
      on(make, async (host) => {
        const queue = host.queue<string>("facts");
        const largest = "x".repeat(MOST_MESSAGE_BYTES - 2);
        await queue.send([largest]);
        await assert.rejects(queue.send(["a", `${largest}x`, "b"]), MessageTooLarge);
        // Bytes count, not characters.
        await assert.rejects(queue.send(["é".repeat(MOST_MESSAGE_BYTES / 2)]), MessageTooLarge);
        assert.deepEqual(bodies(await take(host.receiver("facts"))), [largest]);
      }),
    );

    it(
      "takes nothing, and many at once",
      on(make, async (host) => {
        const queue = host.queue<number>("facts");
        await queue.send([]);
        await queue.send(Array.from({ length: 250 }, (_, index) => index));
        const receiver = host.receiver("facts");
        const seen = new Set<unknown>();
        for (let handed = await take(receiver, 10); handed.length > 0; handed = await take(receiver, 10))
          for (const { body } of handed) seen.add(body);
        assert.equal(seen.size, 250);
      }),
    );
  });
}

/** What a queue promises over hours, for a host that can let them pass, and gives messages up itself. */
export function queuesContract(name: string, make: MakeHost): void {
  sendingContract(name, make);
  describe(`${name}: a queue, as time passes,`, () => {
    it(
      "hands out again what was not settled when whoever had it died, not before, and counts how often",
      on(make, async (host) => {
        const receiver = host.receiver("facts");
        await host.queue<string>("facts").send(["a"]);
        const [first] = await take(receiver);
        assert.equal(first?.receives, 1);
        await host.pass(29 * SECOND);
        assert.deepEqual(await take(receiver), []);
        await host.flush();
        const next = await host.powerFailure();
        await next.pass(SECOND);
        const [again] = await take(next.receiver("facts"));
        assert.deepEqual([again?.body, again?.receives], ["a", 2]);
        await next.close();
      }),
    );

    it(
      "hides what was put back for as long as it was asked to",
      on(make, async (host) => {
        const receiver = host.receiver("facts");
        await host.queue<string>("facts").send(["a"]);
        const [handed] = await take(receiver);
        assert.ok(handed);
        await receiver.release(handed, 5 * SECOND);
        assert.deepEqual(await take(receiver), []);
        await host.pass(5 * SECOND);
        assert.deepEqual(bodies(await take(receiver)), ["a"]);
      }),
    );

    it(
      "hides what was sent with a delay until it is over",
      on(make, async (host) => {
        const receiver = host.receiver("facts");
        await host.queue<string>("facts").send(["late"], 10 * SECOND);
        await host.pass(9 * SECOND);
        assert.deepEqual(await take(receiver), []);
        await host.pass(SECOND);
        assert.deepEqual(bodies(await take(receiver)), ["late"]);
      }),
    );

    it(
      "never hands out what was given up, and counts it as dead",
      on(make, async (host) => {
        const receiver = host.receiver("facts");
        await host.queue<string>("facts").send(["poison", "b"]);
        const [handed] = await take(receiver, 1);
        assert.ok(handed);
        await receiver.bury(handed, "a fault of ours");
        const { waiting, inFlight, dead } = await receiver.counts();
        assert.deepEqual([waiting, inFlight, dead], [1, 0, 1]);
        await host.pass(3_600 * SECOND);
        assert.equal((await take(receiver)).length, 1);
      }),
    );
  });
}
