import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { after, hours } from "../../functions/domain/instants.ts";
import type { EnrolmentAnswer, KeyAddedAnswer } from "../../functions/records/answers/enrolments.ts";
import { parseKey } from "../../functions/records/credentials.ts";
import { anotherKey, asks, contact, done, pass, passDelay, pathOf, refusal, standing } from "./changing.ts";
import { watcher } from "./watchers.ts";
import { A, type Keys, openWorld, QUIETENING_MS, SDIST, type World } from "./world.ts";

const idIn = (key: string): string => parseKey(key)?.id ?? "";
const keyPath = (own: Keys, key: string): string => `${pathOf(own)}/credentials/${idIn(key)}`;

const statusOf = async (world: World, own: Keys, key: string): Promise<number> =>
  (await asks(world, "GET", pathOf(own), { key })).status;

const rotate = (world: World, own: Keys, key: string, by = own.maintainer): Promise<KeyAddedAnswer> =>
  done(world, "POST", `${keyPath(own, key)}/rotate`, { key: by });

const revoke = (world: World, own: Keys, key: string, by = own.maintainer) =>
  done(world, "DELETE", keyPath(own, key), { key: by });

/** A watcher with a contact and a second maintainer key in force: whose is whose, nobody can tell. */
async function twoKeys() {
  const world = await openWorld();
  const own = await watcher(world, { contacts: [contact("pager", world)] });
  const { key: second } = await anotherKey(world, own);
  passDelay(world);
  world.kept.alerts.length = 0;
  // What is due is the sweep's to clear.
  world.kept.deadlines.length = 0;
  return { world, own, second };
}

suite("another key", () => {
  test("is shown once, named as it was asked, and its secret is nowhere", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { key, credential, changes } = await anotherKey(world, own, "ci", "release\u202e job");
    assert.deepEqual(parseKey(key)?.kind, "ci");
    assert.deepEqual(credential, { id: idIn(key), kind: "ci", name: credential.name });
    assert.match(credential.name, /^release\S* job$/);
    assert.doesNotMatch(credential.name, /\u202e/);
    assert.equal(changes[0]?.inForceAt, after(world.kept.now, QUIETENING_MS));
    assert.ok(!world.stored().includes(parseKey(key)?.secret ?? "?"));
    passDelay(world);
    const { credentials } = await done<EnrolmentAnswer>(world, "GET", pathOf(own), { key: own.maintainer });
    assert.deepEqual(credentials.at(-1), {
      ...credential,
      addedAt: world.kept.now,
      endsAt: null,
      lastUsedAt: null,
    });
  });

  test("of kind ci submits once it is in force, and does nothing else", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { key } = await anotherKey(world, own, "ci");
    const submit = () =>
      world.app.request("/v1/projects/six/records", {
        method: "POST",
        headers: { Authorization: `Bearer ${key}` },
        body: `${A}  ${SDIST}\n`,
      });
    assert.equal((await submit()).status, 403);
    passDelay(world);
    assert.equal((await submit()).status, 201);
    assert.equal(await refusal(world, "GET", pathOf(own), { key }), "wrong-key-kind");
  });

  test("is one of twenty at most, those that wait and those asked for at once among them", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const path = `${pathOf(own)}/credentials`;
    const asked = { key: own.maintainer, json: { kind: "ci" } };
    const answers = await Promise.all(Array.from({ length: 25 }, () => asks(world, "POST", path, asked)));
    const counts = [201, 409].map((status) => answers.filter((each) => each.status === status).length);
    assert.deepEqual(counts, [18, 7]);
    assert.equal(await refusal(world, "POST", path, asked), "too-many");
    passDelay(world);
    assert.equal(standing(world, own).credentials.length, 20);
    assert.equal(await refusal(world, "POST", path, asked), "too-many");
    await revoke(world, own, own.ci);
    assert.equal((await asks(world, "POST", path, asked)).status, 201);
  });

  for (const [what, json] of [
    ["of kind operator", { kind: "operator" }],
    ["of kind invitation", { kind: "invitation" }],
    ["of kind contact", { kind: "contact" }],
    ["of no kind", {}],
    ["with an id of one's choice", { kind: "ci", id: "0123456789abcdef" }],
    ["with an over-long name", { kind: "ci", name: "x".repeat(101) }],
  ] as const)
    test(`${what} is refused, and nothing stored`, async () => {
      const world = await openWorld();
      const own = await watcher(world);
      const before = world.stored();
      const answer = await asks(world, "POST", `${pathOf(own)}/credentials`, { key: own.maintainer, json });
      assert.equal(answer.status, 422);
      assert.equal(world.stored(), before);
    });
});

suite("a key that is rotated", () => {
  test("works alone until the delay is over, then for as long again beside the new one", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { key } = await rotate(world, own, own.maintainer);
    const both = async () => [await statusOf(world, own, own.maintainer), await statusOf(world, own, key)];
    for (const [timeMs, statuses] of [
      [QUIETENING_MS - 1, [200, 403]],
      [1, [200, 200]],
      [QUIETENING_MS - 1, [200, 200]],
      [1, [401, 200]],
    ] as const) {
      pass(world, timeMs);
      assert.deepEqual(await both(), statuses);
    }
  });

  test("is followed by one of its kind and name", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { key } = await anotherKey(world, own, "ci", "nightly");
    passDelay(world);
    const { credential } = await rotate(world, own, key);
    assert.deepEqual([credential.kind, credential.name], ["ci", "nightly"]);
  });

  test("stays what it was when that is taken back", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { key, changes } = await rotate(world, own, own.maintainer);
    await done(world, "DELETE", `${pathOf(own)}/changes/${changes[0]?.id}`, { key: own.maintainer });
    pass(world, 3 * QUIETENING_MS);
    assert.deepEqual(
      [await statusOf(world, own, own.maintainer), await statusOf(world, own, key)],
      [200, 401],
    );
  });

  test("must be in force", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { key } = await anotherKey(world, own);
    for (const id of [idIn(key), "0123456789abcdef", "x"])
      assert.equal(
        await refusal(world, "POST", `${pathOf(own)}/credentials/${id}/rotate`, { key: own.maintainer }),
        "no-such-credential",
      );
    await revoke(world, own, own.ci);
    assert.equal(
      await refusal(world, "POST", `${keyPath(own, own.ci)}/rotate`, { key: own.maintainer }),
      "no-such-credential",
    );
  });
});

suite("a key that is revoked", () => {
  test("ends at once, is told, and asked for twice it ended when it did first", async () => {
    const { world, own, second } = await twoKeys();
    const { enrolment, changes } = await revoke(world, own, second);
    assert.deepEqual(
      changes.map(({ kind, inForceAt }) => [kind, inForceAt]),
      [["end-credential", world.kept.now]],
    );
    const endsAt = world.kept.now;
    assert.equal(enrolment.credentials.find(({ id }) => id === idIn(second))?.endsAt, endsAt);
    assert.deepEqual(
      world.kept.alerts.map(({ verdict, to }) => [verdict, to]),
      [["enrolment-changed", ["pager"]]],
    );
    pass(world, hours(1));
    assert.deepEqual((await revoke(world, own, second)).changes, []);
    assert.equal(standing(world, own).credentials.find(({ id }) => id === idIn(second))?.endsAt, endsAt);
  });

  test("takes back whatever it asked for that waits, and leaves what others asked for", async () => {
    const { world, own, second } = await twoKeys();
    const policy = (key: string, json: unknown) =>
      done(world, "PATCH", `${pathOf(own)}/policy`, { key, json });
    await policy(own.maintainer, { graceMinutes: 60 });
    await policy(second, { deadlines: { unseenMinutes: 90 } });
    const path = `${pathOf(own)}/credentials`;
    const { key: third } = await done<KeyAddedAnswer>(world, "POST", path, {
      key: second,
      json: { kind: "ci" },
    });
    await done(world, "DELETE", pathOf(own), { key: second });
    const { enrolment } = await revoke(world, own, second);
    assert.deepEqual(
      enrolment.pending.map(({ by }) => by),
      [idIn(own.maintainer)],
    );
    assert.deepEqual(
      world.kept.deadlines.map(({ file }) => file),
      [...enrolment.pending.map(({ id }) => id)],
    );
    passDelay(world);
    const { policy: now, endedAt } = standing(world, own);
    assert.deepEqual([now.graceMinutes, now.deadlines.unseenMinutes, endedAt], [60, 60, null]);
    assert.equal(await refusal(world, "GET", pathOf(own), { key: third }), "revoked-key");
  });

  test("before it is in force never comes into force, and leaves the one that it was to replace", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { key } = await rotate(world, own, own.ci);
    assert.deepEqual((await revoke(world, own, key)).enrolment.pending, []);
    pass(world, 3 * QUIETENING_MS);
    const ends = standing(world, own).credentials.map(({ id, endsAt }) => [id, endsAt]);
    assert.deepEqual(ends, [
      [idIn(own.maintainer), null],
      [idIn(own.ci), null],
    ]);
  });

  test("is never the last maintainer key, but by the operator's hand", async () => {
    const { world, own, second } = await twoKeys();
    await revoke(world, own, own.maintainer, second);
    const before = world.stored();
    assert.equal(await refusal(world, "DELETE", keyPath(own, second), { key: second }), "last-key");
    assert.equal(world.stored(), before);
    await revoke(world, own, second, world.operator);
    assert.equal(await refusal(world, "GET", pathOf(own), { key: second }), "revoked-key");
  });

  test("may be the last maintainer key only once another one is in force, not while that waits", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { key } = await anotherKey(world, own);
    const asked = { key: own.maintainer };
    assert.equal(await refusal(world, "DELETE", keyPath(own, own.maintainer), asked), "last-key");
    passDelay(world);
    await revoke(world, own, own.maintainer);
    assert.equal(await statusOf(world, own, key), 200);
  });

  test("must be the enrolment's own", async () => {
    const world = await openWorld();
    const [own, other] = [await watcher(world), await watcher(world)];
    for (const key of [own.maintainer, world.operator])
      assert.equal(
        await refusal(world, "DELETE", keyPath(own, other.maintainer), { key }),
        "no-such-credential",
      );
    assert.equal(await statusOf(world, other, other.maintainer), 200);
  });
});

suite("at the same time", () => {
  test("two keys that revoke each other leave one", async () => {
    const { world, own, second } = await twoKeys();
    const answers = await Promise.all([
      asks(world, "DELETE", keyPath(own, second), { key: own.maintainer }),
      asks(world, "DELETE", keyPath(own, own.maintainer), { key: second }),
    ]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401]);
    const left = standing(world, own).credentials.filter(
      ({ kind, endsAt }) => kind === "maintainer" && endsAt === null,
    );
    assert.equal(left.length, 1);
  });

  test("what a key asks for while it is revoked is refused, or taken back with it", async () => {
    for (const order of [0, 1]) {
      const { world, own, second } = await twoKeys();
      const json = { graceMinutes: 60 };
      const both = [
        () => asks(world, "PATCH", `${pathOf(own)}/policy`, { key: second, json }),
        () => asks(world, "DELETE", keyPath(own, second), { key: own.maintainer }),
      ];
      const [policy] = await Promise.all(
        (order === 0 ? both : both.toReversed()).map(async (ask) => (await ask()).status),
      ).then((all) => (order === 0 ? all : all.toReversed()));
      assert.ok(policy === 200 || policy === 401, String(policy));
      assert.deepEqual(standing(world, own).amendments, []);
      passDelay(world);
      assert.equal(standing(world, own).policy.graceMinutes, 15);
    }
  });

  test("two changes of the policy are both made, each once", async () => {
    const { world, own } = await twoKeys();
    const patch = (json: unknown) =>
      asks(world, "PATCH", `${pathOf(own)}/policy`, { key: own.maintainer, json });
    const answers = await Promise.all([
      patch({ strict: true }),
      patch({ graceMinutes: 60 }),
      patch({ graceMinutes: 60 }),
    ]);
    for (const { status } of answers) assert.equal(status, 200);
    assert.equal(standing(world, own).policy.strict, true);
    assert.equal(standing(world, own).amendments.length, 1);
  });
});
