import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { ApiPorts } from "../../functions/api/seams.ts";
import { A, B, enrolled, openWorld, post, SDIST, WHEEL, type World } from "./world.ts";

type Mode = "not stored" | "stored, but the answer was lost";

/** Fails one write, the `nth` from when it is armed; and counts them all. */
class FaultyWrites {
  count = 0;
  failing: { readonly nth: number; readonly mode: Mode } | null = null;

  async write<T>(store: () => Promise<T>): Promise<T> {
    this.count += 1;
    if (this.failing?.nth !== this.count) return store();
    if (this.failing.mode !== "not stored") await store();
    throw new Error(`write ${this.count} failed`);
  }

  readonly through = (ports: ApiPorts): ApiPorts => ({
    ...ports,
    enrolments: {
      ...ports.enrolments,
      add: (...asked) => this.write(() => ports.enrolments.add(...asked)),
      put: (...asked) => this.write(() => ports.enrolments.put(...asked)),
    },
    records: { ...ports.records, append: (...asked) => this.write(() => ports.records.append(...asked)) },
    ledger: { ...ports.ledger, append: (...asked) => this.write(() => ports.ledger.append(...asked)) },
    deadlines: {
      ...ports.deadlines,
      putIfAbsent: (...asked) => this.write(() => ports.deadlines.putIfAbsent(...asked)),
      put: (...asked) => this.write(() => ports.deadlines.put(...asked)),
      clear: (...asked) => this.write(() => ports.deadlines.clear(...asked)),
    },
    queues: {
      changes: { now: { send: (...asked) => this.write(() => ports.queues.changes.now.send(...asked)) } },
      alerts: { send: (...asked) => this.write(() => ports.queues.alerts.send(...asked)) },
    },
    durability: { flush: () => this.write(() => ports.durability.flush()) },
  });
}

const RECORD_WRITES = 4;
const ENROL_WRITES = 5;
const VOUCH_WRITES = 4;
const MODES: readonly Mode[] = ["not stored", "stored, but the answer was lost"];
const BODY = `${A}  ${SDIST}\n${B}  ${WHEEL}\n`;

const vouchPath = (id: string): string => `/v1/projects/six/enrolments/${id}/vouch`;

/** What a submission leaves, whatever happened on the way: what is recorded, and what the history tells of it. */
async function leftBy(world: World, enrolment: string) {
  const history = await world.ports.ledger.read(`enrolment/${enrolment}`);
  const told = history.flatMap(({ body }) => (body.kind === "recorded" ? body.records : []));
  const named = new Set(world.kept.changes.flatMap(({ files }) => files));
  return {
    recorded: world.kept.records.map(({ file, digest }) => [file, digest]),
    told: told.map(({ file, digest }) => [file, digest]),
    named: [...named],
  };
}

const EXPECTED = {
  recorded: [
    [SDIST, `sha256:${A}`],
    [WHEEL, `sha256:${B}`],
  ],
  told: [
    [SDIST, `sha256:${A}`],
    [WHEEL, `sha256:${B}`],
  ],
  named: [SDIST, WHEEL],
};

suite("a submission that fails at one write and is repeated ends as one that did not", () => {
  for (const mode of MODES)
    for (let nth = 1; nth <= RECORD_WRITES; nth += 1)
      test(`write ${nth} ${mode}`, async () => {
        const faulty = new FaultyWrites();
        const world = await openWorld(faulty.through);
        const { maintainer: key, id } = await enrolled(world);
        Object.assign(faulty, { count: 0, failing: { nth, mode } });
        const failed = await post(world, "/v1/projects/six/records", { key, body: BODY });
        assert.equal(failed.status, 500);
        assert.equal(faulty.count, nth);
        faulty.failing = null;
        const repeated = await post(world, "/v1/projects/six/records", { key, body: BODY });
        assert.ok(repeated.ok);
        assert.deepEqual(await leftBy(world, id), EXPECTED);
        assert.equal(world.kept.unflushed, 0);
      });

  test(`it has ${RECORD_WRITES} writes, all tried above`, async () => {
    const faulty = new FaultyWrites();
    const world = await openWorld(faulty.through);
    const { maintainer: key } = await enrolled(world);
    faulty.count = 0;
    await post(world, "/v1/projects/six/records", { key, body: BODY });
    assert.equal(faulty.count, RECORD_WRITES);
  });
});

suite("an enrolment that fails at one write and is repeated leaves the project on the road", () => {
  for (const mode of MODES)
    for (let nth = 1; nth <= ENROL_WRITES; nth += 1)
      test(`write ${nth} ${mode}`, async () => {
        const faulty = new FaultyWrites();
        faulty.failing = { nth, mode };
        const world = await openWorld(faulty.through);
        const asked = { key: world.operator, body: '{"project": "six"}' };
        assert.equal((await post(world, "/v1/enrolments", asked)).status, 500);
        faulty.failing = null;
        const { id } = await enrolled(world);
        assert.equal((await world.ports.ledger.read(`enrolment/${id}`)).length, 1);
        assert.equal(world.kept.deadlines.length, 1);
        assert.ok(world.kept.changes.some(({ reason }) => reason === "enrolment"));
        assert.equal(world.kept.unflushed, 0);
      });
});

suite("a vouching that fails at one write and is repeated ends as one that did not", () => {
  const claimedWorld = async () => {
    const faulty = new FaultyWrites();
    const world = await openWorld(faulty.through, "open");
    const { id } = await enrolled(world, "six", null);
    faulty.count = 0;
    return { faulty, world, id, vouch: () => post(world, vouchPath(id), { key: world.operator }) };
  };
  for (const mode of MODES)
    for (let nth = 1; nth <= VOUCH_WRITES; nth += 1)
      test(`write ${nth} ${mode}`, async () => {
        const { faulty, world, id, vouch } = await claimedWorld();
        faulty.failing = { nth, mode };
        assert.equal((await vouch()).status, 500);
        // What the history does not tell has not taken effect.
        const told = async () =>
          (await world.ports.ledger.read(`enrolment/${id}`)).filter(({ body }) => body.kind === "vouched");
        if (world.kept.enrolments[0]?.vouchedAt !== null) assert.equal((await told()).length, 1);
        faulty.failing = null;
        assert.equal((await vouch()).status, 200);
        assert.equal((await told()).length, 1);
        assert.equal(world.kept.enrolments[0]?.vouchedAt, world.kept.now);
        // Its wish to have files hashed more often counts from now on.
        assert.deepEqual(
          world.kept.deadlines.map(({ kind }) => kind),
          ["page", "pace"],
        );
        assert.equal(world.kept.unflushed, 0);
      });

  test(`it has ${VOUCH_WRITES} writes, all tried above`, async () => {
    const { faulty, vouch } = await claimedWorld();
    await vouch();
    assert.equal(faulty.count, VOUCH_WRITES);
  });
});

test("two submissions at once both end up in the ledger, each once", async () => {
  const world = await openWorld();
  const { maintainer, ci, id } = await enrolled(world);
  const path = "/v1/projects/six/records";
  const answers = await Promise.all([
    post(world, path, { key: maintainer, body: `${A}  ${SDIST}\n` }),
    post(world, path, { key: ci, body: `${B}  ${WHEEL}\n` }),
  ]);
  assert.deepEqual(
    answers.map(({ status }) => status),
    [201, 201],
  );
  assert.deepEqual((await leftBy(world, id)).told.toSorted(), EXPECTED.told.toSorted());
});
