import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { hexOf, sha256 } from "../../functions/domain/digests.ts";
import { counterfoil } from "./monitor.ts";
import { newKey } from "./ssh.ts";
import { FILE, openStage, type Stage } from "./verifying/world.ts";

const WHEEL = "lantern-1.0-py3-none-any.whl";
const GENUINE = hexOf(sha256("genuine"));

/** A developer who recorded one file of a release by hand; the index publishes it and a wheel beside it. */
async function released(t: TestContext): Promise<Stage> {
  const stage = await openStage(t);
  const { maintainer } = await stage.watcher();
  await stage.record(maintainer, "genuine");
  await stage.publish("genuine");
  await stage.publish("a wheel", WHEEL);
  return stage;
}

const verify = ({ url, world }: Stage, ...args: readonly string[]) =>
  counterfoil(["verify", "--url", url, "--index", world.index.url, ...args]);

suite("counterfoil verify", () => {
  test("of a file that is right: 0, both answers and their strength on one screen", async (t) => {
    const stage = await released(t);
    const file = stage.holds("genuine");
    const { code, stdout, stderr } = await verify(stage, file);
    assert.deepEqual([code, stderr], [0, ""]);
    const [head, project, digest, published, answered, ...more] = stdout.split("\n");
    assert.deepEqual([head, project], [`${file}: OK`, "  project    lantern"]);
    assert.equal(digest, `  sha256     ${GENUINE}`);
    assert.equal(published, "  published  yes: The index lists it with this digest.");
    assert.match(answered ?? "", /^ {2}released {3}yes: It was recorded by a maintainer key at /);
    assert.ok(more.includes("  This would not have caught:"));
    assert.ok(stdout.split("\n").length < 24, "more than a screen");
  });

  test("of one that is not: 1, whatever else is right or unknown", async (t) => {
    const stage = await released(t);
    const files = [stage.holds("genuine"), stage.holds("malware", WHEEL), stage.holds("", "notes.txt")];
    const { code, stdout } = await verify(stage, ...files);
    assert.equal(code, 1);
    assert.match(stdout, /\.tar\.gz: OK\n/);
    assert.match(stdout, /\.whl: FAILED\n/);
    assert.match(stdout, /notes\.txt: COULD NOT TELL\n/);
    assert.match(stdout, /\n3 digests: 1 ok, 1 failed, 1 could not be told\n$/);
  });

  test("of a folder: every distribution file in it, and 3 where one cannot be told", async (t) => {
    const stage = await released(t);
    stage.holds("genuine");
    stage.holds("a wheel", WHEEL);
    stage.holds("#", "README.md");
    mkdirSync(join(stage.folder, "sub-1.0.zip"));
    const { code, stdout } = await verify(stage, stage.folder, "--json");
    const { files } = JSON.parse(stdout);
    assert.equal(code, 3);
    assert.deepEqual(
      files.map(({ file, outcome, released }: { file: string; outcome: string; released: object }) => [
        file,
        outcome,
        (released as { answer: string }).answer,
      ]),
      [
        [WHEEL, "unknown", "unknown"],
        [FILE, "ok", "ok"],
      ],
    );
  });

  test("of pinned hashes needs no file, and passes over no line", async (t) => {
    const stage = await released(t);
    const path = join(stage.folder, "requirements.txt");
    writeFileSync(path, `lantern==1.0.0 --hash=sha256:${GENUINE}\n`);
    const right = await verify(stage, "-r", path);
    assert.equal(right.code, 0);
    assert.match(right.stdout, /^lantern==1\.0\.0 \(lantern-1\.0\.tar\.gz\): OK\n/);
    writeFileSync(path, `lantern==1.0 --hash=sha256:${GENUINE}\nlantern>=1\n`);
    assert.equal((await verify(stage, "-r", path)).code, 3);
    writeFileSync(path, `lantern==1.0 --hash=sha256:${GENUINE} --hash=sha256:${hexOf(sha256("x"))}\n`);
    const gone = await verify(stage, "-r", path);
    assert.equal(gone.code, 1);
    assert.match(gone.stdout, /NO: No file that the index lists for lantern 1\.0 has this digest\./);
    writeFileSync(path, `lantern==2.0 --hash=sha256:${GENUINE}\n`);
    assert.equal((await verify(stage, "-r", path)).code, 1);
  });

  test("takes who may sign from a file, and refuses one that names nobody", async (t) => {
    const stage = await released(t);
    const [file, signers] = [stage.holds("genuine"), join(stage.folder, "allowed_signers")];
    writeFileSync(signers, `dev ${newKey(t).public}\n`);
    const unsigned = await verify(stage, file, "--signers", signers);
    assert.equal(unsigned.code, 3);
    assert.match(unsigned.stdout, /released {3}unknown: .*it is not signed/);
    writeFileSync(signers, "# nobody\n");
    assert.equal((await verify(stage, file, "--signers", signers)).code, 2);
  });

  test("says that a file is yanked, and why", async (t) => {
    const stage = await released(t);
    stage.world.index.yank("lantern", "1.0", "broken on Tuesdays");
    const { code, stdout } = await verify(stage, stage.holds("genuine"));
    assert.equal(code, 0);
    assert.match(stdout, /It is yanked: broken on Tuesdays\./);
  });

  test("of nothing, or of what is not there: 2, so that nothing passes by matching nothing", async (t) => {
    const stage = await released(t);
    mkdirSync(join(stage.folder, "empty"));
    const runs = await Promise.all([
      verify(stage),
      verify(stage, join(stage.folder, "empty")),
      verify(stage, "/nonexistent/lantern-1.0.zip"),
      verify(stage, stage.holds("genuine"), "--index", "http://index.example"),
    ]);
    assert.deepEqual(
      runs.map(({ code, stdout }) => [code, stdout]),
      runs.map(() => [2, ""]),
    );
  });
});
