import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { after } from "../../functions/domain/instants.ts";
import type { EnrolmentAnswer } from "../../functions/records/answers/enrolments.ts";
import {
  anotherKey,
  asks,
  contact,
  done,
  historyOf,
  pass,
  passDelay,
  pathOf,
  refusal,
  standing,
} from "./changing.ts";
import { watcher } from "./watchers.ts";
import { openWorld, QUIETENING_MS } from "./world.ts";

/** A watcher with a contact, and the end of their watch asked for. */
async function ending(by: "maintainer" | "operator" = "maintainer") {
  const world = await openWorld();
  const own = await watcher(world, { contacts: [contact("pager", world)] });
  const key = by === "operator" ? world.operator : own.maintainer;
  const answer = await done(world, "DELETE", pathOf(own), { key });
  return { world, own, answer, key };
}

suite("the end of a watch", () => {
  for (const by of ["maintainer", "operator"] as const)
    test(`asked for by the ${by} comes after the delay, to the millisecond, and is told at once`, async () => {
      const { world, own, answer } = await ending(by);
      const due = after(world.kept.now, QUIETENING_MS);
      assert.deepEqual(
        answer.changes.map(({ kind, inForceAt }) => [kind, inForceAt]),
        [["end-enrolment", due]],
      );
      assert.deepEqual(
        world.kept.alerts.map(({ verdict, severity, to }) => [verdict, severity, to]),
        [["enrolment-changed", "warning", ["pager"]]],
      );
      assert.deepEqual(
        world.kept.deadlines.map((each) => each.due),
        [due],
      );
      world.kept.now = after(due, -1);
      assert.equal(standing(world, own).endedAt, null);
      world.kept.now = due;
      assert.equal(standing(world, own).endedAt, due);
    });

  test("asked for again comes when it was to come first", async () => {
    const { world, own, answer, key } = await ending();
    pass(world, QUIETENING_MS - 1);
    const again = await done(world, "DELETE", pathOf(own), { key });
    assert.deepEqual([again.changes, again.enrolment.pending], [[], answer.changes]);
    pass(world, 1);
    assert.notEqual(standing(world, own).endedAt, null);
  });

  test("is taken back by the watcher, and by the operator", async () => {
    for (const by of ["maintainer", "operator"] as const) {
      const { world, own, answer } = await ending();
      const key = by === "operator" ? world.operator : own.maintainer;
      await done(world, "DELETE", `${pathOf(own)}/changes/${answer.changes[0]?.id}`, { key });
      passDelay(world);
      assert.equal(standing(world, own).endedAt, null);
    }
  });

  test("leaves the enrolment to be read by the operator, and changed by nobody", async () => {
    const { world, own } = await ending();
    passDelay(world);
    const read = await done<EnrolmentAnswer>(world, "GET", pathOf(own), { key: world.operator });
    assert.equal(read.endedAt, world.kept.now);
    for (const [method, path] of [
      ["PATCH", "/policy"],
      ["POST", "/credentials"],
      ["DELETE", ""],
    ] as const)
      assert.equal(
        await refusal(world, method, pathOf(own) + path, { key: own.maintainer, json: {} }),
        "enrolment-ended",
      );
    const again = await done(world, "DELETE", pathOf(own), { key: world.operator });
    assert.deepEqual(again.changes, []);
  });
});

suite("a change that waits", () => {
  test("of another enrolment cannot be taken back, nor be told from none", async () => {
    const world = await openWorld();
    const [own, other] = [await watcher(world), await watcher(world)];
    const { changes } = await anotherKey(world, other);
    for (const id of [changes[0]?.id, "0123456789abcdef"])
      for (const key of [own.maintainer, world.operator])
        assert.equal(
          await refusal(world, "DELETE", `${pathOf(own)}/changes/${id}`, { key }),
          "no-such-change",
        );
    assert.equal(standing(world, other).amendments.length, 1);
  });

  test("is taken back once, by however many at once", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { changes } = await anotherKey(world, own);
    const path = `${pathOf(own)}/changes/${changes[0]?.id}`;
    const answers = await Promise.all(
      [own.maintainer, world.operator, own.maintainer].map((key) => asks(world, "DELETE", path, { key })),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 404, 404]);
    const cancelled = (await historyOf(world, own)).filter(({ body }) => body.kind === "cancelled");
    assert.equal(cancelled.length, 1);
  });

  test("taken back while its instant comes is gone, as the answer says", async () => {
    let tick = () => {};
    const world = await openWorld((ports) => ({
      ...ports,
      // The clock goes on between deciding and writing.
      ledger: {
        ...ports.ledger,
        append(...asked) {
          tick();
          return ports.ledger.append(...asked);
        },
      },
    }));
    const own = await watcher(world);
    const key = own.maintainer;
    const json = { graceMinutes: 60 };
    const { changes } = await done(world, "PATCH", `${pathOf(own)}/policy`, { key, json });
    pass(world, QUIETENING_MS - 1);
    tick = () => pass(world, 2);
    const path = `${pathOf(own)}/changes/${changes[0]?.id}`;
    const { enrolment } = await done(world, "DELETE", path, { key });
    assert.equal(enrolment.policy.graceMinutes, 15);
    passDelay(world);
    assert.equal(standing(world, own).policy.graceMinutes, 15);
  });
});
