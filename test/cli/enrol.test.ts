import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { SDIST } from "../api/world.ts";
import { counterfoil, openMonitor } from "./monitor.ts";

suite("counterfoil enrol --save", () => {
  test("keeps the two keys in files of their owner's, shows neither, and they work", async (t) => {
    const { url, operatorKeyFile, folder } = await openMonitor(t);
    const kept = join(folder, "keys");
    const asked = ["enrol", "Six", "--save", kept, "--url", url, "--key-file", operatorKeyFile];
    const { code, stdout } = await counterfoil(asked);
    assert.equal(code, 0);
    assert.doesNotMatch(stdout, /cf_/);
    assert.deepEqual(readdirSync(kept), ["six.ci.key", "six.maintainer.key"]);
    for (const file of readdirSync(kept)) assert.equal(statSync(join(kept, file)).mode & 0o777, 0o600);
    const sdist = join(folder, SDIST);
    writeFileSync(sdist, "an sdist");
    const key = join(kept, "six.maintainer.key");
    const recorded = await counterfoil(["record", sdist, "--url", url, "--key-file", key]);
    assert.deepEqual([recorded.code, recorded.stderr], [0, ""]);
  });

  test("says with --json where they are, and not what they are", async (t) => {
    const { url, operatorKeyFile, folder } = await openMonitor(t);
    const asked = ["enrol", "six", "--save", folder, "--json", "--url", url, "--key-file", operatorKeyFile];
    const { stdout } = await counterfoil(asked);
    const { keys, keyFiles } = JSON.parse(stdout);
    assert.deepEqual([keys, keyFiles.ci], [undefined, join(folder, "six.ci.key")]);
    assert.doesNotMatch(stdout, /cf_/);
  });

  test("says that there is nothing to submit where provenance counts", async (t) => {
    const { url, operatorKeyFile } = await openMonitor(t);
    const asked = ["enrol", "six", "--expect-publisher", "github:me/six/release.yml", "--provenance-counts"];
    const { stdout } = await counterfoil([...asked, "--url", url, "--key-file", operatorKeyFile]);
    assert.match(
      stdout,
      /\nNothing to submit: a file that github:me\/six\/release\.yml attests is a match, by ci\.\n/,
    );
    assert.doesNotMatch(stdout, /Record a release before/);
  });

  test("never writes over a key, and enrols nothing then", async (t) => {
    const { url, operatorKeyFile, folder, world } = await openMonitor(t);
    writeFileSync(join(folder, "six.ci.key"), "an old one");
    const asked = ["enrol", "six", "--save", folder, "--url", url, "--key-file", operatorKeyFile];
    const { code, stderr } = await counterfoil(asked);
    assert.equal(code, 2);
    assert.match(stderr, /six\.ci\.key is there already/);
    assert.equal(world.kept.enrolments.length, 0);
    assert.equal(readFileSync(join(folder, "six.ci.key"), "utf8"), "an old one");
  });
});

suite("counterfoil invite", () => {
  test("makes an invitation that enrols one project, once", async (t) => {
    const { url, operatorKeyFile, folder, world } = await openMonitor(t);
    const asked = ["invite", "Six", "--days", "2", "--url", url, "--key-file", operatorKeyFile];
    const { code, stdout } = await counterfoil(asked);
    assert.equal(code, 0);
    const [invitation = "", , until] = stdout.split("\n");
    assert.match(invitation, /^cf_invitation_/);
    assert.match(until ?? "", /^Good until 2026-\S+, for six, once\./);
    const file = join(folder, "invitation.key");
    writeFileSync(file, stdout);
    const enrol = (project: string) =>
      counterfoil(["enrol", project, "--url", url, "--invitation", file, "--json"]);
    assert.match((await enrol("flask")).stderr, /\(wrong-project-key\)/);
    const { code: enrolled, stdout: json } = await enrol("six");
    assert.equal(enrolled, 0);
    const { selfClaimed, project } = JSON.parse(json);
    assert.deepEqual([selfClaimed, project], [false, "six"]);
    assert.equal((await enrol("six")).code, 2);
    assert.equal(world.kept.enrolments.length, 1);
  });
});

suite("a key file", () => {
  test("with two keys or none in it is not guessed at", async (t) => {
    const { url, folder } = await openMonitor(t);
    const file = join(folder, "some.key");
    const key = (digit: string) => `cf_ci_${digit.repeat(16)}_${digit.repeat(64)}`;
    for (const [text, why] of [
      [`${key("a")}\n${key("b")}\n`, /holds several keys/],
      ["my key is lost\n", /holds no key/],
      ["", /holds no key/],
    ] as const) {
      writeFileSync(file, text);
      const { code, stderr } = await counterfoil(["artifacts", "six", "--url", url, "--key-file", file]);
      assert.equal(code, 2);
      assert.match(stderr, why);
    }
  });
});

suite("counterfoil enrol", () => {
  test("refuses what it can tell is wrong before it asks", async (t) => {
    const { url, operatorKeyFile, folder, world } = await openMonitor(t);
    const before = world.stored();
    const secret = join(folder, "id_ed25519");
    writeFileSync(secret, "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n");
    const WRONG: readonly (readonly [readonly string[], RegExp])[] = [
      [["--contact", "nobody"], /neither: "nobody"/],
      [["--signer", secret], /PRIVATE key/],
      [["--workflow", "release.yml"], /--github or --gitlab/],
      [["--github", "a/b", "--gitlab", "a/b"], /two publishers/],
      [["--silenced-by", "nobody"], /Allowed choices are ci, maintainer/],
    ];
    for (const [wrong, why] of WRONG) {
      const asked = ["enrol", "six", ...wrong, "--url", url, "--key-file", operatorKeyFile];
      const { code, stderr } = await counterfoil(asked);
      assert.equal(code, 2);
      assert.match(stderr, why);
    }
    assert.equal(world.stored(), before);
  });
});
