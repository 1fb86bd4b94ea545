/** Mailboxes that somebody names who is not asked there: what reaches them is a few questions, and nothing else. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createApi } from "../../functions/api/api.ts";
import { hours, minutes } from "../../functions/domain/instants.ts";
import type { ContactAddedAnswer, HistoryAnswer } from "../../functions/records/answers/enrolments.ts";
import { asks, contact, done, pass, pathOf } from "./changing.ts";
import { FaultyWrites, MODES } from "./faulty.ts";
import { watcher } from "./watchers.ts";
import { openWorld, post, SETTINGS, type World } from "./world.ts";

const VICTIM = { kind: "email", address: "victim@six.example" };

/** A watcher who named the victim just now. */
async function scene(through?: Parameters<typeof openWorld>[0]) {
  const world = await openWorld(through);
  const own = await watcher(world);
  const at = `${pathOf(own)}/contacts`;
  const key = own.maintainer;
  const { contact: added } = await done<ContactAddedAnswer>(world, "POST", at, { key, json: VICTIM });
  const again = (of: World = world) => asks(of, "POST", `${at}/${added.id}/ask`, { key });
  return { world, own, at, key, again, id: added.id };
}

suite("a mailbox that somebody named", () => {
  test("is asked a dozen times in a day, by whoever tries each minute, by each way, of each process", async () => {
    const { world, at, key, again } = await scene();
    const other: World = { ...world, app: createApi(world.ports, SETTINGS) };
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      pass(world, minutes(1));
      await again(minute % 2 === 0 ? world : other);
      if (minute % 3 === 0) await done(world, "POST", at, { key, json: VICTIM });
    }
    assert.ok(world.kept.asked.length >= 5, "it is asked again at all");
    assert.ok(world.kept.asked.length <= 12, `${world.kept.asked.length} questions`);
  });

  test("is asked once by twenty who ask at the same time", async () => {
    const { world, again } = await scene();
    pass(world, minutes(1));
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await again()).status));
    assert.deepEqual(statuses.sort(), [200, ...Array(19).fill(429)]);
    assert.equal(world.kept.asked.length, 2);
  });

  test("is asked once by an enrolment that names it ten times", async () => {
    const world = await openWorld();
    const body = JSON.stringify({ project: "six", contacts: Array(10).fill(VICTIM) });
    assert.equal((await post(world, "/v1/enrolments", { key: world.operator, body })).status, 201);
    assert.equal(world.kept.asked.length, 1);
    assert.equal(world.kept.enrolments[0]?.contacts.length, 1);
  });

  test("that confirmed is asked nothing more", async () => {
    const world = await openWorld();
    const own = await watcher(world, { contacts: [contact("pager", world)] });
    pass(world, hours(1));
    await done(world, "POST", `${pathOf(own)}/contacts/pager/ask`, { key: own.maintainer });
    assert.deepEqual(world.kept.asked, []);
  });

  test("is asked by somebody: each question is in the history, with the key", async () => {
    const { world, own, key, again, id } = await scene();
    pass(world, minutes(1));
    await again();
    const { entries } = await done<HistoryAnswer>(world, "GET", `${pathOf(own)}/history`, { key });
    const last = entries.at(-1);
    assert.deepEqual([last?.kind, last?.by], ["asked", key.split("_")[2]]);
    assert.match(last?.what ?? "", new RegExp(id));
  });
});

suite("a question that fails at one write", () => {
  const WRITES = ["ledger.append", "enrolments.put", "durability.flush", "enrolments.addCredential"];

  for (const mode of MODES)
    for (const [index, name] of [...WRITES, "durability.flush"].entries())
      test(`${name} (${index + 1}) ${mode}: is asked again, at the latest after its pause`, async () => {
        const faulty = new FaultyWrites();
        const { world, again } = await scene(faulty.through);
        pass(world, minutes(1));
        faulty.arm({ nth: index + 1, mode });
        assert.equal((await again()).status, 500);
        assert.equal(faulty.names.at(-1), name);
        faulty.arm(null);
        const next = await again();
        if (!next.ok) {
          assert.deepEqual([next.status, next.headers.get("Retry-After")], [429, "60"]);
          pass(world, minutes(1));
          assert.equal((await again()).status, 200);
        }
        assert.ok(world.kept.asked.length >= 2);
        const url = new URL(world.kept.asked.at(-1)?.url ?? "");
        assert.equal((await asks(world, "POST", url.pathname)).status, 200);
        assert.equal(world.kept.unflushed, 0);
      });

  test("has these writes", async () => {
    const faulty = new FaultyWrites();
    const { world, again } = await scene(faulty.through);
    pass(world, minutes(1));
    faulty.arm(null);
    await again();
    assert.deepEqual(faulty.names, [...WRITES, "durability.flush"]);
  });
});
