/**
 * PyPI's own clients against the sandbox, with the monitor watching: twine uploads real wheels and sdists, the monitor
 * finds each in the journal and says `match`, pip and bandersnatch then fetch them. Run by `npm run test:clients`.
 * Installs what it needs under `.cache/clients`; whatever is missing is a failure, never a skip.
 */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type SandboxIndex, startIndex } from "../../bin/sandbox/index/server.ts";
import { run } from "../programs/commands.ts";
import { freePort } from "../programs/ports.ts";
import { mirror } from "./mirror.ts";
import { type Monitor, startMonitor } from "./monitor.ts";
import { installClients, program, secluded } from "./python.ts";
import { fetchRealFiles, pipDownload, type RealFile, realFolder, sha256Of } from "./real-files.ts";

/** What the checks share. */
interface Scene {
  readonly index: SandboxIndex;
  readonly monitor: Monitor;
  readonly files: readonly RealFile[];
  readonly folder: string;
}

const checks: Readonly<Record<string, (scene: Scene) => Promise<void>>> = {
  "the monitor takes records made with sha256sum and curl": recordAll,
  "twine uploads every wheel and sdist": uploadAll,
  "the journal names every file": journalNames,
  "the monitor says match for every file": matchAll,
  "pip downloads every wheel with --require-hashes": (scene) =>
    downloadAll(scene, ".whl", "--only-binary=:all:"),
  "pip downloads every sdist with --require-hashes": (scene) =>
    downloadAll(scene, ".tar.gz", "--no-binary=:all:"),
  "pip resolves from a wheel's metadata without fetching the wheel": resolve,
  "pip refuses a file whose bytes were swapped": refuse,
  "bandersnatch mirrors every file with its digest": mirrorAll,
  "bandersnatch follows the journal to the next release": mirrorNext,
  "the monitor said who it is and asked for what it can read": etiquette,
  "the monitor stops when told to": stops,
};

async function recordAll({ monitor, files }: Scene): Promise<void> {
  for (const [project, own] of byProject(files)) {
    const receipt = await monitor.record(project, own, await monitor.enrol(project));
    for (const { name } of own) assert.ok(receipt.includes(name), receipt);
  }
}

async function uploadAll({ index, files }: Scene): Promise<void> {
  const names = files.map(({ name }) => name);
  const to = ["--repository-url", `${index.url}/legacy/`, "-u", "__token__", "-p", "pypi-sandbox"];
  const quietly = ["--non-interactive", "--disable-progress-bar"];
  await run([program("twine"), "upload", ...quietly, ...to, ...names], { cwd: realFolder, env: secluded() });
  assert.equal(index.requests.count("upload"), files.length);
}

async function journalNames({ index, files }: Scene): Promise<void> {
  for (const { name } of files) {
    assert.equal(index.journal.rows.filter(({ action }) => action.endsWith(` file ${name}`)).length, 1, name);
  }
}

async function matchAll({ monitor, files }: Scene): Promise<void> {
  const deadline = Date.now() + 60_000;
  let verdicts = new Map<string, string>();
  while (files.some(({ name }) => verdicts.get(name) !== "match by maintainer")) {
    assert.ok(Date.now() < deadline, `after a minute: ${JSON.stringify([...verdicts])}`);
    await pause(200);
    const judged = await Promise.all(
      [...byProject(files).keys()].map((project) => monitor.artifacts(project)),
    );
    verdicts = new Map(
      judged.flat().map(({ file, verdict, authority }) => [file, `${verdict} by ${authority}`]),
    );
  }
}

async function downloadAll({ index, files, folder }: Scene, ending: string, kind: string): Promise<void> {
  const asked = files.filter(({ name }) => name.endsWith(ending));
  const [list, into] = [`${folder}/hashes${ending}.txt`, `${folder}/pip${ending}`];
  const lines = asked.map(({ requirement, sha256 }) => `${requirement} --hash=sha256:${sha256}`);
  await mkdir(into);
  await writeFile(list, `${lines.join("\n")}\n`);
  const from = [
    "--index-url",
    `${index.url}/simple/`,
    "--no-cache-dir",
    "--require-hashes",
    kind,
    "-r",
    list,
  ];
  await pipDownload(from, into, secluded());
  for (const { name, sha256 } of asked) assert.equal(await sha256Of(join(into, name)), sha256, name);
}

async function refuse({ index, files, folder }: Scene): Promise<void> {
  const file = files.find(({ name }) => name.endsWith(".whl"));
  assert.ok(file);
  index.faults.flipBit(file.name);
  const asked = [
    "--index-url",
    `${index.url}/simple/`,
    "--no-cache-dir",
    "--only-binary=:all:",
    file.requirement,
  ];
  await assert.rejects(pipDownload(asked, join(folder, "refused"), secluded()), /DO NOT MATCH THE HASHES/);
  index.faults.restoreBytes(file.name);
}

async function mirrorAll({ index, files, folder }: Scene): Promise<void> {
  assert.ok(index.tls);
  const digests = await mirror(index.tls, folder);
  assert.deepEqual([...digests].sort(), files.map(({ name, sha256 }) => [name, sha256]).sort());
}

async function resolve({ index }: Scene): Promise<void> {
  const fetched = index.requests.count("file");
  const only = ["--dry-run", "--ignore-installed", "--no-deps", "--only-binary=:all:", "--no-cache-dir"];
  const from = ["--index-url", `${index.url}/simple/`, "packaging"];
  await run([program("python"), "-m", "pip", "install", ...only, ...from], { env: secluded() });
  assert.equal(index.requests.count("file-metadata"), 1);
  assert.equal(index.requests.count("file"), fetched);
}

async function mirrorNext({ index, folder }: Scene): Promise<void> {
  assert.ok(index.tls);
  const name = "lanternfish-1.0.0-py3-none-any.whl";
  const bytes = await readFile(new URL(`../fixtures/story/${name}`, import.meta.url));
  const [published] = index.publish({ project: "lanternfish", version: "1.0.0", files: [{ name, bytes }] });
  const digests = await mirror(index.tls, folder);
  assert.equal(digests.get(name), published?.content.sha256);
}

async function etiquette({ index }: Scene): Promise<void> {
  const asked = index.requests.all.filter(({ headers }) => /counterfoil/i.test(headers["user-agent"] ?? ""));
  for (const route of ["xmlrpc", "simple-project", "file"] as const) {
    assert.ok(
      asked.some((request) => request.route === route),
      `no request of the monitor's own to ${route}`,
    );
  }
  for (const { route, headers } of asked) {
    assert.match(headers["user-agent"] ?? "", /https?:\/\/|@/, "the User-Agent must say whom to contact");
    if (route === "simple-project") assert.equal(headers.accept, "application/vnd.pypi.simple.v1+json");
    if (route === "file") assert.equal(headers["accept-encoding"], "identity");
  }
}

async function stops({ monitor }: Scene): Promise<void> {
  assert.equal(await monitor.stop(), 0);
}

function byProject(files: readonly RealFile[]): ReadonlyMap<string, readonly RealFile[]> {
  return Map.groupBy(files, ({ project }) => project);
}

/** Goes through the checks in order: each builds on those before, so the first failure is the last. */
async function play(scene: Scene): Promise<boolean> {
  let passed = 0;
  for (const [claim, check] of Object.entries(checks)) {
    try {
      await check(scene);
      passed += 1;
      console.log(`ok      ${claim}`);
    } catch (error) {
      console.log(`FAILED  ${claim}\n${error instanceof Error ? error.stack : error}`);
      console.log(`the monitor's own words:\n${scene.monitor.log}`);
      break;
    }
  }
  const failed = Object.keys(checks).length - passed;
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0;
}

async function main(): Promise<boolean> {
  await installClients();
  const files = await fetchRealFiles();
  await using ends = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "counterfoil-clients-"));
  ends.defer(() => rm(folder, { recursive: true, force: true }));
  const index = await startIndex({ tls: true });
  ends.defer(() => index.close());
  const monitor = startMonitor(index.url, index.filesOrigin, join(folder, "data"), await freePort());
  ends.defer(async () => void (await monitor.stop()));
  await monitor.ready();
  return await play({ index, monitor, files, folder });
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.log(error instanceof Error ? error.stack : error);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}
