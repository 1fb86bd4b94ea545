/**
 * Proves the proofs: each promise of the design has one deliberate bug, and with it applied a named test must fail.
 * Works on a copy of the checkout as it is. `node test/promises/run.ts` exits 0 only if every test noticed its bug.
 */
import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PROMISES = 7;

/** A patch, and what its first lines say of it. */
interface DeliberateBug {
  readonly patch: string;
  readonly promise: string;
  readonly bug: string;
  readonly file: string;
  readonly test: string;
}

function read(name: string): DeliberateBug {
  const text = readFileSync(join(HERE, name), "utf8");
  const line = (label: string): string => {
    const said = new RegExp(`^${label}: (.+)$`, "m").exec(text)?.[1];
    if (said === undefined) throw new Error(`${name} has no line "${label}: …"`);
    return said;
  };
  const [promise, bug] = [line("Promise"), line("Bug")];
  return { patch: join(HERE, name), promise, bug, file: line("File"), test: line("Test") };
}

/** The checkout, what is not committed yet included, with the modules it has installed. */
function copied(): string {
  const to = mkdtempSync(join(tmpdir(), "counterfoil-promises-"));
  const listed = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const paths = execFileSync("git", listed, { cwd: ROOT, encoding: "utf8" }).split("\0");
  for (const path of paths.filter((each) => each !== "" && existsSync(join(ROOT, each)))) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    copyFileSync(join(ROOT, path), join(to, path));
  }
  symlinkSync(join(ROOT, "node_modules"), join(to, "node_modules"));
  return to;
}

type Outcome = "passed" | "failed" | "did not run";

/** Runs one test by its name. A file that does not even load has not run it. */
function outcomeOf({ file, test }: DeliberateBug, folder: string): Outcome {
  const pattern = `${test.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`;
  const args = ["--test", "--test-reporter=tap", `--test-name-pattern=${pattern}`, file];
  // The runner's own context would make the inner one report to it instead of to us.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { stdout } = spawnSync(process.execPath, args, {
    cwd: folder,
    env,
    encoding: "utf8",
    timeout: 300_000,
  });
  const lines = stdout.split("\n").map((line) => /^\s*(ok|not ok) \d+ - (.*)$/.exec(line));
  const ends = lines.flatMap((line) => (line?.[2] === test.replaceAll("#", "\\#") ? [line[1]] : []));
  if (ends.length !== 1) return "did not run";
  return ends[0] === "ok" ? "passed" : "failed";
}

const apply = (patch: string, folder: string, ...more: readonly string[]): void =>
  void execFileSync("git", ["apply", ...more, patch], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });

/** What is wrong with the proof of one promise; `null` when its test passes without the bug and fails with it. */
function wrongWith(bug: DeliberateBug, folder: string): string | null {
  const before = outcomeOf(bug, folder);
  if (before !== "passed") return `without the bug its test ${before}`;
  try {
    apply(bug.patch, folder);
  } catch (error) {
    return `the patch no longer fits the tree: ${error instanceof Error ? error.message : String(error)}`;
  }
  const after = outcomeOf(bug, folder);
  apply(bug.patch, folder, "--reverse");
  return after === "failed" ? null : `with the bug its test ${after}`;
}

function main(): number {
  const bugs = readdirSync(HERE)
    .filter((name) => name.endsWith(".patch"))
    .sort()
    .map(read);
  const folder = copied();
  let failed = Math.abs(PROMISES - bugs.length);
  try {
    for (const bug of bugs) {
      const wrong = wrongWith(bug, folder);
      if (wrong !== null) failed += 1;
      const told =
        wrong === null ? `"${bug.test}" notices that ${bug.bug}` : `${bug.file}, "${bug.test}": ${wrong}`;
      process.stdout.write(`${wrong === null ? "ok    " : "FAILED"} ${bug.promise} ${told}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(`${Math.max(0, PROMISES - failed)} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = main();
