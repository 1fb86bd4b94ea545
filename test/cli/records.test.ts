import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { sha256 } from "../../functions/domain/digests.ts";
import { subjectOf } from "../../functions/domain/told.ts";
import { finding, row } from "../api/rows.ts";
import { watcher } from "../api/watchers.ts";
import { A, B, post, SDIST, WHEEL } from "../api/world.ts";
import { counterfoil, openMonitor } from "./monitor.ts";

/** A maintainer's shell beside a monitor that has two files on record, one of which a page has shown. */
async function maintainer(t: TestContext) {
  const monitor = await openMonitor(t);
  const keys = await watcher(monitor.world);
  const body = `${A}  ${SDIST}\n${B}  ${WHEEL}\n`;
  const answer = await post(monitor.world, "/v1/projects/six/records", { key: keys.maintainer, body });
  assert.equal(answer.status, 201);
  await monitor.world.ports.view.put([row({ enrolment: keys.id, file: SDIST })]);
  const anybody = { COUNTERFOIL_URL: monitor.url };
  return { ...monitor, keys, anybody, env: { ...anybody, COUNTERFOIL_KEY: keys.maintainer } };
}

suite("counterfoil records", () => {
  test("lists all of one's own, and to anybody what a page has shown", async (t) => {
    const { env, anybody } = await maintainer(t);
    const own = await counterfoil(["records", "six"], env);
    const public_ = await counterfoil(["records", "Six", "--json"], anybody);
    assert.match(
      own.stdout,
      new RegExp(`^${B} {2}${WHEEL} {2,}maintainer {2}2026-.*\n${A} {2}${SDIST}`, "m"),
    );
    assert.match(own.stdout, /\n2 records of six\n$/);
    const { records } = JSON.parse(public_.stdout);
    assert.deepEqual(
      records.map(({ file, digest }: { file: string; digest: string }) => [file, digest]),
      [[SDIST, `sha256:${A}`]],
    );
  });

  test("takes one file, and withdrawn ones when asked", async (t) => {
    const { env } = await maintainer(t);
    const one = JSON.parse((await counterfoil(["records", "six", "--file", WHEEL, "--json"], env)).stdout);
    assert.equal(one.records.length, 1);
    const withdrawn = await counterfoil(["withdraw", "six", WHEEL, B, "--reason", "built twice"], env);
    assert.equal(withdrawn.code, 0);
    assert.match(
      withdrawn.stdout,
      new RegExp(`^1 record of ${WHEEL} withdrawn: ${B} is taken for yours no more`),
    );
    assert.match((await counterfoil(["records", "six"], env)).stdout, /\n1 record of six\n$/);
    assert.match((await counterfoil(["records", "six", "--all"], env)).stdout, /WITHDRAWN 2026-/);
  });
});

suite("counterfoil withdraw", () => {
  test("of what is not on record, by nobody, or of no digest: 2, and nothing stored", async (t) => {
    const { env, anybody, world } = await maintainer(t);
    const before = world.stored();
    const withdraw = (digest: string, as: Readonly<Record<string, string>>) =>
      counterfoil(["withdraw", "six", SDIST, digest, "--reason", "x"], as);
    const runs = await Promise.all([withdraw(B, env), withdraw(A, anybody), withdraw("abc", env)]);
    assert.deepEqual(
      runs.map(({ code }) => code),
      [2, 2, 2],
    );
    assert.match(runs[0].stderr, /\(no-such-record\)/);
    assert.match(runs[1].stderr, /\(missing-key\)/);
    assert.match(runs[2].stderr, /64 hexadecimal digits/);
    assert.equal((await counterfoil(["withdraw", "six", SDIST, A], env)).code, 2);
    assert.equal(world.stored(), before);
  });
});

suite("counterfoil ack and resolve", () => {
  test("say who has seen a finding, by the id that alerts print", async (t) => {
    const { env, keys, world } = await maintainer(t);
    const open = finding({
      id: sha256("x").slice("sha256:".length),
      enrolment: keys.id,
      severity: "critical",
    });
    await world.ports.ledger.append(subjectOf(open), null, { kind: "told", finding: open });
    await world.ports.view.putFindings([open], 1);
    const short = open.id.slice(0, 12);
    const acknowledged = await counterfoil(["ack", "six", short, "--note", "on it"], env);
    assert.deepEqual([acknowledged.code, acknowledged.stderr], [0, ""]);
    assert.match(acknowledged.stdout, /^Acknowledged at 2026-\S+: mismatch, still open\.\n$/);
    const list = await counterfoil(["findings", "six"], env);
    assert.match(list.stdout, new RegExp(`${open.id} {2}acknowledged 2026-\\S+: on it`));
    const resolved = await counterfoil(["resolve", "six", `${short}…`, "--note", "ours", "--json"], env);
    assert.equal(resolved.code, 0);
    const { state, resolvedBy } = JSON.parse(resolved.stdout);
    assert.deepEqual([state, resolvedBy.note], ["resolved", "ours"]);
    assert.equal((await counterfoil(["findings", "six"], env)).code, 0);
  });

  test("of no finding, or without a note on resolving: 2", async (t) => {
    const { env } = await maintainer(t);
    const unknown = await counterfoil(["ack", "six", "abcdef012345"], env);
    const short = await counterfoil(["ack", "six", "abc"], env);
    const noteless = await counterfoil(["resolve", "six", "abcdef012345"], env);
    assert.deepEqual([unknown.code, short.code, noteless.code], [2, 2, 2]);
    assert.match(unknown.stderr, /no finding that is listed for six begins with abcdef012345/);
  });
});
