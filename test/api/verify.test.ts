import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { DEFAULT_POLICY } from "../../functions/domain/policy.ts";
import type { ArtifactRow } from "../../functions/domain/view.ts";
import type { Cursor } from "../../functions/ports.ts";
import { VerifyAnswer } from "../../functions/records/answers/verify.ts";
import { row } from "./rows.ts";
import { watcher } from "./watchers.ts";
import { A, assertRefused, B, openWorld, post, SDIST, WHEEL, type World } from "./world.ts";

const RECORDS = "/v1/projects/six/records";
const PATH = "/v1/projects/six/verify";
const SECRET = "six-1.18.0.tar.gz";

const asked = async (world: World, body: string, key: string | null = null): Promise<Response> => {
  const answer = await post(world, PATH, { key, body, accept: "application/json" });
  assert.equal(answer.status, 200);
  return answer;
};

const told = async (world: World, body = `${A}  ${SDIST}\n`, key: string | null = null) => {
  const answer = VerifyAnswer.parse(await (await asked(world, body, key)).json());
  const [file] = answer.files;
  assert.ok(file);
  return { ...file, answers: file.enrolments.map((each) => each.answer), coverage: answer.coverage };
};

const textOf = async (world: World, body = `${A}  ${SDIST}\n`): Promise<string> =>
  (await post(world, PATH, { body, accept: "*/*" })).text();

const seeing = (at: string): Cursor => ({
  epoch: 1,
  serial: 10,
  from: 1,
  polledAt: at,
  caughtUpAt: at,
  blind: null,
  intervals: [],
  unknownActions: 0,
  lagSeconds: 1,
  moves: 1,
});

/** A world whose index shows the sdist; `chosen` watches it. */
async function shownWorld(chosen: Parameters<typeof watcher>[1] = {}, spoiled: Partial<ArtifactRow> = {}) {
  const world = await openWorld();
  world.kept.cursor = seeing(world.kept.now);
  const keys = await watcher(world, chosen);
  await world.ports.view.put([row({ enrolment: keys.id, ...spoiled })]);
  const record = async (digest: string, key = keys.maintainer, file = SDIST): Promise<void> => {
    assert.ok((await post(world, RECORDS, { key, body: `${digest}  ${file}\n` })).ok);
  };
  return { world, keys, record };
}

suite("a file that somebody holds", () => {
  test("is ok where a maintainer recorded it, and the words say what that would not have caught", async () => {
    const { world, keys, record } = await shownWorld();
    await record(A);
    const { answer, why, enrolments, published } = await told(world);
    assert.deepEqual([answer, published], ["ok", "same"]);
    assert.match(why, /A maintainer's key recorded it at .* Would not have caught: that key in other hands/);
    assert.match(why, /last hashed at 2026-11-22T11:00:00\.000Z/);
    const [word] = enrolments;
    assert.deepEqual(
      [word?.enrolment, word?.authority, word?.recorded.map(({ digest }) => digest)],
      [keys.id, "maintainer", [`sha256:${A}`]],
    );
    assert.match(
      await textOf(world),
      new RegExp(`^${SDIST}: OK .*The index publishes the same bytes\\.\\n$`),
    );
  });

  test("matches what CI said, and is never called more", async () => {
    const { world, keys, record } = await shownWorld();
    await record(A, keys.ci);
    const { answer, why } = await told(world);
    assert.equal(answer, "ok");
    assert.match(why, /^Matches what CI recorded at .*no maintainer has confirmed it/);
    assert.doesNotMatch(why, /verified/i);
  });

  test("by CI alone is unrecorded for a watcher who confirms with a maintainer's key", async () => {
    const policy = { ...DEFAULT_POLICY, silencedBy: "maintainer" } as const;
    const { world, keys, record } = await shownWorld({ policy });
    await record(A, keys.ci);
    const { answer, why } = await told(world);
    assert.equal(answer, "unrecorded");
    assert.match(why, /CI recorded it, but/);
    assert.match(await textOf(world), /: UNKNOWN .*\nWARNING: of 1 of 1 nothing can be said\n$/);
  });

  test("differs from what is on record, and fails", async () => {
    const { world, record } = await shownWorld();
    await record(B);
    const { answer, why, published } = await told(world);
    assert.deepEqual([answer, published], ["differs", "same"]);
    assert.match(why, new RegExp(`On record is sha256:${B}`));
    assert.match(await textOf(world), /: FAILED .*\nWARNING: 1 of 1 are NOT what was recorded\n$/);
  });

  test("fails where it is contested, also for the digest that is on record", async () => {
    const { world, keys, record } = await shownWorld();
    await record(A);
    await record(B, keys.ci);
    for (const digest of [A, B]) {
      const { answer, why } = await told(world, `${digest}  ${SDIST}\n`);
      assert.equal(answer, "differs");
      assert.match(why, /Contested/);
    }
  });

  test("is unrecorded where the record was withdrawn, and where there never was one", async () => {
    const { world, keys, record } = await shownWorld();
    assert.equal((await told(world)).answer, "unrecorded");
    await record(A);
    const body = JSON.stringify({ file: SDIST, digest: A });
    await post(world, `${RECORDS}/withdraw`, { key: keys.maintainer, body });
    const { answer, enrolments } = await told(world);
    assert.deepEqual([answer, enrolments[0]?.recorded], ["unrecorded", []]);
  });

  const PUBLISHED: readonly [what: string, spoiled: Partial<ArtifactRow>, published: string][] = [
    ["the same bytes", {}, "same"],
    ["other bytes", { observed: `sha256:${B}` }, "other"],
    ["what it merely declares to be the same", { observed: null }, "unknown"],
    ["nothing of that name any more", { listed: false, standing: "removed" }, "gone"],
  ];
  for (const [what, spoiled, published] of PUBLISHED)
    test(`is told beside it that the index publishes ${what}`, async () => {
      const { world } = await shownWorld({}, spoiled);
      assert.equal((await told(world)).published, published);
    });

  test("whose copy on the index is called wrong is said to be", async () => {
    const { world, record } = await shownWorld({}, { verdict: "substituted" });
    await record(A);
    assert.match((await told(world)).why, /`substituted`: look at the findings/);
  });

  test("is told with the time since when the monitor is blind", async () => {
    const { world, record } = await shownWorld();
    await record(A);
    assert.equal((await told(world)).coverage.blind, null);
    world.kept.cursor = null;
    world.kept.position = { day: "", spentBytes: 0, startedAt: "2026-11-22T10:00:00.000Z", told: null };
    const { coverage } = await told(world);
    assert.equal(coverage.blind?.since, "2026-11-22T10:00:00.000Z");
    assert.match(await textOf(world), /WARNING: the monitor is blind/);
  });
});

suite("strangers who enrol by themselves", () => {
  /** The developer recorded A; a stranger what they like. */
  async function strangeWorld(says: string, developerSays: string | null = A) {
    const { world, record } = await shownWorld();
    if (developerSays !== null) await record(developerSays);
    const stranger = await watcher(world, { selfClaimed: true });
    await world.ports.view.put([row({ enrolment: stranger.id })]);
    await record(says, stranger.maintainer);
    return { world, stranger };
  }

  test("cannot make a right file look wrong", async () => {
    const { world } = await strangeWorld(B);
    const { answer, answers } = await told(world);
    assert.deepEqual([answer, answers], ["ok", ["ok", "differs"]]);
  });
  test("cannot make a wrong file look right", async () => {
    const { world } = await strangeWorld(B);
    const { answer, answers } = await told(world, `${B}  ${SDIST}\n`);
    assert.deepEqual([answer, answers], ["differs", ["differs", "ok"]]);
  });
  test("say nothing where nobody else does, and their own word says that anybody could have", async () => {
    const { world, stranger } = await strangeWorld(B, null);
    const { answer, enrolments } = await told(world, `${B}  ${SDIST}\n`);
    assert.equal(answer, "unrecorded");
    const theirs = enrolments.find(({ enrolment }) => enrolment === stranger.id);
    assert.equal(theirs?.answer, "ok");
    assert.match(theirs?.why ?? "", /anybody could have enrolled/);
  });
  test("make nothing known where they are all alone", async () => {
    const { world } = await shownWorld({ selfClaimed: true });
    const [stranger] = world.kept.enrolments;
    assert.ok(stranger);
    await world.ports.records.append([{ ...recordOf(stranger.id), digest: `sha256:${A}` }]);
    const { answer, why } = await told(world);
    assert.deepEqual([answer, /nobody has vouched/.test(why)], ["unknown", true]);
    assert.match(await textOf(world), /: UNKNOWN /);
  });
});

const recordOf = (enrolment: string) =>
  ({
    enrolment,
    project: "six",
    file: SDIST,
    release: "1.17.0",
    authority: "maintainer",
    credential: "key-1",
    recordedAt: "2026-11-22T11:00:00.000Z",
    manifest: null,
    signers: [],
    withdrawnAt: null,
  }) as const;

suite("a file that no page has shown", () => {
  /** The answer's every byte, with the name asked for made one and the same. */
  const whole = async (world: World, file: string, key: string | null, accept: string): Promise<string> => {
    const answer = await post(world, PATH, { key, body: `${A}  ${file}\n`, accept });
    const headers = [...answer.headers].filter(([name]) => name !== "x-request-id");
    return JSON.stringify([answer.status, headers, (await answer.text()).replaceAll(file, "NAME")]);
  };

  async function embargoedWorld() {
    const shown = await shownWorld();
    const { world, keys, record } = shown;
    const other = await watcher(world);
    await record(A, keys.maintainer, SECRET);
    const expected = { standing: "expected", verdict: null, everListed: false, listed: false } as const;
    await world.ports.view.put([row({ enrolment: keys.id, file: SECRET, ...expected })]);
    return { ...shown, other };
  }

  test("is answered for whoever does not own its record as one that nobody ever heard of, to the byte", async () => {
    const { world, keys, other } = await embargoedWorld();
    const unheard = "six-1.19.0.tar.gz";
    for (const key of [null, keys.ci, other.maintainer])
      for (const accept of ["application/json", "text/plain"])
        assert.equal(await whole(world, SECRET, key, accept), await whole(world, unheard, key, accept));
  });

  test("is answered to its own maintainer and to the operator", async () => {
    const { world, keys } = await embargoedWorld();
    for (const key of [keys.maintainer, world.operator]) {
      const { answer, published } = await told(world, `${A}  ${SECRET}\n`, key);
      assert.deepEqual([answer, published], ["ok", "unknown"]);
    }
  });

  test("is not even read for strangers, so that no time tells", async () => {
    const reads: string[] = [];
    const world = await openWorld((ports) => ({
      ...ports,
      records: {
        ...ports.records,
        ofFile: (enrolment, file) => {
          reads.push(file);
          return ports.records.ofFile(enrolment, file);
        },
      },
    }));
    const keys = await watcher(world);
    await world.ports.view.put([row({ enrolment: keys.id })]);
    await told(world, `${A}  ${SECRET}\n${A}  ${SDIST}\n`);
    assert.deepEqual(reads, [SDIST]);
  });
});

suite("what is asked", () => {
  test("needs no key and may be signed by anybody", async () => {
    const { world } = await shownWorld();
    const armored = "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n";
    assert.equal((await told(world, `${A}  ${SDIST}\n${armored}`)).answer, "unrecorded");
  });
  test("stores nothing", async () => {
    const { world } = await shownWorld();
    const before = world.stored();
    await told(world);
    assert.equal(world.stored(), before);
  });
  test("answers several files, each in its line", async () => {
    const { world, record } = await shownWorld();
    await record(A);
    const lines = (await textOf(world, `${A}  ${SDIST}\n${B}  ${WHEEL}\n`)).split("\n");
    assert.deepEqual(
      lines.slice(0, 2).map((line) => line.replace(/ {2}.*/, "")),
      [`${SDIST}: OK`, `${WHEEL}: UNKNOWN`],
    );
  });
  test("of more files than an answer may hold is refused with how many it may", async () => {
    const { world } = await shownWorld();
    for (let count = 0; count < 9; count += 1) await watcher(world);
    const body = (files: number) =>
      Array.from({ length: files }, (_, index) => `${A}  six-${index}.tar.gz\n`).join("");
    await assertRefused(await post(world, PATH, { body: body(201) }), {
      code: "too-many-files",
      status: 422,
    });
    assert.equal((await post(world, PATH, { body: body(200) })).status, 200);
  });
  test("of a project that nobody watches is refused", async () => {
    const answer = await post(await openWorld(), PATH, { body: `${A}  ${SDIST}\n` });
    await assertRefused(answer, { code: "not-enrolled", status: 404 });
  });
  test("leaves out a watcher whose watch has ended", async () => {
    const { world, record } = await shownWorld();
    await record(A);
    await watcher(world, { endedAt: world.kept.now });
    assert.deepEqual((await told(world)).answers, ["ok"]);
  });
});
