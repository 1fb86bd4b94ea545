import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { hexOf, sha256 } from "../../functions/domain/digests.ts";
import { enrolled, SDIST, WHEEL } from "../api/world.ts";
import { counterfoil, openMonitor } from "./monitor.ts";
import { newKey, signFile, verifies } from "./ssh.ts";

const LINE = `${hexOf(sha256("an sdist"))}  ${SDIST}\n`;

/** A monitor, a maintainer's shell beside it, and one file to record. */
async function maintainer(t: TestContext) {
  const monitor = await openMonitor(t);
  const keys = await enrolled(monitor.world);
  const sdist = join(monitor.folder, SDIST);
  writeFileSync(sdist, "an sdist");
  const manifest = join(monitor.folder, "SHA256SUMS");
  writeFileSync(manifest, LINE);
  const env = { COUNTERFOIL_URL: monitor.url, COUNTERFOIL_KEY: keys.maintainer };
  return { ...monitor, keys, env, sdist, manifest };
}

suite("counterfoil record", () => {
  test("takes the project from the names of the files", async (t) => {
    const { env, sdist, world } = await maintainer(t);
    const { code, stdout } = await counterfoil(["record", sdist], env);
    assert.equal(code, 0);
    assert.match(stdout, /^Sending to \S+ for six:\n\n[0-9a-f]{64} {2}six-1\.17\.0\.tar\.gz\n/);
    assert.deepEqual(
      world.kept.records.map(({ file, authority }) => [file, authority]),
      [[SDIST, "maintainer"]],
    );
  });

  test("asks for the project where the names leave a choice, or agree on none", async (t) => {
    const { env, folder, world } = await maintainer(t);
    const before = world.stored();
    for (const [files, why] of [
      [["a-1-2.zip"], /fit several projects \(a, a-1\): say which with --project/],
      [[SDIST, "requests-2.0.tar.gz"], /one project at a time/],
      [["notes.txt"], /"notes.txt" is not the name of a distribution file/],
    ] as const) {
      for (const file of files) writeFileSync(join(folder, file), "");
      const { code, stderr } = await counterfoil(["record", ...files.map((file) => join(folder, file))], env);
      assert.equal(code, 2);
      assert.match(stderr, why);
    }
    assert.equal(world.stored(), before);
  });

  test("of a folder, a pattern that fits nothing or a file that is not there says which it is", async (t) => {
    const { env, folder } = await maintainer(t);
    for (const [name, why] of [
      [".", /^counterfoil: \S+ is a folder: name the files in it, such as \S+\/\*\n$/],
      ["dist*", /^counterfoil: no file fits \S+dist\*: build the release first/],
      ["six-9.tar.gz", /^counterfoil: there is no file \S+six-9\.tar\.gz\n$/],
    ] as const) {
      const { code, stderr } = await counterfoil(["record", join(folder, name)], env);
      assert.equal(code, 2);
      assert.match(stderr, why);
    }
  });

  test("with --dry-run sends nothing, and says with --json what it would have sent", async (t) => {
    const { env, sdist, world } = await maintainer(t);
    const before = world.stored();
    const { code, stdout } = await counterfoil(["record", sdist, "--dry-run"], env);
    assert.deepEqual([code, stdout.endsWith("Nothing was sent.\n")], [0, true]);
    const { stdout: json } = await counterfoil(["record", sdist, "--dry-run", "--json"], env);
    assert.deepEqual(JSON.parse(json), {
      project: "six",
      manifest: sha256(LINE),
      text: LINE,
      signer: null,
      signature: null,
      sent: false,
    });
    assert.equal(world.stored(), before);
  });

  test("with --sign makes a signature that ssh-keygen finds right", async (t) => {
    const { env, sdist, folder } = await maintainer(t);
    const key = newKey(t);
    const { stdout } = await counterfoil(["record", sdist, "--sign", key.path, "--dry-run", "--json"], env);
    const draft = JSON.parse(stdout);
    assert.equal(draft.signer, key.fingerprint);
    const [file, signature] = [join(folder, "allowed"), join(folder, "draft.sig")];
    writeFileSync(file, `me ${key.public}\n`);
    writeFileSync(signature, draft.signature);
    const by = { file, principal: "me" };
    assert.equal(verifies(Buffer.from(draft.text), signature, by), true);
    assert.equal(verifies(Buffer.from(`${draft.text} `), signature, by), false);
  });

  test("that cannot sign sends nothing", async (t) => {
    const { env, sdist, world } = await maintainer(t);
    const before = world.stored();
    const { code, stderr } = await counterfoil(["record", sdist, "--sign", "/nonexistent"], env);
    assert.equal(code, 2);
    assert.match(stderr, /ssh-keygen did not sign with \/nonexistent/);
    assert.equal(world.stored(), before);
  });

  test("sends a manifest that was made and signed before, to the byte", async (t) => {
    const { env, manifest } = await maintainer(t);
    const key = newKey(t);
    const signature = signFile(key, manifest);
    const asked = ["record", "--manifest", manifest, "--dry-run", "--json"];
    const apart = JSON.parse((await counterfoil([...asked, "--signature", signature], env)).stdout);
    assert.deepEqual([apart.text, apart.signer], [LINE, key.fingerprint]);
    assert.equal(apart.signature, readFileSync(signature, "latin1"));
    writeFileSync(manifest, `${LINE}${apart.signature}`);
    const behind = JSON.parse((await counterfoil(asked, env)).stdout);
    assert.deepEqual(behind, apart);
  });

  test("refuses a manifest as the monitor would, and names the line", async (t) => {
    const { env, manifest, world } = await maintainer(t);
    const before = world.stored();
    writeFileSync(manifest, `${LINE}${"a".repeat(63)}  ${WHEEL}\n`);
    const { code, stderr } = await counterfoil(["record", "--manifest", manifest], env);
    assert.equal(code, 2);
    assert.match(stderr, /^counterfoil: line 2: /);
    assert.equal(world.stored(), before);
  });

  test("leaves out the signatures and attestations that lie beside the files, and says so", async (t) => {
    const { env, sdist } = await maintainer(t);
    const beside = [`${sdist}.asc`, `${sdist}.publish.attestation`, `${sdist}.sigstore.json`];
    for (const path of beside) writeFileSync(path, "");
    const { code, stdout } = await counterfoil(["record", sdist, ...beside, "--dry-run"], env);
    assert.deepEqual([code, stdout.includes(LINE)], [0, true]);
    assert.match(stdout, /^Left out: .*\.asc, .*\.attestation, .*\.sigstore\.json$/m);
  });

  test("does not put a signature behind a line that has no end", async (t) => {
    const { env, manifest } = await maintainer(t);
    writeFileSync(manifest, LINE.trimEnd());
    const { code, stderr } = await counterfoil(["record", "--manifest", manifest, "--sign", "/any"], env);
    assert.equal(code, 2);
    assert.match(stderr, /last line has no end/);
  });

  test("of one name in two folders, or of nothing: 2, and nothing sent", async (t) => {
    const { env, sdist, folder, manifest } = await maintainer(t);
    mkdirSync(join(folder, "old"));
    writeFileSync(join(folder, "old", SDIST), "another");
    const twice = await counterfoil(["record", sdist, join(folder, "old", SDIST)], env);
    assert.match(twice.stderr, /named twice/);
    const both = await counterfoil(["record", sdist, "--manifest", manifest], env);
    const neither = await counterfoil(["record"], env);
    assert.deepEqual([twice.code, both.code, neither.code], [2, 2, 2]);
  });

  test("of a file that has another digest on record: 1, with both digests", async (t) => {
    const { env, sdist } = await maintainer(t);
    assert.equal((await counterfoil(["record", sdist], env)).code, 0);
    writeFileSync(sdist, "built again");
    const { code, stdout } = await counterfoil(["record", sdist], env);
    assert.equal(code, 1);
    assert.match(stdout, /contested/);
    assert.match(stdout, new RegExp(`also on record: ${hexOf(sha256("an sdist"))}`));
  });
});
