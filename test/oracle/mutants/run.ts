/**
 * Proves the oracle: each deliberate bug, applied to a copy of the checkout, must be found by a kept script or within so many worlds.
 * `node test/oracle/mutants/run.ts [worlds]` prints how many it took, and exits 0 only if every bug was found.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const WITHIN = Number(process.argv[2] ?? 500);

/** What the worlds need of the checkout, as it is. */
function copied(): string {
  const to = mkdtempSync(join(tmpdir(), "counterfoil-mutants-"));
  for (const part of ["bin", "functions", "test/oracle", "test/world.ts", "package.json"])
    cpSync(join(ROOT, part), join(to, part), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(to, "node_modules"));
  return to;
}

const KEPT = "test/oracle/kept";

/** What found the bug; `null` where nothing did. */
function foundBy(folder: string): string | null {
  const world = played(folder, ["--seed", "0", "--worlds", String(WITHIN), "--first"]);
  if (world !== null) return `in world ${Number(world) + 1}`;
  const kept = readdirSync(join(folder, KEPT));
  const script = kept.find((name) => played(folder, ["--script", join(KEPT, name)]) !== null);
  return script === undefined ? null : `by ${script.replace(".json", "")}`;
}

/** The seed of the first world that differs; `null` where none does. */
function played(folder: string, which: readonly string[]): string | null {
  const args = ["test/oracle/run.ts", ...which, "--no-shrink"];
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  const seed = /^seed (\d+):/m.exec(stdout)?.[1];
  if (status === 0) return null;
  if (seed === undefined) throw new Error(`no world was played: ${stdout}`);
  if (stdout.includes("the monitor fell")) throw new Error(`the bug lets no world be played: ${stdout}`);
  return seed;
}

function main(): number {
  const folder = copied();
  let failed = 0;
  try {
    for (const name of readdirSync(HERE).filter((each) => each.endsWith(".patch"))) {
      const patch = join(HERE, name);
      const bug = /^Bug: (.+)$/m.exec(readFileSync(patch, "utf8"))?.[1] ?? name;
      execFileSync("git", ["apply", patch], { cwd: folder });
      const found = foundBy(folder);
      execFileSync("git", ["apply", "--reverse", patch], { cwd: folder });
      if (found === null) failed += 1;
      const told = found === null ? `not found in ${WITHIN} worlds, nor by a kept script` : `found ${found}`;
      process.stdout.write(`${found === null ? "FAILED" : "ok    "} ${told}: ${bug}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return failed;
}

process.exitCode = main() === 0 ? 0 : 1;
