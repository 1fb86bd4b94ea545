/** Packs, installs the tarball into an empty folder as a stranger would, and runs what was installed. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "counterfoil-pack-"));
const installed = join(folder, "node_modules", "counterfoil");

const run = (program: string, args: readonly string[], cwd = folder): string =>
  execFileSync(program, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

/** The installed command on this process's Node: what `npx` would start. */
const counterfoil = (...args: string[]): string =>
  run(process.execPath, [join(folder, "node_modules", ".bin", "counterfoil"), ...args]);

const COMMANDS = readdirSync(join(root, "bin/commands")).map((file) => file.replace(/\.ts$/, ""));

/** Its folder is a file: it stops after everything was loaded, and before it listens. */
function loadsTheMonitor(): boolean {
  const data = join(folder, "no-folder");
  writeFileSync(data, "");
  const command = join(folder, "node_modules", ".bin", "counterfoil");
  try {
    execFileSync(process.execPath, [command, "serve", "--data", data], { stdio: "pipe" });
    return false;
  } catch (error) {
    const { status, stderr } = error as { status: number; stderr: Buffer };
    return status === 3 && /EEXIST|ENOTDIR/.test(stderr.toString());
  }
}

const CHECKS: readonly (readonly [string, () => boolean])[] = [
  ["the compiled command answers", () => /^\d+\.\d+\.\d+/.test(counterfoil("--version"))],
  [
    "its help names every command",
    () => COMMANDS.every((name) => counterfoil("--help").includes(`\n  ${name} `)),
  ],
  ["it loads the whole monitor, and the document that it serves", () => loadsTheMonitor()],
  ["it plays the story from its own wheels", () => JSON.parse(counterfoil("story", "--json")).ok === true],
  [
    "no TypeScript source came along",
    () => !readdirSync(join(installed, "bin")).some((file) => file.endsWith(".ts")),
  ],
  ["an old Node is told in one sentence and exit 3", () => refusesOldNode()],
];

function refusesOldNode(): boolean {
  const old = join(folder, "old.cjs");
  writeFileSync(
    old,
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.19.0" } });\n',
  );
  try {
    execFileSync(process.execPath, ["--require", old, join(installed, "bin", "counterfoil.js")], {
      stdio: "pipe",
    });
    return false;
  } catch (error) {
    const { status, stderr } = error as { status: number; stderr: Buffer };
    return status === 3 && /install Node\.js 24/.test(stderr.toString());
  }
}

let failed = 0;
try {
  const [packed] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", folder], root)) as {
    filename: string;
  }[];
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  run("npm", ["install", "--no-audit", "--no-fund", `./${packed?.filename}`]);
  for (const [claim, holds] of CHECKS) {
    const ok = holds();
    failed += ok ? 0 : 1;
    process.stdout.write(`${ok ? "ok " : "BAD"} ${claim}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${CHECKS.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
