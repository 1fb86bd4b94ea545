/**
 * The README's three commands as they stand there, in a shell, by somebody who has a project and nothing else: to a first
 * match. The index is the sandbox (by COUNTERFOIL_INDEX), all else as it says. Run by `npm run test:readme`.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startIndex } from "../../bin/sandbox/index/server.ts";
import { run } from "../programs/commands.ts";
import { Server } from "../programs/server.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const README = readFileSync(join(ROOT, "README.md"), "utf8");
const STORY = join(ROOT, "test/fixtures/story");

const PROJECT = "your-project";
const WHEEL = "your_project-1.0-py3-none-any.whl";
const SDIST = "your_project-1.0.tar.gz";

/** The shell blocks under a heading of the README. */
function blocksUnder(heading: string): readonly string[] {
  const [, section = ""] = README.split(`\n## ${heading}\n`);
  const [own = ""] = section.split("\n## ");
  return [...own.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) => block.trim());
}

await using ends = new AsyncDisposableStack();
const home = mkdtempSync(join(tmpdir(), "counterfoil-readme-"));
ends.defer(() => rmSync(home, { recursive: true, force: true }));
const index = await startIndex();
ends.defer(() => index.close());

// A maintainer's folder, with what they released a while ago.
mkdirSync(join(home, "dist"));
const files = [WHEEL, SDIST].map((name) => ({ name, bytes: readFileSync(join(STORY, "SHA256SUMS")) }));
for (const { name, bytes } of files) writeFileSync(join(home, "dist", name), bytes);
index.publish({ project: PROJECT, version: "1.0", files });

/** `npx` finds the command where the checkout has it, and the monitor's index is not the real one. */
const env = {
  ...process.env,
  PATH: `${join(ROOT, "node_modules/.bin")}:${process.env["PATH"]}`,
  npm_config_prefix: ROOT,
  COUNTERFOIL_INDEX: index.url,
  COUNTERFOIL_FILES_ORIGIN: index.filesOrigin,
  COUNTERFOIL_POLL: "1",
};
const shell = (line: string): [string, ...string[]] => [
  "bash",
  "-euc",
  `npx() { node ${join(ROOT, "bin/counterfoil.js")} "\${@:2}"; }; ${line}`,
];

const [three = "", one = ""] = blocksUnder("Watch a project of your own");
const [serve = "", ...commands] = three.split("\n");
assert.match(serve, /^npx counterfoil serve$/);
assert.equal(commands.length, 2);

const monitor = await Server.start({
  name: "the first command",
  command: shell(`exec ${serve.replace(/^npx counterfoil/, `node ${join(ROOT, "bin/counterfoil.js")}`)}`),
  env,
  cwd: home,
  log: join(home, "serve.log"),
  // The key is its own: somebody else's monitor may answer at the port that the README names.
  isUp: async () =>
    existsSync(join(home, "counterfoil-data/operator.key")) &&
    (await fetch("http://127.0.0.1:8080/v1/problems/internal")).ok,
});
ends.defer(() => monitor.stop());

let last = "";
for (const command of commands) {
  last = await run(shell(command), { cwd: home, env, timeout: 90_000 });
  console.log(`$ ${command}\n${last}`);
}
for (const file of [WHEEL, SDIST])
  assert.match(last, new RegExp(`^match +${file.replaceAll(".", "\\.")} \\(maintainer\\)$`, "m"));
console.log("ok: three commands to a first match");

const KEY = readFileSync(join(home, `${PROJECT}.maintainer.key`), "utf8").trim();
const receipt = await run(shell(one), { cwd: home, env: { ...env, KEY }, timeout: 30_000 });
console.log(`$ ${one}\n${receipt}`);
assert.match(receipt, /already-recorded \(maintainer\); so far: match, listed/);
console.log("ok: one line of shell");
