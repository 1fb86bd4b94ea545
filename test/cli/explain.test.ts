import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { wrapped } from "../../bin/wrapping.ts";
import { artifactSubject } from "../../functions/domain/ledger.ts";
import { finding, row } from "../api/rows.ts";
import { watcher } from "../api/watchers.ts";
import { A, B, SDIST } from "../api/world.ts";
import { counterfoil, openMonitor } from "./monitor.ts";

const ID = "3f9a12bc".padEnd(64, "0");
const RECORDED_AT = "2026-11-22T10:00:00.000Z";

/** A monitor that found other bytes than were recorded. */
async function found(t: TestContext) {
  const { world, url } = await openMonitor(t);
  const { id, maintainer } = await watcher(world);
  await world.ports.view.put([row({ enrolment: id })]);
  const recorded = { digest: `sha256:${B}`, authority: "maintainer", recordedAt: RECORDED_AT } as const;
  const rest = { withdrawnAt: null, file: SDIST, release: "1.17.0", manifest: null, signers: ["SHA256:me"] };
  await world.ports.records.append([
    { ...recorded, ...rest, enrolment: id, project: "six", credential: "secret-key-id" },
  ]);
  const mismatch = finding({
    id: ID,
    enrolment: id,
    grounds: { ...finding().grounds, recorded: [recorded], entry: "add source file", page: `sha256:${A}` },
  });
  const subject = artifactSubject("six", SDIST);
  const told = await world.ports.ledger.append(subject, null, { kind: "told", finding: mismatch });
  await world.ports.view.putFindings([mismatch], 1);
  return { env: { COUNTERFOIL_URL: url }, maintainer, world, told };
}

suite("counterfoil explain", () => {
  test("says who disagrees, what was compared, what says so, and what to do", async (t) => {
    const { env } = await found(t);
    const { code, stdout, stderr } = await counterfoil(["explain", "six", "3f9a12bc"], env);
    assert.deepEqual([code, stderr], [0, ""]);
    for (const said of [
      /^mismatch {2}critical, open since 2026-/,
      /\nWho disagrees: record\n {2}Index and bytes agree with each other/,
      /\nIf it were harmless\n {2}You built again/,
      new RegExp(`\n {2}declared by the index\n {4}sha256:${A}\n`),
      new RegExp(
        `\n {2}recorded by authority maintainer, signed by SHA256:me, at\n  ${RECORDED_AT}\n {4}sha256:${B}\n`,
      ),
      new RegExp(`\n {2}journal entry\n {4}add source file\n {2}index page\n {4}sha256:${A}\n`),
      /\n {2}Otherwise:\n {2}1\. Log in to PyPI from a clean machine/,
      /\nWhat is kept\n {2}What is kept of it is shown to its watcher/,
    ])
      assert.match(stdout, said);
    assert.doesNotMatch(stdout, /secret-key-id/);
  });

  test("tells its watcher with which key a record was made", async (t) => {
    const { env, maintainer } = await found(t);
    const { stdout } = await counterfoil(["explain", "six", ID], { ...env, COUNTERFOIL_KEY: maintainer });
    assert.match(stdout, /with key secret-key-id/);
    assert.match(stdout, /counterfoil evidence/);
  });

  test("of what is over says so, and not that it lasts", async (t) => {
    const { env, world, told } = await found(t);
    const over = finding({ id: ID, state: "resolved", changedAt: "2026-11-22T13:00:00.000Z" });
    const subject = artifactSubject("six", SDIST);
    await world.ports.ledger.append(subject, told, { kind: "told", finding: over });
    await world.ports.view.putFindings([over], 2);
    const { stdout } = await counterfoil(["explain", "six", ID], env);
    assert.match(stdout, /^mismatch {2}critical, resolved, opened 2026-\S+\n/);
    assert.match(stdout, /\n {2}Over since 2026-11-22T13:00:00\.000Z/);
  });

  test("as JSON is the API's answer", async (t) => {
    const { env } = await found(t);
    const { stdout } = await counterfoil(["explain", "six", ID, "--json"], env);
    const { layers, finding: id, compared } = JSON.parse(stdout);
    assert.deepEqual([layers, id, compared.length], [["record"], ID, 3]);
  });

  test("of what is not there: 2, with the reason", async (t) => {
    const { env } = await found(t);
    const { code, stderr } = await counterfoil(["explain", "six", "0".repeat(64)], env);
    assert.equal(code, 2);
    assert.match(stderr, /no finding of this id/);
  });
});

suite("wrapped text", () => {
  test("keeps to its width, but for what cannot be cut", () => {
    const digest = `sha256:${A}`;
    assert.deepEqual(wrapped(`one two three ${digest} four`, 10, "  "), [
      "  one two",
      "  three",
      `  ${digest}`,
      "  four",
    ]);
  });

  test("leaves a command whole, and strangers' text inert", () => {
    assert.deepEqual(wrapped("run this:\n\n  a b c d e f g\u001b[31m", 8), [
      "run",
      "this:",
      "",
      "  a b c d e f g\\u{1b}[31m",
    ]);
  });
});
