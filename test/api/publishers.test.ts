import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createApi } from "../../functions/api/api.ts";
import { hours } from "../../functions/domain/instants.ts";
import type { PublisherAddedAnswer } from "../../functions/records/answers/enrolments.ts";
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
import { watcher } from "./watchers.ts";
import { type Keys, openWorld, QUIETENING_MS, SETTINGS, type World } from "./world.ts";

const GITHUB = "https://token.actions.githubusercontent.com";
const JOB = { provider: "github", repository: "octo/six", workflow: "release.yml" };

const publishersPath = (own: Keys): string => `${pathOf(own)}/publishers`;

const add = (world: World, own: Keys, json: object = JOB): Promise<PublisherAddedAnswer> =>
  done<PublisherAddedAnswer>(world, "POST", publishersPath(own), { key: own.maintainer, json });

const end = (world: World, own: Keys, id: string) =>
  done(world, "DELETE", `${publishersPath(own)}/${id}`, { key: own.maintainer });

const believed = (world: World, own: Keys): string[] =>
  standing(world, own).publishers.flatMap(({ id, endsAt }) => (endsAt === null ? [id] : []));

describe("adding a publisher", () => {
  it("waits, is told at once to the contacts there are, and counts from its instant on", async () => {
    const world = await openWorld();
    const own = await watcher(world, { contacts: [contact("pager", world)] });
    const { publisher, changes } = await add(world, own, { ...JOB, name: "release job", ownerId: "4711" });
    const { id, addedAt: _, ...said } = publisher;
    assert.deepEqual(said, {
      ...JOB,
      issuer: GITHUB,
      ownerId: "4711",
      ref: null,
      environment: null,
      name: "release job",
      endsAt: null,
    });
    assert.deepEqual(
      changes.map(({ kind, askedAt, inForceAt }) => [kind, Date.parse(inForceAt) - Date.parse(askedAt)]),
      [["add-publisher", QUIETENING_MS]],
    );
    assert.equal(toldOf(world).length, 1);
    assert.ok(toldOf(world)[0]?.startsWith(`open to pager: New CI publisher: octo/six at ${GITHUB}.`));
    pass(world, QUIETENING_MS - 1);
    assert.deepEqual(believed(world, own), []);
    pass(world, 1);
    assert.deepEqual(believed(world, own), [id]);
  });

  it("a second time, however it is written, waiting or in force, answers the same", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const first = await add(world, own);
    pass(world, hours(1));
    const page = { repository: "https://github.com/octo/six.git", workflow: ".github/workflows/release.yml" };
    assert.deepEqual(await add(world, own, page), first);
    passDelay(world);
    const { publisher, changes } = await add(world, own, { ...JOB, name: "another name" });
    assert.deepEqual([publisher.id, changes], [first.publisher.id, []]);
    assert.equal((await historyOf(world, own)).filter(({ body }) => body.kind === "amended").length, 1);
    assert.notEqual((await add(world, own, { ...JOB, environment: "pypi" })).publisher.id, publisher.id);
  });

  it("refuses what no job fits, what every job fits, and whoever nobody believes", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const before = world.stored();
    for (const [json, code] of [
      [{ ...JOB, workflow: undefined }, "bad-publisher"],
      [{ ...JOB, workflow: undefined, ref: "refs/heads/*" }, "bad-publisher"],
      [{ ...JOB, repository: "octo" }, "bad-publisher"],
      [{ ...JOB, repository: "octo/../six" }, "bad-publisher"],
      [{ ...JOB, issuer: "https://evil.example" }, "bad-publisher"],
      [{ ...JOB, repository: "https://evil.example/octo/six" }, "bad-publisher"],
      [{ ...JOB, ownerId: "octo" }, "bad-publisher"],
      [{ ...JOB, provider: "jenkins" }, "bad-request"],
      [{ ...JOB, name: "x".repeat(101) }, "bad-request"],
      [{ ...JOB, repo: "octo/six" }, "unknown-field"],
    ] as const)
      assert.equal(
        await refusal(world, "POST", publishersPath(own), { key: own.maintainer, json }),
        code,
        JSON.stringify(json),
      );
    assert.equal(world.stored(), before);
  });

  it("takes an issuer that the operator believes, and no other", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const issuer = "https://gitlab.six.example";
    const json = { provider: "gitlab", issuer, repository: "octo/six", ref: "refs/tags/v*" };
    assert.equal(
      await refusal(world, "POST", publishersPath(own), { key: own.maintainer, json }),
      "bad-publisher",
    );
    const settings = { ...SETTINGS, issuers: [{ provider: "gitlab", issuer }] as const };
    const believing = { ...world, app: createApi(world.ports, settings) };
    assert.equal((await add(believing, own, json)).publisher.issuer, issuer);
  });

  it("has room for twenty, those that wait counted; one that is taken back makes room", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const jobs = Array.from({ length: 20 }, (_, nth) => ({ ...JOB, workflow: `release-${nth}.yml` }));
    for (const job of jobs.slice(0, 10)) await add(world, own, job);
    passDelay(world);
    const added: string[] = [];
    for (const job of jobs.slice(10)) added.push((await add(world, own, job)).publisher.id);
    const oneMore = { key: own.maintainer, json: JOB };
    assert.equal(await refusal(world, "POST", publishersPath(own), oneMore), "too-many");
    await end(world, own, added[0] ?? "");
    await done(world, "POST", publishersPath(own), oneMore);
  });

  const tried = async (nth: number, mode: (typeof MODES)[number]) => {
    const faulty = new FaultyWrites();
    const world = await openWorld(faulty.through);
    const own = await watcher(world, { contacts: [contact("pager", world)] });
    faulty.arm({ nth, mode });
    const { status } = await asks(world, "POST", publishersPath(own), { key: own.maintainer, json: JOB });
    const writes = faulty.names.length;
    faulty.arm(null);
    return { world, own, status, writes };
  };

  for (const mode of MODES)
    it(`that fails at one write and is repeated has one, told of: ${mode}`, async () => {
      const { writes } = await tried(Infinity, mode);
      assert.ok(writes >= 5, `only ${writes} writes`);
      for (let nth = 1; nth <= writes; nth += 1) {
        const { world, own, status } = await tried(nth, mode);
        assert.equal(status, 500);
        const { publisher, changes } = await add(world, own);
        assert.equal(changes.length, 1, `write ${nth}`);
        assert.equal(toldOf(world).length, 1);
        assert.equal(world.kept.unflushed, 0);
        passDelay(world);
        assert.deepEqual(believed(world, own), [publisher.id]);
      }
    });
});

describe("ending a publisher", () => {
  it("acts at once, and a second time changes nothing", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { publisher } = await add(world, own);
    passDelay(world);
    const { changes } = await end(world, own, publisher.id);
    assert.deepEqual(
      changes.map(({ kind, askedAt, inForceAt }) => [kind, inForceAt === askedAt]),
      [["end-publisher", true]],
    );
    const at = world.kept.now;
    assert.deepEqual(believed(world, own), []);
    pass(world, hours(1));
    assert.deepEqual((await end(world, own, publisher.id)).changes, []);
    assert.equal(standing(world, own).publishers[0]?.endsAt, at);
  });

  it("that a thief added and that waits still takes it back, and tells so", async () => {
    const world = await openWorld();
    const own = await watcher(world, { contacts: [contact("pager", world)] });
    const { publisher } = await add(world, own, { ...JOB, repository: "thief/six" });
    await end(world, own, publisher.id);
    assert.ok(
      toldOf(world).some((said) => said.startsWith("resolved to pager: New CI publisher: thief/six")),
    );
    passDelay(world);
    assert.deepEqual(believed(world, own), []);
    assert.deepEqual(standing(world, own).publishers, []);
  });

  it("is for those that are there", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const path = `${publishersPath(own)}/0123456789abcdef`;
    assert.equal(await refusal(world, "DELETE", path, { key: own.maintainer }), "no-such-publisher");
  });
});

describe("publishers", () => {
  it("are nobody's but the watcher's own maintainers' to change, and nothing happens to them", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { publisher } = await add(world, own);
    const [neighbour, elsewhere] = [await watcher(world), await watcher(world, { project: "seven" })];
    const before = world.stored();
    for (const [method, path, json] of [
      ["POST", publishersPath(own), { ...JOB, workflow: "other.yml" }],
      ["DELETE", `${publishersPath(own)}/${publisher.id}`, undefined],
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

  it("of another enrolment are not there", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { publisher } = await add(world, own);
    const neighbour = await watcher(world);
    const path = `${publishersPath(neighbour)}/${publisher.id}`;
    assert.equal(await refusal(world, "DELETE", path, { key: neighbour.maintainer }), "no-such-publisher");
    assert.equal(standing(world, own).amendments.length, 1);
  });
});
