import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { after } from "../../functions/domain/instants.ts";
import { enrolled, post, SDIST } from "../api/world.ts";
import { counterfoil, openMonitor, type Ran } from "./monitor.ts";
import { newKey } from "./ssh.ts";

const MAIL = "security@example.org";
const HOOK = "https://hooks.example.org/counterfoil";

/** A maintainer's shell beside a monitor that watches their project. */
async function maintainer(t: TestContext) {
  const monitor = await openMonitor(t);
  const keys = await enrolled(monitor.world);
  const env = { COUNTERFOIL_URL: monitor.url, COUNTERFOIL_KEY: keys.maintainer };
  const run = async (...args: readonly string[]): Promise<Ran> => {
    const ran = await counterfoil(args, env);
    assert.deepEqual([ran.code, ran.stderr], [0, ""], args.join(" "));
    return ran;
  };
  return { ...monitor, keys, env, run };
}

suite("counterfoil enrol", () => {
  test("takes contacts, signers and a CI job along, in force at once", async (t) => {
    const { url, operatorKeyFile, folder } = await openMonitor(t);
    const key = newKey(t);
    const asked = ["enrol", "six", "--contact", MAIL, "--contact", HOOK, "--signer", `${key.path}.pub`];
    const job = ["--github", "psf/six", "--workflow", "release.yml", "--environment", "pypi"];
    const as = ["--url", url, "--key-file", operatorKeyFile];
    const { code, stdout, stderr } = await counterfoil([...asked, ...job, "--save", folder, ...as]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, new RegExp(`Contact ${MAIL} is told nothing until it confirms`));
    assert.match(stdout, new RegExp(`Contact ${HOOK} is told nothing until it confirms`));
    const own = ["--url", url, "--key-file", join(folder, "six.maintainer.key")];
    const { stdout: shown } = await counterfoil(["enrolment", "six", ...own]);
    assert.match(shown, new RegExp(`${MAIL} .*NOT CONFIRMED`));
    assert.ok(shown.includes(key.fingerprint));
    assert.match(shown, /github {2}psf\/six {2}release\.yml, pypi {2}since 2026-/);
    const sdist = join(folder, SDIST);
    writeFileSync(sdist, "an sdist");
    const recorded = await counterfoil(["record", sdist, "--sign", key.path, "--json", ...own]);
    assert.equal(recorded.code, 0);
    const { signed, files } = JSON.parse(recorded.stdout);
    assert.deepEqual([signed, files[0].signers], [true, [key.fingerprint]]);
  });
});

suite("counterfoil contact", () => {
  test("adds one that must confirm, asks it again, and removes it later, by its address", async (t) => {
    const { run, world } = await maintainer(t);
    const added = await run("contact", "add", "six", `mailto:${MAIL}`);
    assert.match(
      added.stdout,
      new RegExp(`^Contact ${MAIL} was asked to confirm, and is told nothing before\\.`),
    );
    world.kept.now = after(world.kept.now, 61_000);
    assert.match((await run("contact", "ask", "six", MAIL)).stdout, /was asked to confirm/);
    assert.match((await run("contact", "list", "six")).stdout, new RegExp(`${MAIL} {2}NOT CONFIRMED`));
    const removed = await run("contact", "remove", "six", MAIL);
    assert.match(removed.stdout, /^From 2026-\S+ {2}Contact removed: security@example\.org\.\n/);
    assert.match(removed.stdout, /\n {2}counterfoil cancel six [0-9a-f]{16}\n$/);
  });

  test("of nobody: 2, and who there is", async (t) => {
    const { run, env } = await maintainer(t);
    await run("contact", "add", "six", HOOK);
    const { code, stderr } = await counterfoil(["contact", "remove", "six", "nobody@example.org"], env);
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`has no contact nobody@example\\.org; it has: [0-9a-f]{16} ${HOOK}`));
  });
});

suite("counterfoil drill", () => {
  test("is refused while nobody confirmed, and then says who is told and who is not", async (t) => {
    const { run, env, world } = await maintainer(t);
    await run("contact", "add", "six", MAIL);
    await run("contact", "add", "six", HOOK);
    const { code, stderr } = await counterfoil(["drill", "six"], env);
    assert.equal(code, 2);
    assert.match(stderr, /\(no-contact\)/);
    const asked = world.kept.asked.find(({ contact }) => contact.address === MAIL);
    const confirmed = await post(world, `/v1/confirmations/${asked?.token}`, {});
    assert.equal(confirmed.status, 200);
    const { stdout } = await run("drill", "six");
    assert.match(stdout, new RegExp(`^sent to {2}${MAIL}\n`, "m"));
    assert.match(stdout, new RegExp(`^NOT TO {3}${HOOK}: it has not confirmed\n`, "m"));
    assert.match(stdout, /Alert [0-9a-f]{16}… is on its way to 1 contact\./);
    assert.equal(world.kept.alerts.filter(({ verdict }) => verdict === "drill").length, 1);
  });
});

suite("counterfoil publisher", () => {
  test("adds a CI job that records later, lists it, and removes it at once", async (t) => {
    const { run } = await maintainer(t);
    const job = ["--github", "psf/six", "--workflow", "release.yml", "--owner-id", "1234567"];
    const added = await run("publisher", "add", "six", ...job);
    assert.match(
      added.stdout,
      /^([0-9a-f]{16}) {2}github {2}psf\/six {2}workflow release\.yml, owner 1234567\nFrom 2026-/,
    );
    const { publishers } = JSON.parse((await run("publisher", "list", "six", "--json")).stdout);
    assert.deepEqual(publishers, [], "in force before its time");
    const id = added.stdout.slice(0, 16);
    await run("publisher", "remove", "six", id);
    assert.doesNotMatch((await run("enrolment", "six")).stdout, /Waiting/);
  });

  test("refuses a repository of which any job could record", async (t) => {
    const { env } = await maintainer(t);
    const { code, stderr } = await counterfoil(["publisher", "add", "six", "--github", "psf/six"], env);
    assert.equal(code, 2);
    assert.match(stderr, /\(bad-publisher\)/);
  });
});

suite("counterfoil key add FILE.pub", () => {
  test("registers a signer that counts later, and revoking takes it back", async (t) => {
    const { run } = await maintainer(t);
    const key = newKey(t);
    const added = await run("key", "add", "six", `${key.path}.pub`);
    assert.ok(added.stdout.startsWith(`Signing key ${key.fingerprint} (ssh-ed25519).\n`));
    assert.match(added.stdout, /From 2026-/);
    await run("key", "revoke", "six", key.fingerprint);
    assert.doesNotMatch((await run("enrolment", "six")).stdout, /Waiting/);
  });
});
