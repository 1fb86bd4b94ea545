import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { silent } from "../../functions/embedded/log.ts";
import { type Consumer, Loop, type LoopOptions } from "../../functions/embedded/loop.ts";
import { MessageStore } from "../../functions/embedded/queues.ts";
import { Store } from "../../functions/embedded/store.ts";
import { StillClock, seeded } from "../world.ts";
import { inFolder } from "./folders.ts";

interface Bench {
  readonly clock: StillClock;
  readonly messages: MessageStore;
  readonly loop: Loop;
  readonly dead: string[];
}

type Handle = Consumer["handle"];

async function bench(
  folder: string,
  handle: Handle,
  run: (bench: Bench) => Promise<void>,
  options: Partial<LoopOptions> = {},
): Promise<void> {
  const clock = new StillClock();
  const store = new Store(join(folder, "store.sqlite"));
  const messages = new MessageStore(store, clock);
  const dead: string[] = [];
  const consumer: Consumer = {
    queue: "facts",
    concurrency: 4,
    handle,
    mostReceives: 3,
    about: (body) => `about ${body}`,
  };
  const onDead = (...said: string[]): void => void dead.push(said.join(" | "));
  const loop = new Loop(store, messages, [consumer], { clock, log: silent, onDead, ...options });
  await run({ clock, messages, loop, dead });
  await loop.stop();
  store.close();
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const deadIn = async (messages: MessageStore): Promise<number> => (await messages.counts()).at(0)?.dead ?? 0;

describe("the loop", () => {
  it(
    "gives every message to its stage, and each once while all is well",
    inFolder(async (folder) => {
      const seen: unknown[] = [];
      const handle: Handle = async (body) => void seen.push(body);
      await bench(folder, handle, async ({ messages, loop }) => {
        await messages.queue<number>("facts").send(numbers(50));
        assert.equal(await loop.drain(), 50);
        assert.deepEqual(seen.toSorted(), numbers(50).toSorted());
        assert.equal(await loop.drain(), 0);
      });
    }),
  );

  it(
    "also gives what a stage sends while it works",
    inFolder(async (folder) => {
      const seen: number[] = [];
      const held: MessageStore[] = [];
      const handle: Handle = async (body) => {
        seen.push(Number(body));
        if (Number(body) < 5)
          await held
            .at(0)
            ?.queue<number>("facts")
            .send([Number(body) + 1]);
      };
      await bench(folder, handle, async ({ messages, loop }) => {
        held.push(messages);
        await messages.queue<number>("facts").send([1]);
        await loop.drain();
        assert.deepEqual(seen, [1, 2, 3, 4, 5]);
      });
    }),
  );

  it(
    "is unkind when a test wants it: another order, and some messages twice",
    inFolder(async (folder) => {
      const seen: unknown[] = [];
      const handle: Handle = async (body) => void seen.push(body);
      const unkind = { draw: seeded(7), twiceOneIn: 5 };
      const run = async ({ messages, loop }: Bench): Promise<void> => {
        await messages.queue<number>("facts").send(numbers(100));
        await loop.drain();
        assert.deepEqual([...new Set(seen)].sort(), numbers(100).sort());
        assert.ok(seen.length > 105, `only ${seen.length - 100} came twice`);
        assert.notDeepEqual([...new Set(seen)], numbers(100));
      };
      await bench(folder, handle, run, { unkind });
    }),
  );

  it(
    "puts back what a stage throws at, longer each time",
    inFolder(async (folder) => {
      let tries = 0;
      const handle: Handle = async () => {
        tries += 1;
        if (tries < 3) throw new Error("not yet");
      };
      await bench(folder, handle, async ({ clock, messages, loop, dead }) => {
        await messages.queue<string>("facts").send(["a"]);
        await loop.drain();
        assert.equal(tries, 1);
        const first = messages.nextMs("facts") ?? 0;
        clock.ms += first - 1;
        assert.equal(await loop.drain(), 0);
        clock.ms += 1;
        await loop.drain();
        assert.equal(tries, 2);
        assert.ok((messages.nextMs("facts") ?? 0) > first);
        clock.ms += messages.nextMs("facts") ?? 0;
        await loop.drain();
        assert.deepEqual([tries, messages.nextMs("facts"), dead.length], [3, null, 0]);
      });
    }),
  );

  it(
    "gives a message up after the most receives, keeps it, and tells whose and why",
    inFolder(async (folder) => {
      const handle: Handle = async () => {
        throw new TypeError("a fault of ours");
      };
      await bench(folder, handle, async ({ clock, messages, loop, dead }) => {
        await messages.queue<string>("facts").send(["poison"]);
        for (let round = 0; round < 5; round += 1) {
          await loop.drain();
          clock.ms += 600_000;
        }
        assert.deepEqual(dead, ["facts | about poison | TypeError: a fault of ours"]);
        assert.equal(await deadIn(messages), 1);
        assert.equal(messages.nextMs("facts"), null);
      });
    }),
  );

  it(
    "lets no poisoned message hold up the others",
    inFolder(async (folder) => {
      const seen: unknown[] = [];
      const handle: Handle = async (body) => {
        if (body === 13) throw new Error("poison");
        seen.push(body);
      };
      await bench(folder, handle, async ({ messages, loop }) => {
        await messages.queue<number>("facts").send(numbers(40));
        await loop.drain();
        assert.equal(seen.length, 39);
      });
    }),
  );

  it(
    "works by itself once started, wakes on what is sent, and finishes what it has in hand when stopped",
    inFolder(async (folder) => {
      const seen: unknown[] = [];
      const begun = Promise.withResolvers<void>();
      const finish = Promise.withResolvers<void>();
      const handle: Handle = async (body) => {
        begun.resolve();
        await finish.promise;
        seen.push(body);
      };
      await bench(folder, handle, async ({ messages, loop }) => {
        loop.start();
        await messages.queue<string>("facts").send(["a"]);
        await begun.promise;
        const stopping = loop.stop();
        assert.deepEqual(seen, []);
        finish.resolve();
        await stopping;
        assert.deepEqual(seen, ["a"]);
        assert.equal(messages.nextMs("facts"), null);
      });
    }),
  );

  it(
    "takes in hand no more at a time than a stage wants",
    inFolder(async (folder) => {
      let [inHand, most] = [0, 0];
      const all = Promise.withResolvers<void>();
      let left = 30;
      const handle: Handle = async () => {
        inHand += 1;
        most = Math.max(most, inHand);
        await new Promise((resolve) => setImmediate(resolve));
        inHand -= 1;
        left -= 1;
        if (left === 0) all.resolve();
      };
      await bench(folder, handle, async ({ messages, loop }) => {
        await messages.queue<number>("facts").send(numbers(30));
        loop.start();
        await all.promise;
        assert.equal(most, 4);
      });
    }),
  );
});

describe("a message that takes longer than anybody expected", () => {
  it(
    "is handed out to nobody else meanwhile, counts as in hand, and wakes nobody",
    inFolder(async (folder) => {
      let times = 0;
      const finish = Promise.withResolvers<void>();
      const handle: Handle = async () => {
        times += 1;
        if (times === 1) await finish.promise;
      };
      await bench(folder, handle, async ({ clock, messages, loop }) => {
        await messages.queue<string>("facts").send(["large"]);
        const first = loop.drain();
        clock.ms += 3_600_000;
        assert.equal(await loop.drain(), 0);
        assert.equal(messages.nextMs("facts"), null);
        const [counts] = await messages.counts();
        assert.deepEqual([counts?.waiting, counts?.inFlight], [0, 1]);
        finish.resolve();
        assert.equal(await first, 1);
        assert.equal(times, 1);
      });
    }),
  );
});

describe("a queue whose process died", () => {
  it(
    "has what was in hand for the next process at once",
    inFolder(async (folder) => {
      const clock = new StillClock();
      const store = new Store(join(folder, "store.sqlite"));
      const before = new MessageStore(store, clock);
      await before.queue<string>("facts").send(["a"]);
      before.receive("facts", 1);
      store.commit();
      store.abandon();
      const next = new Store(join(folder, "store.sqlite"));
      const [again] = new MessageStore(next, clock).receive("facts", 1);
      assert.equal(again?.receives, 2);
      next.close();
    }),
  );

  it(
    "still waits with what was sent with a delay",
    inFolder(async (folder) => {
      const clock = new StillClock();
      const store = new Store(join(folder, "store.sqlite"));
      await new MessageStore(store, clock).queue<string>("facts").send(["late"], 60_000);
      store.close();
      const next = new Store(join(folder, "store.sqlite"));
      assert.deepEqual(new MessageStore(next, clock).receive("facts", 1), []);
      next.close();
    }),
  );
});
