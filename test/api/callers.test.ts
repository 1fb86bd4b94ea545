import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { after, hours } from "../../functions/domain/instants.ts";
import { mintKey, parseKey } from "../../functions/records/credentials.ts";
import { anotherKey, asks, done, pass, passDelay, pathOf, refusal } from "./changing.ts";
import { watcher } from "./watchers.ts";
import { type Keys, openWorld, type World } from "./world.ts";

const idIn = (key: string): string => parseKey(key)?.id ?? "";

/** A token's form, and nothing else of one. */
const TOKEN = `${Buffer.from('{"alg":"RS256"}').toString("base64url")}.e30.c2ln`;

/** What a key opens: its enrolment, if it is a maintainer's. */
const opens = (world: World, own: Keys, key: string) => asks(world, "GET", pathOf(own), { key });
const codeOf = (world: World, own: Keys, key: string) => refusal(world, "GET", pathOf(own), { key });
/** A list that anybody may read; a key that proves nothing is refused there too. */
const codeOnList = (world: World, key: string) =>
  refusal(world, "GET", "/v1/projects/six/enrolments", { key });

suite("a key", () => {
  test("of an id that is not there is refused in the same words as one with a wrong secret", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const wrong = own.maintainer.slice(0, -1) + (own.maintainer.endsWith("0") ? "1" : "0");
    const strange = mintKey("maintainer", { enrolment: own.id, project: "six" }, world.kept.now).key;
    const kind = own.maintainer.replace("cf_maintainer_", "cf_operator_");
    const [first, ...others] = await Promise.all(
      [wrong, strange, kind, "nonsense", "cf_maintainer_x_y"].map(async (key) => {
        const answer = await opens(world, own, key);
        return [answer.status, await answer.text()];
      }),
    );
    assert.equal(first?.[0], 401);
    assert.match(String(first?.[1]), /unknown-key/);
    for (const other of others) assert.deepEqual(other, first);
  });

  test("that was revoked is refused at once, on every route, and says so", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    await done(world, "DELETE", `${pathOf(own)}/credentials/${idIn(own.ci)}`, { key: own.maintainer });
    assert.equal(await codeOf(world, own, own.ci), "revoked-key");
    assert.equal(await codeOnList(world, own.ci), "revoked-key");
    const submission = { key: own.ci, json: {} };
    assert.equal(await refusal(world, "POST", "/v1/projects/six/records", submission), "revoked-key");
    passDelay(world);
    assert.equal(await codeOf(world, own, own.ci), "revoked-key");
  });

  test("that waits says from when on it works, and works from exactly then on", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { key, changes } = await anotherKey(world, own);
    const answer = await opens(world, own, key);
    assert.equal(answer.status, 403);
    const [{ inForceAt } = { inForceAt: "?" }] = changes;
    assert.match(await answer.text(), new RegExp(`pending-key.*${inForceAt}|${inForceAt}.*pending-key`));
    world.kept.now = after(inForceAt, -1);
    assert.equal(await codeOf(world, own, key), "pending-key");
    world.kept.now = inForceAt;
    assert.equal((await opens(world, own, key)).status, 200);
  });

  test("cancelled before it came into force never works, and can be told from one that waits", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { key, changes } = await anotherKey(world, own);
    await done(world, "DELETE", `${pathOf(own)}/changes/${changes[0]?.id}`, { key: own.maintainer });
    assert.equal(await codeOf(world, own, key), "revoked-key");
    passDelay(world);
    assert.equal(await codeOf(world, own, key), "revoked-key");
  });

  test("of an enrolment that ends works until then, and is told of the end afterwards", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    await done(world, "DELETE", pathOf(own), { key: own.maintainer });
    assert.equal((await opens(world, own, own.maintainer)).status, 200);
    passDelay(world);
    assert.equal(await codeOf(world, own, own.maintainer), "enrolment-ended");
    assert.equal(await codeOf(world, own, own.ci), "enrolment-ended");
  });

  test("of an invitation that expired is refused from exactly then on", async () => {
    const world = await openWorld();
    const end = after(world.kept.now, hours(1));
    const { key, credential } = mintKey(
      "invitation",
      { enrolment: null, project: "six" },
      world.kept.now,
      end,
    );
    await world.ports.enrolments.addCredential(credential);
    const asked = { key, json: { project: "six" } };
    world.kept.now = end;
    assert.equal(await refusal(world, "POST", "/v1/enrolments", asked), "expired-key");
    world.kept.now = after(end, -1);
    await done(world, "POST", "/v1/enrolments", asked);
  });

  for (const kind of ["invitation", "contact"] as const)
    test(`of kind ${kind} is nobody where it is not asked for`, async () => {
      const world = await openWorld();
      const own = await watcher(world);
      const enrolment = kind === "contact" ? own.id : null;
      const { key, credential } = mintKey(kind, { enrolment, project: "six" }, world.kept.now);
      await world.ports.enrolments.addCredential(credential);
      const list = await done(world, "GET", "/v1/projects/six/enrolments", { key });
      assert.deepEqual(list, await done(world, "GET", "/v1/projects/six/enrolments"));
      for (const [method, path] of [
        ["GET", ""],
        ["GET", "/history"],
        ["PATCH", "/policy"],
        ["POST", "/credentials"],
        ["DELETE", ""],
        ["POST", "/vouch"],
      ] as const)
        assert.equal(await refusal(world, method, `${pathOf(own)}${path}`, { key }), "wrong-key-kind");
    });

  test("is not made of a CI provider's token", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    assert.equal(await codeOf(world, own, TOKEN), "wrong-key-kind");
    const list = await done(world, "GET", "/v1/projects/six/enrolments", { key: TOKEN });
    assert.deepEqual(list, await done(world, "GET", "/v1/projects/six/enrolments"));
  });

  test("of another enrolment opens nothing of this one", async () => {
    const world = await openWorld();
    const [own, other] = [await watcher(world), await watcher(world)];
    assert.equal(await codeOf(world, own, other.maintainer), "wrong-project-key");
    // Nor does one of the same id at another project: an id is looked for at its project only.
    const stray = await watcher(world, { project: "seven" });
    assert.equal(
      await refusal(world, "GET", pathOf(stray, "six"), { key: stray.maintainer }),
      "wrong-project-key",
    );
    assert.equal(
      await refusal(world, "GET", pathOf(stray, "six"), { key: world.operator }),
      "no-such-enrolment",
    );
  });

  test("that is used is noted, within an hour once", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const usedAt = () => world.kept.credentials.get(idIn(own.maintainer))?.lastUsedAt;
    const from = world.kept.now;
    for (const [timeMs, noted] of [
      [hours(1) - 1, from],
      [1, after(from, hours(1))],
      [hours(1) - 1, after(from, hours(1))],
      [1, after(from, hours(2))],
    ] as const) {
      pass(world, timeMs);
      await opens(world, own, own.maintainer);
      assert.equal(usedAt(), noted);
    }
  });

  test("works where its use cannot be noted", async () => {
    const world = await openWorld((ports) => ({
      ...ports,
      enrolments: { ...ports.enrolments, noteUse: () => Promise.reject(new Error("throttled")) },
    }));
    const own = await watcher(world);
    pass(world, hours(2));
    assert.equal((await opens(world, own, own.maintainer)).status, 200);
  });

  test("that proves nothing is not noted as used", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { key } = await anotherKey(world, own);
    await opens(world, own, key);
    assert.equal(world.kept.credentials.get(idIn(key))?.lastUsedAt, null);
  });
});

suite("an enrolment from before it held its keys", () => {
  test("is opened by the keys that it came with", async () => {
    const world = await openWorld();
    const own = await watcher(world, { credentials: [] });
    assert.equal((await opens(world, own, own.maintainer)).status, 200);
  });

  test("keeps them beside a new one, until they are revoked", async () => {
    const world = await openWorld();
    const own = await watcher(world, { credentials: [] });
    pass(world, hours(5));
    const { key } = await anotherKey(world, own);
    passDelay(world);
    for (const each of [own.maintainer, key]) assert.equal((await opens(world, own, each)).status, 200);
    await done(world, "DELETE", `${pathOf(own)}/credentials/${idIn(own.ci)}`, { key });
    assert.equal(await codeOf(world, own, own.ci), "revoked-key");
    await done(world, "DELETE", `${pathOf(own)}/credentials/${idIn(own.maintainer)}`, { key });
    assert.equal(await codeOf(world, own, own.maintainer), "revoked-key");
  });
});
