import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { alertId, type Finding } from "../../functions/domain/findings.ts";
import { after } from "../../functions/domain/instants.ts";
import { artifactSubject } from "../../functions/domain/ledger.ts";
import { FindingsAnswer } from "../../functions/records/answers/findings.ts";
import { finding, row } from "./rows.ts";
import { watcher } from "./watchers.ts";
import { A, B, get, jsonOf, openWorld, post, SDIST, WHEEL, type World } from "./world.ts";

const PATH = "/v1/projects/six/records";
const FINDINGS = "/v1/projects/six/findings";
const C = "c".repeat(64);

async function contestedWorld() {
  const world = await openWorld();
  const keys = await watcher(world);
  const record = async (digest: string, key = keys.maintainer, file = SDIST): Promise<void> => {
    world.kept.now = after(world.kept.now, 1_000);
    assert.ok((await post(world, PATH, { key, body: `${digest}  ${file}\n` })).ok);
  };
  const withdraw = async (digest: string): Promise<void> => {
    world.kept.now = after(world.kept.now, 1_000);
    const body = JSON.stringify({ file: SDIST, digest });
    assert.ok((await post(world, `${PATH}/withdraw`, { key: keys.maintainer, body })).ok);
  };
  return { world, keys, record, withdraw };
}

const told = async ({ ports }: World, file = SDIST): Promise<Finding[]> =>
  (await ports.ledger.read(artifactSubject("six", file))).flatMap(({ body }) =>
    body.kind === "told" && body.finding.verdict === "record-contested" ? body.finding : [],
  );

/** What a subscriber gets: an alert is sent until it is published, and always under the same id. */
const alerts = ({ kept }: World): string[] => {
  const contests = kept.alerts.filter(({ verdict }) => verdict === "record-contested");
  const byId = new Map(contests.map((each) => [alertId(each), each]));
  return [...byId.values()].map(({ state, opening }) => `${state} ${opening}`);
};

suite("a file with several digests on record", () => {
  test("is told as a warning, in its own history, to alert and in the view, with who did it", async () => {
    const { world, keys, record } = await contestedWorld();
    await record(A);
    assert.deepEqual(alerts(world), []);
    await record(B, keys.ci);
    const [found] = await told(world);
    const { verdict, severity, topic, state, enrolment, file, release, to } = found ?? finding();
    assert.deepEqual(
      [verdict, severity, topic, state, enrolment, file, release, to],
      ["record-contested", "warning", "findings", "open", keys.id, SDIST, "1.17.0", null],
    );
    assert.deepEqual(
      found?.grounds.recorded.map(({ digest, authority }) => [digest, authority]),
      [
        [`sha256:${A}`, "maintainer"],
        [`sha256:${B}`, "ci"],
      ],
    );
    assert.deepEqual(world.kept.alerts, [found]);
    const entry = (await world.ports.ledger.read(artifactSubject("six", SDIST))).at(-1);
    assert.deepEqual(world.kept.findings.get(found?.id ?? ""), { finding: found, number: entry?.number });
    const ci = keys.enrolment.credentials.find(({ kind }) => kind === "ci");
    assert.ok(entry?.body.kind === "told");
    assert.equal(entry.body.by, ci?.id);
  });

  test("is told once for each set of digests, whoever submits again", async () => {
    const { world, keys, record } = await contestedWorld();
    for (const digest of [A, B, B, A]) await record(digest);
    await record(A, keys.ci);
    assert.equal((await told(world)).length, 1);
    await record(C);
    const [two, three] = await told(world);
    assert.notEqual(three?.id, two?.id);
    await record(B);
    assert.equal((await told(world)).length, 2);
  });

  test("is told again, under another alert, when a digest was withdrawn and came again", async () => {
    const { world, record, withdraw } = await contestedWorld();
    await record(A);
    await record(B);
    await withdraw(B);
    await record(A);
    assert.deepEqual(alerts(world), ["open 1"]);
    await record(B);
    await record(B);
    assert.deepEqual(alerts(world), ["open 1", "open 2"]);
  });

  test("is told again after somebody resolved it, but only by a digest that came since", async () => {
    const { world, record, withdraw } = await contestedWorld();
    await record(A);
    await record(B);
    const [found] = await told(world);
    const path = `/v1/projects/six/findings/${found?.id}/resolve`;
    assert.equal(
      (await post(world, path, { key: world.operator, body: '{"note": "both ours"}' })).status,
      200,
    );
    await record(B);
    assert.equal((await told(world)).at(-1)?.state, "resolved");
    await withdraw(B);
    await record(B);
    const last = (await told(world)).at(-1);
    assert.deepEqual([last?.state, last?.opening, last?.resolvedBy], ["open", 2, null]);
  });

  test("names the key that did it to its own watcher and the operator only", async () => {
    const { world, keys, record } = await contestedWorld();
    const stranger = await watcher(world);
    await record(A);
    await record(B, keys.ci);
    await world.ports.view.put([row({ enrolment: keys.id })]);
    const byTo = async (key: string | null): Promise<unknown[]> => {
      const { findings } = FindingsAnswer.parse(await jsonOf(await get(world, FINDINGS, { key })));
      return findings.map(({ verdict, grounds }) => [verdict, grounds.by]);
    };
    const [, ci] = keys.enrolment.credentials;
    assert.ok(ci?.kind === "ci");
    for (const key of [null, stranger.maintainer, keys.ci])
      assert.deepEqual(await byTo(key), [["record-contested", undefined]]);
    for (const key of [keys.maintainer, world.operator])
      assert.deepEqual(await byTo(key), [["record-contested", ci.id]]);
  });

  test("is contested for its own watcher only", async () => {
    const { world, record } = await contestedWorld();
    const other = await watcher(world);
    await record(A);
    await record(B, other.maintainer);
    assert.deepEqual(await told(world), []);
  });

  test("is found by whichever of two submissions at once is told second", async () => {
    const { world, keys } = await contestedWorld();
    const submit = (key: string, digest: string) => post(world, PATH, { key, body: `${digest}  ${SDIST}\n` });
    await Promise.all([submit(keys.maintainer, A), submit(keys.ci, B)]);
    assert.equal((await told(world)).length, 1);
  });

  test("says nothing of the other files of the same submission", async () => {
    const { world, keys, record } = await contestedWorld();
    await record(A);
    await post(world, PATH, { key: keys.maintainer, body: `${B}  ${SDIST}\n${B}  ${WHEEL}\n` });
    assert.deepEqual(await told(world, WHEEL), []);
    assert.equal((await told(world)).length, 1);
  });
});
