import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { withEntry } from "../../functions/domain/amendments.ts";
import type { Enrolment } from "../../functions/domain/enrolments.ts";
import { alertId } from "../../functions/domain/findings.ts";
import type { KeyAddedAnswer } from "../../functions/records/answers/enrolments.ts";
import { parseKey } from "../../functions/records/credentials.ts";
import { asks, done, historyOf, passDelay, pathOf, standing } from "./changing.ts";
import { type Scene, scene } from "./crash-scene.ts";
import { MODES } from "./faulty.ts";

const idIn = (key: string): string => parseKey(key)?.id ?? "";

/** What an enrolment comes to, without ids and instants that are another's each time. */
function saidOf({ policy, credentials, contacts, amendments, endedAt }: Enrolment) {
  return {
    policy,
    keys: credentials.map(
      ({ kind, name, endsAt }) => `${kind} ${name} ${endsAt === null ? "stays" : "ends"}`,
    ),
    contacts: contacts.map(({ id, endsAt }) => `${id} ${endsAt === null ? "stays" : "ends"}`),
    pending: amendments.map(({ ask }) => ask.kind),
    endedAt: endedAt === null ? "never" : "then",
  };
}

/** Everything that must be the same however often something failed on the way. */
async function leftBy({ world, own }: Scene) {
  await historyOf(world, own);
  const now = saidOf(standing(world, own));
  passDelay(world);
  const later = saidOf(standing(world, own));
  const { deadlines, changes, unflushed } = world.kept;
  return { now, later, due: deadlines.length, isJudgedAgain: changes.length > 0, unflushed };
}

/** Whatever is in force is in the history, and was told to those before it. */
async function nothingActsUntold({ world, own, from }: Scene): Promise<void> {
  const [first, ...rest] = await historyOf(world, own);
  const stored = world.kept.enrolments.find(({ id }) => id === own.id);
  assert.ok(first?.body.kind === "enrolled" && stored);
  const acting = rest.filter(({ number }) => number <= stored.number);
  assert.deepEqual(stored, acting.reduce(withEntry, first.body.enrolment), "it is not what the history says");
  const alerts = new Set(world.kept.alerts.map(alertId));
  for (const { number, body } of acting) {
    const notices = body.kind === "amended" || body.kind === "cancelled" ? body.notices : [];
    for (const each of number > from ? notices : [])
      assert.ok(alerts.has(alertId(each)), `${each.grounds.note} acts, and nobody was told`);
  }
}

function tryAll(open: () => Promise<Scene>, writes: readonly string[]): void {
  for (const mode of MODES)
    for (const [index, name] of writes.entries())
      test(`${name} (${index + 1}) ${mode}`, async () => {
        const clean = await open();
        assert.ok((await clean.ask()).ok);
        const of = await open();
        of.faulty.arm({ nth: index + 1, mode });
        assert.equal((await of.ask()).status, 500);
        assert.equal(of.faulty.names.at(-1), name);
        await nothingActsUntold(of);
        of.faulty.arm(null);
        const again = await of.ask();
        // What was taken back, or is over, cannot be again; whoever asks is told that it is so.
        assert.ok(again.ok || again.status === 404, String(again.status));
        await nothingActsUntold(of);
        assert.ok(of.world.kept.alerts.length > 0);
        assert.deepEqual(await leftBy(of), await leftBy(clean));
      });

  test("these are all of its writes", async () => {
    const of = await open();
    assert.ok((await of.ask()).ok);
    assert.deepEqual(of.faulty.names, writes);
  });
}

const STORED = "enrolments.put";
const AGAIN = ["changes.send", "durability.flush"];

suite("a change that fails at one write and is asked for again ends as one that did not", () => {
  suite("of the policy, to be quieter later", () => {
    const open = () => scene(() => ["PATCH", "/policy", { graceMinutes: 60 }]);
    tryAll(open, ["ledger.append", "alerts.send", "deadlines.put", STORED, ...AGAIN]);
  });

  suite("of the policy, to be louder at once", () => {
    const open = () => scene(() => ["PATCH", "/policy", { strict: true }]);
    tryAll(open, ["ledger.append", "alerts.send", STORED, ...AGAIN]);
  });

  suite("of the policy, to have files hashed more often", () => {
    const open = () => scene(() => ["PATCH", "/policy", { rehashDays: 1 }]);
    tryAll(open, ["ledger.append", "alerts.send", "deadlines.put", STORED, ...AGAIN]);
  });

  suite("of the policy, both, and in place of what waits", () => {
    const json = { strict: true, graceMinutes: 60 };
    const open = () => scene(() => ["PATCH", "/policy", json], [{ graceMinutes: 30 }]);
    const writes = [
      "ledger.append",
      "ledger.append",
      "alerts.send",
      "deadlines.put",
      "deadlines.clear",
      STORED,
    ];
    tryAll(open, [...writes, ...AGAIN]);
  });

  suite("that revokes a key, with what it asked for", () => {
    const open = () =>
      scene(({ second }) => ["DELETE", `/credentials/${idIn(second)}`], [{ graceMinutes: 60 }]);
    const writes = ["ledger.append", "ledger.append", "alerts.send", "deadlines.clear", STORED];
    tryAll(open, [...writes, ...AGAIN]);
  });

  suite("that takes another back", () => {
    const open = () => scene((_, [id]) => ["DELETE", `/changes/${id}`], [{ graceMinutes: 60 }]);
    tryAll(open, ["ledger.append", "alerts.send", "deadlines.clear", STORED, "durability.flush"]);
  });

  suite("that ends a contact", () => {
    const open = () => scene(() => ["DELETE", "/contacts/pager"]);
    tryAll(open, ["ledger.append", "alerts.send", "deadlines.put", STORED, ...AGAIN]);
  });

  suite("that adds a publisher", () => {
    const json = { provider: "github", repository: "six/six", workflow: "release.yml" };
    const open = () => scene(() => ["POST", "/publishers", json]);
    tryAll(open, ["ledger.append", "alerts.send", "deadlines.put", STORED, ...AGAIN]);
  });

  suite("that ends the watch", () => {
    const open = () => scene(() => ["DELETE", ""]);
    tryAll(open, ["ledger.append", "alerts.send", "deadlines.put", STORED, ...AGAIN]);
  });
});

suite("a key whose answer was lost opens nothing, or is there to be revoked; another is asked for", () => {
  const writes = [
    "enrolments.addCredential",
    "ledger.append",
    "alerts.send",
    "deadlines.put",
    STORED,
    ...AGAIN,
  ];
  const open = () => scene(() => ["POST", "/credentials", { kind: "maintainer", name: "lost" }]);
  for (const mode of MODES)
    for (const [index, name] of writes.entries())
      test(`${name} (${index + 1}) ${mode}`, async () => {
        const of = await open();
        of.faulty.arm({ nth: index + 1, mode });
        assert.equal((await of.ask()).status, 500);
        assert.equal(of.faulty.names.at(-1), name);
        await nothingActsUntold(of);
        of.faulty.arm(null);
        const { key } = (await (await of.ask()).json()) as KeyAddedAnswer;
        await nothingActsUntold(of);
        passDelay(of.world);
        assert.equal((await asks(of.world, "GET", pathOf(of.own), { key })).status, 200);
        const asked = { key: of.own.maintainer };
        for (const { id, name: called } of standing(of.world, of.own).credentials)
          if (called === "lost") await done(of.world, "DELETE", `${pathOf(of.own)}/credentials/${id}`, asked);
        const left = standing(of.world, of.own).credentials.filter(({ endsAt }) => endsAt === null);
        assert.equal(left.length, 3);
      });

  test("these are all of its writes", async () => {
    const of = await open();
    await of.ask();
    assert.deepEqual(of.faulty.names, writes);
  });
});
