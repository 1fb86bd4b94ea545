import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { sha256 } from "../../functions/domain/digests.ts";
import type { LedgerEntry } from "../../functions/domain/ledger.ts";
import { isIntact } from "../../functions/domain/ledger.ts";
import { CUT, evidenceScene, LARGE, MANIFEST, MINE, PAGE, PROJECT, WRONG } from "../api/evidence-scene.ts";
import { finding } from "../api/rows.ts";
import { THIRD } from "../domain/perfect.ts";
import { CommandFailed, run } from "../programs/commands.ts";
import { counterfoil, openMonitor } from "./monitor.ts";
import { newKey, signFile, verifies } from "./ssh.ts";

const ENTRY = fileURLToPath(new URL("../../bin/counterfoil.js", import.meta.url));
const hex = (bytes: Buffer): string => sha256(bytes).slice(7);

/** A monitor with evidence, and a shell of one of its watchers. */
async function investigator(t: TestContext) {
  const { world, url, folder } = await openMonitor(t);
  const key = newKey(t);
  const manifest = join(folder, "manifest");
  writeFileSync(manifest, MANIFEST);
  const armored = readFileSync(signFile(key, manifest), "utf8");
  const { own, other } = await evidenceScene(world, [{ signer: key.fingerprint, armored }]);
  const env = { COUNTERFOIL_URL: url, COUNTERFOIL_KEY: own.maintainer };
  const out = join(folder, "evidence.tar");
  const ask = (...args: readonly string[]) =>
    counterfoil(["evidence", PROJECT, MINE.slice(0, 12), ...args], env);
  return { world, folder, env, own, other, key, out, ask };
}

type Investigator = Awaited<ReturnType<typeof investigator>>;

/** Exports, unpacks by the real tar, and answers the folder. */
async function unpacked({ ask, out, folder }: Investigator): Promise<string> {
  const { code, stdout, stderr } = await ask("-o", out);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /may hold malware/);
  const [sum = ""] = (await run(["sha256sum", out])).split(" ");
  assert.match(stdout, new RegExp(`^${sum}  `));
  await run(["tar", "xf", out], { cwd: folder });
  return join(folder, `evidence-${MINE.slice(0, 12)}`);
}

const checked = (cwd: string): Promise<string> => run(["sha256sum", "-c", "--strict", "SHA256SUMS"], { cwd });

const namesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name).slice(folder.length + 1))
    .sort();

suite("counterfoil evidence", () => {
  test("lists what is kept, and what is not and why", async (t) => {
    const { ask } = await investigator(t);
    const { code, stdout } = await ask();
    assert.equal(code, 0);
    assert.match(
      stdout,
      new RegExp(`\n  sha256:${hex(WRONG)}\n    10 bytes, whole; \\S+; attempt 2 of 2, from`),
    );
    assert.match(stdout, new RegExp(`\n  ${THIRD}\n    NOT KEPT: cap of one day;`));
    assert.match(stdout, new RegExp(`\n  sha256:${hex(CUT)}\n    10 bytes, CUT by the cap;`));
    assert.match(stdout, new RegExp(`\n  sha256:${hex(PAGE)}\n    17 bytes; finding\n`));
    assert.match(
      stdout,
      /\n1 journal entry, 4 ledger entries, 1 record\nTo export all of it: counterfoil evidence lantern a1a1a1a1a1a1 -o FILE\.tar\. The\nbytes may be malware\.\n$/,
    );
  });

  test("exports an archive that the real tar unpacks and the real sha256sum finds right", async (t) => {
    const folder = await unpacked(await investigator(t));
    assert.deepEqual(
      namesIn(folder),
      [
        "README.txt",
        "SHA256SUMS",
        ...[WRONG, LARGE].map((body) => `bytes/${hex(body)}`),
        `bytes/${hex(CUT)}.cut`,
        ...["entries.jsonl", "evidence.json", "finding.json", "ledger.jsonl"],
        ...[`manifests/${hex(MANIFEST)}`, `manifests/${hex(MANIFEST)}.1.sig`, "manifests/allowed_signers"],
        ...["the first page", PAGE].map((body) => `pages/${hex(Buffer.from(body))}.json`),
        "records.jsonl",
      ].sort(),
    );
    const said = await checked(folder);
    assert.equal(said.match(/: OK\n/g)?.length, namesIn(folder).length - 1);
    assert.deepEqual(readFileSync(join(folder, "bytes", hex(LARGE))), LARGE);
    assert.equal(readFileSync(join(folder, `bytes/${hex(CUT)}.cut`), "utf8"), "0123456789");
    const readme = readFileSync(join(folder, "README.txt"), "utf8");
    assert.match(readme, /WARNING: what is in bytes\/ came from strangers and may be malware/);
    assert.match(
      readme,
      new RegExp(`Not in here:\n  bytes/${THIRD.slice(7)}: not kept, because of the cap on one day`),
    );
    const { observed } = JSON.parse(readFileSync(join(folder, "finding.json"), "utf8")).grounds;
    assert.match(
      readme,
      new RegExp(`\n  bytes/${observed.slice(7)}: not kept, though the finding is about them`),
    );
  });

  test("of which one changed byte is found", async (t) => {
    const folder = await unpacked(await investigator(t));
    for (const name of namesIn(folder).filter((each) => each !== "SHA256SUMS")) {
      const path = join(folder, name);
      const was = readFileSync(path);
      const changed = was.length === 0 ? Buffer.from("x") : Buffer.from(was);
      if (was.length > 0) changed[was.length >> 1] = (was[was.length >> 1] ?? 0) ^ 1;
      writeFileSync(path, changed);
      await assert.rejects(checked(folder), CommandFailed, name);
      writeFileSync(path, was);
    }
    await checked(folder);
  });

  test("exports the same archive twice, and nothing of this machine in it", async (t) => {
    const scene = await investigator(t);
    const other = join(scene.folder, "again.tar");
    for (const path of [scene.out, other]) assert.equal((await scene.ask("-o", path)).code, 0);
    assert.ok(readFileSync(scene.out).equals(readFileSync(other)));
    const list = await run(["tar", "tvf", scene.out, "--numeric-owner", "--utc"], {});
    for (const line of list.trim().split("\n"))
      assert.match(line, /^-rw-r--r-- 0\/0 +\d+ 2026-11-22 11:00 evidence-a1/);
  });

  test("exports a manifest that the real ssh-keygen finds signed, and a ledger whose hashes can be computed", async (t) => {
    const scene = await investigator(t);
    const folder = await unpacked(scene);
    const file = join(scene.folder, "allowed");
    writeFileSync(file, `${PROJECT} ${scene.key.public}\n`);
    const manifest = join(folder, "manifests", hex(MANIFEST));
    assert.ok(verifies(readFileSync(manifest), `${manifest}.1.sig`, { file, principal: PROJECT }));
    const ledger = readFileSync(join(folder, "ledger.jsonl"), "utf8").trim().split("\n");
    const entries = ledger.map((line) => JSON.parse(line) as LedgerEntry & { whole: boolean });
    assert.deepEqual(
      entries.map(({ whole, ...entry }) => [whole, isIntact(entry)]),
      [false, true, false, false].map((whole) => [whole, whole]),
    );
  });
});

suite("an export that goes wrong", () => {
  const left = ({ folder }: Investigator): string[] =>
    readdirSync(folder).filter((name) => name.startsWith("evidence.tar"));

  test("because the bytes are not those of their name leaves nothing: 3", async (t) => {
    for (const name of [sha256(WRONG), sha256(LARGE), `page ${sha256(PAGE)}`]) {
      const scene = await investigator(t);
      const was = scene.world.kept.bodies.get(name) ?? Buffer.of();
      scene.world.kept.bodies.set(name, Buffer.from(was).fill("x"));
      const { code, stderr } = await scene.ask("-o", scene.out);
      assert.equal(code, 3);
      assert.match(stderr, /other bytes than it names: (bytes|pages)\/[0-9a-f]{64}/);
      assert.deepEqual(left(scene), []);
    }
  });

  test("because of what passes is tried again, and the archive is whole", async (t) => {
    const scene = await investigator(t);
    const { read } = scene.world.ports.evidence;
    let asked = 0;
    const failing: typeof read = async (...what) => {
      asked += 1;
      if (asked === 2) throw new Error("a fault");
      return read(...what);
    };
    Object.assign(scene.world.ports.evidence, { read: failing });
    await checked(await unpacked(scene));
    assert.deepEqual([scene.world.faults.length, asked], [1, 5]);
  });

  test("because they were forgotten since says so in the archive", async (t) => {
    const scene = await investigator(t);
    scene.world.kept.bodies.delete(sha256(WRONG));
    const folder = await unpacked(scene);
    await checked(folder);
    const readme = readFileSync(join(folder, "README.txt"), "utf8");
    assert.match(readme, new RegExp(`\n {2}bytes/${hex(WRONG)}: not kept any more\n`));
  });

  test("because nobody has vouched for the watcher has all but the bytes", async (t) => {
    const scene = await investigator(t);
    const { enrolments } = scene.world.kept;
    const index = enrolments.findIndex(({ id }) => id === scene.own.id);
    enrolments[index] = { ...scene.own.enrolment, selfClaimed: true };
    const folder = await unpacked(scene);
    await checked(folder);
    assert.deepEqual(
      namesIn(folder).filter((name) => name.startsWith("bytes/")),
      [],
    );
    const readme = readFileSync(join(folder, "README.txt"), "utf8");
    assert.match(readme, new RegExp(`\n {2}bytes/${hex(WRONG)}: handed out when the operator has vouched`));
  });

  test("because somebody ended it leaves nothing", async (t) => {
    const scene = await investigator(t);
    const asked = Promise.withResolvers<void>();
    const read = (): Promise<never> => {
      asked.resolve();
      return new Promise(() => {});
    };
    Object.assign(scene.world.ports.evidence, { read });
    const env = { PATH: process.env["PATH"] ?? "", ...scene.env };
    const child = spawn(process.execPath, [ENTRY, "evidence", PROJECT, MINE, "-o", scene.out], { env });
    t.after(() => child.kill("SIGKILL"));
    await asked.promise;
    assert.equal(left(scene).length, 1, "there is something to leave");
    child.kill("SIGINT");
    const [code] = await once(child, "exit");
    assert.deepEqual([code, left(scene)], [130, []]);
  });

  test("because the monitor's id is a path leaves nothing: 2", async (t) => {
    const scene = await investigator(t);
    const { view } = scene.world.ports;
    const id = `${MINE.slice(0, 6)}/../..`;
    const findings: typeof view.findings = async () => [finding({ id, enrolment: scene.own.id })];
    Object.assign(view, { findings });
    const { code, stderr } = await counterfoil(
      ["evidence", PROJECT, MINE.slice(0, 6), "-o", scene.out],
      scene.env,
    );
    assert.equal(code, 2, stderr);
    assert.match(stderr, /no finding that is listed/);
    assert.deepEqual(left(scene), []);
  });

  test("because something of that name is there: 2, and it stays", async (t) => {
    const scene = await investigator(t);
    writeFileSync(scene.out, "mine");
    const { code, stderr } = await scene.ask("-o", scene.out);
    assert.deepEqual([code, readFileSync(scene.out, "utf8")], [2, "mine"]);
    assert.match(stderr, /is there already/);
  });

  test("because the key is another watcher's, or CI's, or none: 2", async (t) => {
    const scene = await investigator(t);
    for (const key of [scene.other.maintainer, scene.own.ci, ""]) {
      const env = { ...scene.env, COUNTERFOIL_KEY: key };
      const { code } = await counterfoil(["evidence", PROJECT, MINE, "-o", scene.out], env);
      assert.deepEqual([code, left(scene)], [2, []]);
    }
  });
});
