import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { inForce, withEntry } from "../../functions/domain/amendments.ts";
import type { Enrolment } from "../../functions/domain/enrolments.ts";
import { alertId } from "../../functions/domain/findings.ts";
import { hours } from "../../functions/domain/instants.ts";
import { brokenAt, invitationsSubject } from "../../functions/domain/ledger.ts";
import type { InvitedAnswer, KeyAddedAnswer } from "../../functions/records/answers/enrolments.ts";
import { parseKey } from "../../functions/records/credentials.ts";
import { anotherKey, asks, contact, done, historyOf, pass, passDelay, pathOf, standing } from "./changing.ts";
import { FaultyWrites, MODES } from "./faulty.ts";
import { watcher } from "./watchers.ts";
import { type Keys, openWorld, QUIETENING_MS, type World } from "./world.ts";

const idIn = (key: string): string => parseKey(key)?.id ?? "";

interface Scene {
  readonly faulty: FaultyWrites;
  readonly world: World;
  readonly own: Keys;
  /** A second maintainer key in force. */
  readonly second: string;
  readonly ask: () => Promise<Response>;
}

type Request = readonly ["POST" | "PATCH" | "DELETE", string, unknown?];

/** A watcher with two keys, what the second one asked for before, and what is asked next. */
async function scene(
  next: (of: Scene, before: readonly string[]) => Request,
  before: readonly unknown[] = [],
) {
  const faulty = new FaultyWrites();
  const world = await openWorld(faulty.through);
  const own = await watcher(world, { contacts: [contact("pager", world)] });
  const { key: second } = await anotherKey(world, own);
  passDelay(world);
  const at = pathOf(own);
  const asked: string[] = [];
  for (const json of before) {
    const { changes } = await done(world, "PATCH", `${at}/policy`, { key: second, json });
    asked.push(...changes.map(({ id }) => id));
  }
  // The use of a key is noted once an hour, which is no part of what is tried here.
  await asks(world, "GET", at, { key: own.maintainer });
  world.kept.alerts.length = 0;
  world.kept.changes.length = 0;
  world.kept.deadlines.splice(0, Infinity, ...world.kept.deadlines.filter(({ due }) => due > world.kept.now));
  faulty.arm(null);
  const of: Scene = { faulty, world, own, second, ask: () => asks(world, "GET", at) };
  const [method, path, json] = next(of, asked);
  return { ...of, ask: () => asks(world, method, `${at}${path}`, { key: own.maintainer, json }) };
}

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
  return { now, later, due: world.kept.deadlines.length, unflushed: world.kept.unflushed };
}

/** Whatever is in force is in the history, was told to those before it, and waited if it must. */
async function nothingActsUntold({ world, own }: Scene): Promise<void> {
  const history = await historyOf(world, own);
  const [first, ...rest] = history;
  assert.ok(first?.body.kind === "enrolled");
  const stored = world.kept.enrolments.find(({ id }) => id === own.id);
  assert.ok(stored);
  const tellable = rest.filter(({ number }) => number <= stored.number);
  const replayed = inForce(tellable.reduce(withEntry, first.body.enrolment), world.kept.now);
  assert.deepEqual(
    { ...standing(world, own), number: 0 },
    { ...replayed, number: 0 },
    "it is not the history's",
  );
  const alerts = new Set(world.kept.alerts.map(alertId));
  for (const { body, at } of tellable) {
    if (at < world.kept.now && alerts.size === 0) continue;
    const notices = body.kind === "amended" || body.kind === "cancelled" ? body.notices : [];
    // What came before the scene was told before it.
    for (const each of notices)
      if (
        each.changedAt >= (world.kept.alerts[0]?.changedAt ?? each.changedAt) &&
        isOfScene(world, each.changedAt)
      )
        assert.ok(alerts.has(alertId(each)), `${each.grounds.note} acts, and nobody was told`);
  }
}

/** The scene begins once the second key is in force. */
const isOfScene = ({ kept }: World, at: string): boolean => {
  const began =
    [...kept.credentials.values()]
      .map(({ lastUsedAt }) => lastUsedAt ?? "")
      .sort()
      .at(-1) ?? "";
  return at >= began;
};

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

suite("an invitation that fails at one write works for nobody, or is written down; another is made", () => {
  const writes = ["ledger.append", "enrolments.addCredential", "durability.flush"];
  for (const mode of MODES)
    for (const [index, name] of writes.entries())
      test(`${name} (${index + 1}) ${mode}`, async () => {
        const faulty = new FaultyWrites();
        const world = await openWorld(faulty.through);
        const asked = { key: world.operator, json: { project: "six" } };
        await asks(world, "GET", "/v1/projects/six/enrolments", asked);
        await asks(world, "POST", "/v1/invitations", { key: world.operator, json: {} });
        faulty.arm({ nth: index + 1, mode });
        assert.equal((await asks(world, "POST", "/v1/invitations", asked)).status, 500);
        assert.equal(faulty.names.at(-1), name);
        faulty.arm(null);
        const { invitation } = await done<InvitedAnswer>(world, "POST", "/v1/invitations", asked);
        const entries = await world.ports.ledger.read(invitationsSubject("six"));
        assert.equal(brokenAt(entries), null);
        const told = entries.map(({ body }) => (body.kind === "invited" ? body.credential : ""));
        for (const { id, kind } of world.kept.credentials.values())
          assert.ok(kind !== "invitation" || told.includes(id));
        await done(world, "POST", "/v1/enrolments", { key: invitation, json: { project: "six" } });
      });

  test("these are all of its writes", async () => {
    const faulty = new FaultyWrites();
    const world = await openWorld(faulty.through);
    await asks(world, "POST", "/v1/invitations", { key: world.operator, json: {} });
    faulty.arm(null);
    await done(world, "POST", "/v1/invitations", { key: world.operator, json: { project: "six" } });
    assert.deepEqual(faulty.names, writes);
  });
});

suite("an enrolment by invitation that fails at one write", () => {
  const writes = ["ledger.append", "enrolments.add", "deadlines.putIfAbsent", ...AGAIN];

  async function invitedWorld() {
    const faulty = new FaultyWrites();
    const world = await openWorld(faulty.through);
    const asked = { key: world.operator, json: { project: "six" } };
    const { invitation: key } = await done<InvitedAnswer>(world, "POST", "/v1/invitations", asked);
    // Used, in vain.
    await asks(world, "POST", "/v1/enrolments", { key, json: {} });
    faulty.arm(null);
    const enrol = () => asks(world, "POST", "/v1/enrolments", { key, json: { project: "six" } });
    return { faulty, world, enrol, asked };
  }

  for (const mode of MODES)
    for (const [index, name] of writes.entries())
      test(`${name} (${index + 1}) ${mode}: is written down if it is there, and lets in one at most`, async () => {
        const { faulty, world, enrol, asked } = await invitedWorld();
        faulty.arm({ nth: index + 1, mode });
        assert.equal((await enrol()).status, 500);
        assert.equal(faulty.names.at(-1), name);
        faulty.arm(null);
        for (const { id } of world.kept.enrolments)
          assert.equal((await historyOf(world, { id }))[0]?.body.kind, "enrolled");
        const isUsed = world.kept.enrolments.length === 1;
        assert.equal((await enrol()).status, isUsed ? 401 : 201);
        assert.equal(world.kept.enrolments.length, 1);
        if (!isUsed) return;
        // The keys are lost: the operator invites again, and ends what nobody has keys of.
        const { invitation } = await done<InvitedAnswer>(world, "POST", "/v1/invitations", asked);
        await done(world, "POST", "/v1/enrolments", { key: invitation, json: { project: "six" } });
        const [lost] = world.kept.enrolments;
        assert.ok(lost);
        await done(world, "DELETE", pathOf(lost), { key: world.operator });
        passDelay(world);
        assert.notEqual(standing(world, lost).endedAt, null);
        assert.equal(
          world.kept.deadlines.some(({ kind }) => kind === "page"),
          true,
        );
      });

  test("these are all of its writes", async () => {
    const { faulty, enrol } = await invitedWorld();
    assert.equal((await enrol()).status, 201);
    assert.deepEqual(faulty.names, writes);
  });
});
