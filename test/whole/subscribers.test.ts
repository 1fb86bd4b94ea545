import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Subscriber } from "../../functions/embedded/topics.ts";
import type { Alert } from "../../functions/ports.ts";
import { startWorld, type World } from "../world.ts";

const HOUR = 3_600_000;

const reached = (name: string, got: Alert[]): Subscriber => ({
  name,
  deliver: async (alert) => void got.push(alert),
});

const mistyped: Subscriber = {
  name: "post http://hook.exmaple/",
  deliver: async () => {
    throw new Error("nobody is there");
  },
};

const idsOf = (got: readonly Alert[]): string[] => got.map(({ id }) => id).sort();

/** Plays to these subscribers, then, started again, to those. */
async function restarted(
  before: readonly Subscriber[],
  after: readonly Subscriber[],
  play: (world: World) => Promise<void>,
): Promise<void> {
  const subscribers = [...before];
  const world = await startWorld({ twiceOneIn: 0, parts: { subscribers } });
  try {
    await play(world);
    world.abandon();
    subscribers.splice(0, subscribers.length, ...after);
    await world.open();
    await world.pass(HOUR, 4);
    assert.equal(
      (await world.host.backlog.counts()).find(({ queue }) => queue === "deliveries")?.waiting ?? 0,
      0,
    );
  } finally {
    await world.close();
  }
}

async function strangersRelease(world: World): Promise<void> {
  await world.enrol("lantern", { strict: true });
  await world.settle();
  const files = [{ name: "lantern-1.0.tar.gz", bytes: new TextEncoder().encode("not ours") }];
  world.index.publish({ project: "lantern", version: "1.0", files });
  await world.pass(HOUR);
}

describe("a subscriber whose address was mistyped", () => {
  it("misses no alert once the monitor is started with the right one, and nobody else is told again", async () => {
    const [phone, corrected]: [Alert[], Alert[]] = [[], []];
    const before = [reached("phone", phone), mistyped];
    await restarted(before, [reached("phone", phone), reached("corrected", corrected)], strangersRelease);
    assert.ok(phone.length > 0);
    assert.deepEqual(idsOf(corrected), idsOf(phone));
    assert.equal(new Set(idsOf(phone)).size, phone.length);
  });

  it("is let go when nobody comes instead", async () => {
    const phone: Alert[] = [];
    await restarted([reached("phone", phone), mistyped], [reached("phone", phone)], strangersRelease);
    assert.equal(new Set(idsOf(phone)).size, phone.length);
  });
});
