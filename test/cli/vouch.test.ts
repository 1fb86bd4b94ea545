import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { finding, row } from "../api/rows.ts";
import { counterfoil, openMonitor } from "./monitor.ts";

/** A monitor at which anybody enrols, and somebody who did, with no key in their shell. */
async function selfClaimed(t: TestContext) {
  const monitor = await openMonitor(t, "open");
  const env = { COUNTERFOIL_URL: monitor.url };
  const { code, stdout } = await counterfoil(["enrol", "six"], env);
  const [enrolment] = monitor.world.kept.enrolments;
  const vouch = ["vouch", "six", enrolment?.id ?? "", "--key-file", monitor.operatorKeyFile];
  return { ...monitor, env, enrolment, enrolled: { code, stdout }, vouch };
}

suite("counterfoil enrol without a key, where registration is open", () => {
  test("enrols, and says what self-claimed means and who can end it", async (t) => {
    const { enrolled, enrolment } = await selfClaimed(t);
    assert.equal(enrolled.code, 0);
    assert.equal(enrolment?.selfClaimed, true);
    assert.match(enrolled.stdout, new RegExp(`Self-claimed: .* counterfoil vouch six ${enrolment?.id}`));
  });

  test("with the operator's key invites, and says nothing of claims", async (t) => {
    const { url, operatorKeyFile } = await openMonitor(t, "open");
    const asked = ["enrol", "six", "--url", url, "--key-file", operatorKeyFile];
    assert.doesNotMatch((await counterfoil(asked)).stdout, /[Ss]elf-claimed/);
  });
});

suite("counterfoil vouch", () => {
  test("vouches, once and for all", async (t) => {
    const { env, vouch, world, enrolment } = await selfClaimed(t);
    for (let times = 0; times < 2; times += 1) {
      const { code, stdout } = await counterfoil(vouch, env);
      assert.equal(code, 0);
      assert.equal(stdout, `Enrolment ${enrolment?.id} of six is vouched for since ${world.kept.now}.\n`);
    }
    const { selfClaimed: still, vouchedAt } = JSON.parse(
      (await counterfoil([...vouch, "--json"], env)).stdout,
    );
    assert.deepEqual([still, vouchedAt], [false, world.kept.now]);
  });

  test("for an enrolment that is not there, or without the operator's key: 2, and one sentence", async (t) => {
    const { env, operatorKeyFile, enrolment } = await selfClaimed(t);
    const unknown = await counterfoil(["vouch", "six", "nobody", "--key-file", operatorKeyFile], env);
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /^counterfoil: .*"nobody".*\(no-such-enrolment\)\n$/);
    const anybody = await counterfoil(["vouch", "six", enrolment?.id ?? ""], env);
    assert.equal(anybody.code, 2);
    assert.match(anybody.stderr, /\(missing-key\) Name the key's file with --key-file.*\n$/);
  });

  test("ends what lists say of a self-claimed enrolment", async (t) => {
    const { env, vouch, world, enrolment } = await selfClaimed(t);
    const of = { enrolment: enrolment?.id ?? "" };
    await world.ports.view.put([row(of)]);
    await world.ports.view.putFindings([finding(of)], 1);
    const lists = async () => {
      const [artifacts, findings] = await Promise.all([
        counterfoil(["artifacts", "six"], env),
        counterfoil(["findings", "six"], env),
      ]);
      return `${artifacts.stdout}${findings.stdout}`;
    };
    const before = await lists();
    assert.match(before, /^match \(maintainer, self-claimed\) {2}listed/);
    assert.match(before, /mismatch \(self-claimed\): six/);
    await counterfoil(vouch, env);
    const after = await lists();
    assert.match(after, /^match \(maintainer\) {2}listed/);
    assert.match(after, /mismatch: six/);
  });
});
