import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import { hours } from "../../functions/domain/instants.ts";
import { Keygen, type Pair } from "../records/ssh/keygen.ts";
import {
  asks,
  contact,
  done,
  historyOf,
  pass,
  passDelay,
  pathOf,
  refusal,
  standing,
  toldOf,
} from "./changing.ts";
import { FaultyWrites, MODES } from "./faulty.ts";
import { add, allowed, end, newLine, signerPath } from "./signing-keys.ts";
import { watcher } from "./watchers.ts";
import { A, type Keys, openWorld, post, QUIETENING_MS, SDIST, type World } from "./world.ts";

const keygen = new Keygen();
after(() => keygen.end());

const registered = (world: World, own: Keys): string[] =>
  standing(world, own).signers.flatMap(({ fingerprint, endsAt }) => (endsAt === null ? [fingerprint] : []));

/** The signed body is submitted with this key as bearer. */
const submit = (world: World, bearer: string, pair: Pair): Promise<Response> => {
  const body = `${A}  ${SDIST}\n`;
  return post(world, "/v1/projects/six/records", { key: bearer, body: body + keygen.sign(pair, body) });
};

describe("registering a signing key", () => {
  it("waits, is told at once to the contacts there are, and counts from its instant on", async () => {
    const world = await openWorld();
    const own = await watcher(world, { contacts: [contact("pager", world)] });
    const { fingerprint, line, type, blob } = newLine("alice@six.example");
    const { signer, changes } = await add(world, own, line);
    assert.deepEqual(
      [signer.fingerprint, signer.type, signer.blob, signer.name],
      [fingerprint, type, blob, "alice@six.example"],
    );
    assert.deepEqual(
      changes.map(({ kind, askedAt, inForceAt }) => [kind, Date.parse(inForceAt) - Date.parse(askedAt)]),
      [["add-signer", QUIETENING_MS]],
    );
    assert.equal(toldOf(world).length, 1);
    assert.ok(toldOf(world)[0]?.startsWith(`open to pager: New signing key: ssh-ed25519 ${fingerprint}.`));
    pass(world, QUIETENING_MS - 1);
    assert.deepEqual(registered(world, own), []);
    pass(world, 1);
    assert.deepEqual(registered(world, own), [fingerprint]);
    assert.equal(standing(world, own).signers[0]?.addedAt, world.kept.now);
  });

  it("a second time, waiting or in force, answers the same and asks for nothing", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { line, fingerprint } = newLine("first");
    const first = await add(world, own, line);
    pass(world, hours(1));
    assert.deepEqual(await add(world, own, `${line} and again`), first);
    passDelay(world);
    const { signer, changes } = await add(world, own, line);
    assert.deepEqual([signer.fingerprint, signer.name, changes], [fingerprint, "first", []]);
    assert.equal((await historyOf(world, own)).filter(({ body }) => body.kind === "amended").length, 1);
  });

  it("takes of a comment a hundred harmless characters", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { signer } = await add(world, own, newLine(`\u202ealice\u001b[2J ${"x".repeat(500)}`).line);
    assert.equal(signer.name.length, 100);
    assert.doesNotMatch(signer.name, /\p{C}/u);
  });

  it("refuses what is no public key, and repeats nothing of a private one", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const before = world.stored();
    const secret = keygen.make("ed25519");
    const lines: readonly string[] = [
      readFileSync(secret.path, "utf8"),
      "hello",
      newLine().line.slice(0, -12),
      `${newLine().line}\n${newLine().line}`,
      "ssh-dss AAAAB3NzaC1kc3MAAACBAO",
    ];
    for (const key of lines) {
      const answer = await asks(world, "POST", `${pathOf(own)}/signers`, {
        key: own.maintainer,
        json: { key },
      });
      const text = await answer.text();
      assert.deepEqual([answer.status, /"code":"bad-signer"/.test(text)], [422, true], text);
      assert.ok(!text.includes(key.split("\n")[1] ?? "nothing"));
    }
    assert.equal(world.stored(), before);
  });

  it("has room for twenty, those that wait counted; a revoked one makes room", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const lines = Array.from({ length: 20 }, () => newLine());
    for (const { line } of lines.slice(0, 10)) await add(world, own, line);
    passDelay(world);
    for (const { line } of lines.slice(10)) await add(world, own, line);
    const oneMore = { key: own.maintainer, json: { key: newLine().line } };
    assert.equal(await refusal(world, "POST", `${pathOf(own)}/signers`, oneMore), "too-many");
    await end(world, own, lines[0]?.fingerprint ?? "");
    await done(world, "POST", `${pathOf(own)}/signers`, oneMore);
  });

  it("after it was revoked waits as long as any, and shows no end it does not have", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { line, fingerprint } = newLine();
    await add(world, own, line);
    passDelay(world);
    await end(world, own, fingerprint);
    const { signer, changes } = await add(world, own, line);
    assert.deepEqual([signer.endsAt, changes.length], [null, 1]);
    assert.deepEqual(registered(world, own), []);
    passDelay(world);
    assert.deepEqual(registered(world, own), [fingerprint]);
  });

  const tried = async (line: string, nth: number, mode: (typeof MODES)[number]) => {
    const faulty = new FaultyWrites();
    const world = await openWorld(faulty.through);
    const own = await watcher(world, { contacts: [contact("pager", world)] });
    faulty.arm({ nth, mode });
    const asked = { key: own.maintainer, json: { key: line } };
    const { status } = await asks(world, "POST", `${pathOf(own)}/signers`, asked);
    const writes = faulty.names.length;
    faulty.arm(null);
    return { world, own, status, writes };
  };

  for (const mode of MODES)
    it(`that fails at one write and is repeated has one, told of: ${mode}`, async () => {
      const { line, fingerprint } = newLine();
      const { writes } = await tried(line, Infinity, mode);
      assert.ok(writes >= 5, `only ${writes} writes`);
      for (let nth = 1; nth <= writes; nth += 1) {
        const { world, own, status } = await tried(line, nth, mode);
        assert.equal(status, 500);
        const { changes } = await add(world, own, line);
        assert.equal(changes.length, 1, `write ${nth}`);
        assert.equal(standing(world, own).amendments.length, 1);
        assert.equal(toldOf(world).length, 1);
        assert.equal(world.kept.deadlines.filter(({ kind }) => kind === "terms").length, 1);
        assert.equal(world.kept.unflushed, 0);
        passDelay(world);
        assert.deepEqual(registered(world, own), [fingerprint]);
      }
    });
});

describe("a thief with one maintainer key who registers a signing key", () => {
  it("signs nothing with it for a day, and loses it when it is taken back or revoked", async () => {
    for (const take of ["change", "signer"] as const) {
      const world = await openWorld();
      const own = await watcher(world, { contacts: [contact("pager", world)] });
      const thief = keygen.make("ed25519");
      const { changes } = await add(world, own, thief.line);
      pass(world, QUIETENING_MS - hours(1));
      const early = await submit(world, own.ci, thief);
      assert.deepEqual([early.status, /signer-pending/.test(await early.text())], [403, true]);
      if (take === "signer") await end(world, own, thief.fingerprint);
      else await done(world, "DELETE", `${pathOf(own)}/changes/${changes[0]?.id}`, { key: own.maintainer });
      passDelay(world);
      const late = await submit(world, own.ci, thief);
      assert.deepEqual([late.status, /unknown-signer|revoked-signer/.test(await late.text())], [403, true]);
      assert.ok(!(await allowed(world, own)).includes(thief.line.split(" ")[1] ?? ""));
      assert.ok(toldOf(world).some((said) => said.startsWith("resolved to pager")));
      assert.deepEqual(world.kept.records, []);
    }
  });
});

describe("revoking a signing key", () => {
  it("acts at once, by any fingerprint in a URL, and a second time changes nothing", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    let odd = newLine();
    while (!(odd.fingerprint.includes("/") && odd.fingerprint.includes("+"))) odd = newLine();
    await add(world, own, odd.line);
    passDelay(world);
    const { changes } = await end(world, own, odd.fingerprint);
    assert.deepEqual(
      changes.map(({ kind, askedAt, inForceAt }) => [kind, inForceAt === askedAt]),
      [["end-signer", true]],
    );
    assert.deepEqual(registered(world, own), []);
    const at = world.kept.now;
    pass(world, hours(1));
    assert.deepEqual((await end(world, own, odd.fingerprint)).changes, []);
    assert.equal(standing(world, own).signers[0]?.endsAt, at);
  });

  it("is for those that are registered, in full", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { line, fingerprint } = newLine();
    await add(world, own, line);
    for (const wrong of [fingerprint.slice(0, -1), fingerprint.toLowerCase(), "x", newLine().fingerprint])
      assert.equal(
        await refusal(world, "DELETE", signerPath(own, wrong), { key: own.maintainer }),
        "no-such-signer",
      );
    assert.equal(standing(world, own).amendments.length, 1);
  });
});

describe("signing keys", () => {
  it("are nobody's but the watcher's own maintainers' to change, and nothing happens to them", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { line, fingerprint } = newLine();
    await add(world, own, line);
    const [neighbour, elsewhere] = [await watcher(world), await watcher(world, { project: "seven" })];
    const before = world.stored();
    for (const [method, path, json] of [
      ["POST", `${pathOf(own)}/signers`, { key: newLine().line }],
      ["DELETE", signerPath(own, fingerprint), undefined],
    ] as const)
      for (const [key, code] of [
        [null, "missing-key"],
        [own.ci, "wrong-key-kind"],
        [world.operator, "wrong-key-kind"],
        [neighbour.maintainer, "wrong-project-key"],
        [elsewhere.maintainer, "wrong-project-key"],
      ] as const)
        assert.equal(await refusal(world, method, path, { key, json }), code, `${method} ${path}`);
    assert.equal(world.stored(), before);
  });
});
