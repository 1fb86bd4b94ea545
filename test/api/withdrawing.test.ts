import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import type { ApiPorts } from "../../functions/api/seams.ts";
import { isLive } from "../../functions/domain/enrolments.ts";
import { alertId } from "../../functions/domain/findings.ts";
import { after } from "../../functions/domain/instants.ts";
import { artifactSubject, enrolmentSubject } from "../../functions/domain/ledger.ts";
import { liveAfter, sameness } from "../../functions/domain/records.ts";
import type { WithdrawnAnswer } from "../../functions/records/answers/records.ts";
import { watcher } from "./watchers.ts";
import { A, assertRefused, B, jsonOf, openWorld, post, SDIST, type World } from "./world.ts";

const RECORDS = "/v1/projects/six/records";
const PATH = `${RECORDS}/withdraw`;
const asked = (digest = A, reason?: string): string => JSON.stringify({ file: SDIST, digest, reason });

async function recordedWorld() {
  const world = await openWorld();
  const keys = await watcher(world);
  for (const key of [keys.maintainer, keys.ci]) await post(world, RECORDS, { key, body: `${A}  ${SDIST}\n` });
  world.kept.changes.length = 0;
  return { world, keys };
}

suite("a withdrawal", () => {
  test("takes back every record of the digest, is told, and has the file judged again", async () => {
    const { world, keys } = await recordedWorld();
    const answer = await post(world, PATH, { key: keys.maintainer, body: asked(A, "wrong build") });
    assert.equal(answer.status, 200);
    const { withdrawn, ...said } = await jsonOf<WithdrawnAnswer>(answer);
    assert.deepEqual([said.file, said.digest, said.enrolment], [SDIST, `sha256:${A}`, keys.id]);
    assert.match(said.next, /Nothing is on record/);
    assert.deepEqual(withdrawn.map(({ authority, withdrawnAt }) => [authority, withdrawnAt]).sort(), [
      ["ci", world.kept.now],
      ["maintainer", world.kept.now],
    ]);
    assert.deepEqual(world.kept.records.filter(isLive), []);
    const entry = (await world.ports.ledger.read(enrolmentSubject(keys.id))).at(-1);
    assert.ok(entry?.body.kind === "withdrawn");
    assert.deepEqual([entry.body.records.length, entry.body.reason], [2, "wrong build"]);
    const [finding] = world.kept.alerts;
    assert.deepEqual([finding?.verdict, finding?.severity], ["record-changed", "warning"]);
    assert.match(finding?.grounds.note ?? "", /wrong build/);
    assert.equal((await world.ports.ledger.read(artifactSubject("six", SDIST))).length, 1);
    assert.deepEqual(
      world.kept.changes.map(({ reason, files }) => [reason, files]),
      [["record", [SDIST]]],
    );
    assert.equal(world.kept.unflushed, 0);
  });

  test("made twice keeps its first instant, and tells nobody twice", async () => {
    const { world, keys } = await recordedWorld();
    const first = await (await post(world, PATH, { key: keys.maintainer, body: asked() })).json();
    world.kept.now = after(world.kept.now, 60_000);
    const second = await (await post(world, PATH, { key: keys.maintainer, body: asked() })).json();
    assert.deepEqual(second, first);
    assert.equal(new Set(world.kept.alerts.map(alertId)).size, 1);
  });

  test("leaves other digests, other files and other watchers alone", async () => {
    const { world, keys } = await recordedWorld();
    const other = await watcher(world);
    await post(world, RECORDS, { key: other.maintainer, body: `${A}  ${SDIST}\n` });
    await post(world, RECORDS, { key: keys.maintainer, body: `${B}  ${SDIST}\n${A}  six-1.18.0.tar.gz\n` });
    const answer = await post(world, PATH, { key: keys.maintainer, body: asked() });
    assert.match((await jsonOf<WithdrawnAnswer>(answer)).next, new RegExp(`On record .*sha256:${B}`));
    assert.deepEqual(
      world.kept.records
        .filter(isLive)
        .map(({ enrolment, file, digest }) => [enrolment === other.id, file, digest.slice(7, 8)]),
      [
        [true, SDIST, "a"],
        [false, SDIST, "b"],
        [false, "six-1.18.0.tar.gz", "a"],
      ],
    );
  });

  test("is undone by recording again, which the history tells again", async () => {
    const { world, keys } = await recordedWorld();
    await post(world, PATH, { key: keys.maintainer, body: asked() });
    world.kept.now = after(world.kept.now, 60_000);
    const again = await post(world, RECORDS, { key: keys.maintainer, body: `${A}  ${SDIST}\n` });
    assert.equal(again.status, 201);
    assert.deepEqual(
      world.kept.records.filter(isLive).map(({ authority }) => authority),
      ["maintainer"],
    );
    const kinds = (await world.ports.ledger.read(enrolmentSubject(keys.id))).map(({ body }) => body.kind);
    assert.deepEqual(kinds, ["enrolled", "recorded", "recorded", "withdrawn", "recorded"]);
    // And withdrawn once more it is news once more.
    world.kept.now = after(world.kept.now, 60_000);
    await post(world, PATH, { key: keys.maintainer, body: asked() });
    assert.equal(new Set(world.kept.alerts.map(({ id }) => id)).size, 2);
  });

  test("of what was never recorded is refused, and nothing stored", async () => {
    const { world, keys } = await recordedWorld();
    const before = world.stored();
    const other = await post(world, PATH, { key: keys.maintainer, body: asked(B) });
    await assertRefused(other, { code: "no-such-record", status: 404 });
    const bad = await post(world, PATH, { key: keys.maintainer, body: asked("md5:1") });
    await assertRefused(bad, { code: "bad-digest", status: 422 });
    const field = JSON.stringify({ file: SDIST, digest: A, reasons: "" });
    const unknown = await post(world, PATH, { key: keys.maintainer, body: field });
    await assertRefused(unknown, { code: "unknown-field", status: 422 });
    assert.equal(world.stored(), before);
  });

  test("is a maintainer's alone", async () => {
    const { world, keys } = await recordedWorld();
    const refused = async (key: string | null, code: string, status: number) =>
      assertRefused(await post(world, PATH, { key, body: asked() }), { code, status });
    await refused(null, "missing-key", 401);
    await refused(keys.ci, "wrong-key-kind", 403);
    await refused(world.operator, "wrong-key-kind", 403);
    await refused((await watcher(world, { project: "seven" })).maintainer, "wrong-project-key", 403);
    await refused((await watcher(world)).maintainer, "no-such-record", 404);
    assert.equal(world.kept.records.filter(isLive).length, 2);
  });
});

suite("recording and withdrawing at once, in whatever order the ports answer", () => {
  /** Each call waits for the scheduler before and after it, as a call over a network does. */
  const scheduled = (ports: ApiPorts, scheduler: fc.Scheduler): ApiPorts => {
    const slow = <P extends object>(port: P): P =>
      new Proxy(port, {
        get: (of, key) => {
          const value: unknown = Reflect.get(of, key);
          if (typeof value !== "function") return value;
          return async (...args: unknown[]) => {
            await scheduler.schedule(Promise.resolve());
            const answer: unknown = await Reflect.apply(value, of, args);
            await scheduler.schedule(Promise.resolve());
            return answer;
          };
        },
      });
    return { ...ports, records: slow(ports.records), ledger: slow(ports.ledger) };
  };

  const liveNow = ({ kept }: World): string[] => kept.records.filter(isLive).map(sameness).sort();
  const liveAsTold = async ({ ports }: World, id: string): Promise<string[]> =>
    liveAfter([], await ports.ledger.read(enrolmentSubject(id)))
      .map(sameness)
      .sort();

  const request = fc.constantFrom(
    ["maintainer", RECORDS, `${A}  ${SDIST}\n`],
    ["ci", RECORDS, `${A}  ${SDIST}\n`],
    ["ci", RECORDS, `${B}  ${SDIST}\n`],
    ["maintainer", PATH, asked(A)],
    ["maintainer", PATH, asked(B)],
  ) as fc.Arbitrary<["maintainer" | "ci", string, string]>;

  test("what is on record in the end is what the history tells", async () => {
    let contended = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(request, { minLength: 2, maxLength: 4 }),
        async (s, requests) => {
          const world = await openWorld((ports) => scheduled(ports, s));
          const keys = await watcher(world);
          const first = post(world, RECORDS, { key: keys.maintainer, body: `${A}  ${SDIST}\n` });
          await s.waitFor(first);
          const all = Promise.all(
            requests.map(async ([key, path, body]) => post(world, path, { key: keys[key], body })),
          );
          const statuses = (await s.waitFor(all)).map(({ status }) => status);
          assert.ok(
            statuses.every((status) => status < 500),
            `${statuses}`,
          );
          if (world.kept.records.some((record) => !isLive(record))) contended += 1;
          assert.deepEqual(liveNow(world), await liveAsTold(world, keys.id));
        },
      ),
      { numRuns: 300 },
    );
    assert.ok(contended > 30, `only ${contended} runs withdrew anything`);
  });
});
