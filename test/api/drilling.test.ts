import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Contact } from "../../functions/domain/enrolments.ts";
import { alertId } from "../../functions/domain/findings.ts";
import { minutes } from "../../functions/domain/instants.ts";
import type { DrillAnswer } from "../../functions/records/answers/enrolments.ts";
import { asks, contact, done, historyOf, pass, pathOf, refusal } from "./changing.ts";
import { FaultyWrites, MODES } from "./faulty.ts";
import { watcher } from "./watchers.ts";
import { A, openWorld, post, SDIST } from "./world.ts";

const WRITES = ["ledger.append", "alerts.send", "enrolments.put", "durability.flush"];

/** A watcher with a contact that confirmed and one that did not. */
async function scene(contacts: (confirmed: Contact) => readonly Contact[] = (each) => [each]) {
  const faulty = new FaultyWrites();
  const world = await openWorld(faulty.through);
  const own = await watcher(world, { contacts: contacts(contact("pager", world)) });
  faulty.arm(null);
  const asked = [world, "POST", `${pathOf(own)}/drill`, { key: own.maintainer }] as const;
  return { faulty, world, own, asked };
}

suite("a drill", () => {
  test("is one alert, as grave as they come, in the history with who asked for it", async () => {
    const { world, own, asked } = await scene((each) => [each, { ...each, id: "mute", confirmedAt: null }]);
    const answer = await done<DrillAnswer>(...asked);
    assert.deepEqual(
      answer.contacts.map(({ id, confirmed }) => [id, confirmed]),
      [
        ["pager", true],
        ["mute", false],
      ],
    );
    const [alert, ...more] = world.kept.alerts;
    assert.ok(alert);
    assert.deepEqual(
      [more, alert.verdict, alert.severity, alertId(alert)],
      [[], "drill", "critical", answer.alert],
    );
    const [, entry] = await historyOf(world, own);
    assert.deepEqual(entry?.body, { kind: "drilled", finding: alert, by: own.maintainer.split("_")[2] });
    assert.equal(world.kept.unflushed, 0);
  });

  test("is sent once a minute, to the millisecond", async () => {
    const { world, asked } = await scene();
    await done(...asked);
    pass(world, minutes(1) - 1);
    assert.equal(await refusal(...asked), "too-soon");
    pass(world, 1);
    await done(...asked);
    assert.equal(new Set(world.kept.alerts.map(alertId)).size, 2);
  });

  test("asked for too soon says how long to wait", async () => {
    const { world, asked } = await scene();
    await done(...asked);
    pass(world, 18_000);
    const answer = await asks(...asked);
    assert.deepEqual([answer.status, answer.headers.get("Retry-After")], [429, "42"]);
  });

  test("is sent once, of several asked for at once, also while somebody records", async () => {
    const { world, own, asked } = await scene();
    const record = post(world, "/v1/projects/six/records", { key: own.ci, body: `${A}  ${SDIST}\n` });
    const answers = await Promise.all([asks(...asked), asks(...asked), asks(...asked)]);
    assert.ok((await record).ok);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [202, 429, 429]);
    const kinds = (await historyOf(world, own)).map(({ body }) => body.kind).sort();
    assert.deepEqual(kinds, ["drilled", "enrolled", "recorded"]);
    assert.equal(new Set(world.kept.alerts.map(alertId)).size, 1);
  });

  test("is nobody's but the watcher's own maintainers' to send", async () => {
    const { world, own } = await scene();
    const [neighbour, elsewhere] = [await watcher(world), await watcher(world, { project: "seven" })];
    const before = world.stored();
    for (const [key, code] of [
      [null, "missing-key"],
      [own.ci, "wrong-key-kind"],
      [world.operator, "wrong-key-kind"],
      [neighbour.maintainer, "wrong-project-key"],
      [elsewhere.maintainer, "wrong-project-key"],
    ] as const)
      assert.equal(await refusal(world, "POST", `${pathOf(own)}/drill`, { key }), code);
    assert.equal(world.stored(), before);
  });

  test("that would reach nobody is refused, and not in the history", async () => {
    for (const contacts of [
      () => [],
      (each: Contact) => [{ ...each, confirmedAt: null }],
      (each: Contact) => [{ ...each, endsAt: each.addedAt }],
    ]) {
      const { world, own, asked } = await scene(contacts);
      assert.equal(await refusal(...asked), "no-contact");
      assert.deepEqual([world.kept.alerts.length, (await historyOf(world, own)).length], [0, 1]);
    }
  });

  for (const mode of MODES)
    for (const [index, name] of WRITES.entries())
      test(`whose ${name} failed (${mode}) reaches the contacts when it is asked for again, once`, async () => {
        const { faulty, world, own, asked } = await scene();
        faulty.arm({ nth: index + 1, mode });
        assert.equal((await asks(...asked)).status, 500);
        assert.equal(faulty.names.at(-1), name);
        faulty.arm(null);
        pass(world, 1_000);
        const { status } = await asks(...asked);
        const isStored = index > 0 || mode !== "not stored";
        assert.equal(status, isStored ? 429 : 202);
        assert.equal(new Set(world.kept.alerts.map(alertId)).size, 1);
        assert.equal((await historyOf(world, own)).length, 2);
        assert.equal(world.kept.unflushed, 0);
      });

  test("has these writes", async () => {
    const { faulty, asked } = await scene();
    await done(...asked);
    assert.deepEqual(faulty.names, WRITES);
  });
});
