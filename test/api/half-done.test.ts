import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { hours } from "../../functions/domain/instants.ts";
import { parseKey } from "../../functions/records/credentials.ts";
import { asks, done, historyOf, pass, passDelay, pathOf, standing } from "./changing.ts";
import { scene } from "./crash-scene.ts";
import { QUIETENING_MS } from "./world.ts";

const idIn = (key: string): string => parseKey(key)?.id ?? "";

suite("what a crash left half done", () => {
  /** A change that is in the history and was neither told nor stored. */
  async function halfDone(json: unknown) {
    const of = await scene(() => ["PATCH", "/policy", json]);
    of.faulty.arm({ nth: 2, mode: "not stored" });
    assert.equal((await of.ask()).status, 500);
    of.faulty.arm(null);
    assert.equal(of.world.kept.alerts.length, 0);
    return of;
  }

  test("is completed by the next change, whoever asks for what, with its notices", async () => {
    const of = await halfDone({ strict: true, graceMinutes: 60 });
    const { world, own } = of;
    await done(world, "DELETE", `${pathOf(own)}/credentials/${idIn(own.ci)}`, { key: of.second });
    const told = world.kept.alerts.map(({ grounds }) => grounds.note?.replace(/[.:].*/, ""));
    assert.deepEqual(told, ["Policy", "Key revoked"]);
    assert.equal(standing(world, own).policy.strict, true);
  });

  test("is completed by one that is refused, too", async () => {
    const of = await halfDone({ strict: true });
    const path = `${pathOf(of.own)}/changes/none`;
    assert.equal((await asks(of.world, "DELETE", path, { key: of.own.maintainer })).status, 404);
    assert.equal(of.world.kept.alerts.length, 1);
    assert.equal(standing(of.world, of.own).policy.strict, true);
  });

  for (const [when, timeMs] of [
    ["after its instant", QUIETENING_MS],
    ["so late that hardly anything of the delay is left", hours(23)],
  ] as const)
    test(`and would make the monitor quieter is taken back when it is found ${when}`, async () => {
      const of = await halfDone({ graceMinutes: 60 });
      const { world, own } = of;
      pass(world, timeMs);
      assert.equal(standing(world, own).policy.graceMinutes, 15);
      await done(world, "PATCH", `${pathOf(own)}/policy`, { key: own.maintainer, json: { frozen: true } });
      assert.deepEqual(
        world.kept.alerts.map(({ state }) => state),
        ["open", "resolved", "open"],
      );
      passDelay(world);
      assert.equal(standing(world, own).policy.graceMinutes, 15);
      await historyOf(world, own);
    });

  test("and asked for again in time comes at the instant that was said first", async () => {
    const of = await halfDone({ graceMinutes: 60 });
    pass(of.world, hours(1));
    assert.ok((await of.ask()).ok);
    assert.equal(of.world.kept.alerts.length, 1);
    pass(of.world, QUIETENING_MS - hours(1));
    assert.equal(standing(of.world, of.own).policy.graceMinutes, 60);
  });

  test("by a revocation keeps the revoked key from asking for anything", async () => {
    const of = await scene(({ second }) => ["DELETE", `/credentials/${idIn(second)}`]);
    of.faulty.arm({ nth: 2, mode: "not stored" });
    assert.equal((await of.ask()).status, 500);
    of.faulty.arm(null);
    const asked = { key: of.second, json: { graceMinutes: 60 } };
    assert.equal((await asks(of.world, "PATCH", `${pathOf(of.own)}/policy`, asked)).status, 401);
    assert.deepEqual(standing(of.world, of.own).amendments, []);
    // And by asking they completed it.
    assert.equal(of.world.kept.alerts.length, 1);
    assert.equal((await asks(of.world, "GET", pathOf(of.own), { key: of.second })).status, 401);
  });
});
