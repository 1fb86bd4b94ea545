import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { HostParts } from "../../bin/host.ts";
import { startWorld, type World } from "../world.ts";

const MANY = 5_000;
const FRESH = "lantern-1.0.tar.gz";
const HOUR = 3_600_000;

/** Fetches by file, in order; `when` is called once, as soon as so many of the many were asked for. */
function noting(order: string[], at: number, when: () => void) {
  return (index: HostParts["index"]): HostParts["index"] => ({
    ...index,
    files: {
      fetch: async (ask) => {
        order.push(ask.url.split("/").at(-1) ?? "");
        if (order.length === at) when();
        return index.files.fetch(ask);
      },
    },
  });
}

const publishMany = (world: World): void => {
  const files = Array.from({ length: MANY }, (_, each) => ({
    name: `moth-1.${each}.tar.gz`,
    bytes: new TextEncoder().encode(String(each)),
  }));
  world.index.publish({ project: "moth", version: "1.0", files });
};

const publishFresh = (world: World): void =>
  void world.index.publish({
    project: "lantern",
    version: "1.0",
    files: [{ name: FRESH, bytes: new TextEncoder().encode(FRESH) }],
  });

/** Up to where its baseline is fixed, and everything on it waits to be fetched. */
async function enrolMany(world: World): Promise<void> {
  await world.enrol("moth", {});
  await world.settle();
  world.clock.ms += 1_000;
}

/** More than all that can be in hand at once, and far from the thousands that wait. */
const IN_HAND = 50;

describe("thousands of files that wait", () => {
  for (const [what, before] of [
    ["a baseline", enrolMany],
    [
      "a sweep that finds everything due",
      async (world: World) => {
        await enrolMany(world);
        await world.host.loop.drain();
        world.clock.ms += 8 * 24 * HOUR;
        await world.host.sweep();
      },
    ],
  ] as const)
    it(`of ${what} do not delay a fresh upload's alert`, async (t) => {
      const order: string[] = [];
      let [since, alertedAfter, uploaded] = [0, -1, false];
      const upload = (): void => {
        since = order.length;
        uploaded = true;
        publishFresh(world);
        void world.host.poll();
      };
      const deliver = async (alert: {
        readonly finding: { readonly file: string | null };
      }): Promise<void> => {
        if (alert.finding.file === FRESH && alertedAfter < 0) alertedAfter = order.length - since;
      };
      const begins = what === "a baseline" ? 100 : MANY + 50;
      const world = await startWorld({
        settings: { sweepPerSecond: 0 },
        parts: { subscribers: [{ name: "test", deliver }] },
        around: noting(order, begins, upload),
      });
      t.after(() => world.close());
      await world.settle();
      publishMany(world);
      await world.enrol("lantern", { graceMinutes: 0 });
      await world.settle();
      await world.pass(1_000, 1);
      await before(world);
      await world.host.loop.drain();
      assert.ok(uploaded);
      const fetchedAfter = order.indexOf(FRESH) - since;
      assert.ok(fetchedAfter >= 0 && fetchedAfter < IN_HAND, `fetched after ${fetchedAfter} others`);
      assert.ok(alertedAfter >= 0 && alertedAfter < 2 * IN_HAND, `told after ${alertedAfter} others`);
      const waited = order.length - since;
      assert.ok(waited > 300, `only ${waited} were waiting`);
    });
});
