/**
 * The API asked by `schemathesis` what its own document says can be asked, and much that cannot: no fault of ours, no answer
 * that the document does not have. Once as nobody, once as each kind of caller. Run by `npm run test:openapi`; installs what it
 * needs under `.cache/openapi`. `SEED=n` repeats a run.
 */
import { randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../programs/commands.ts";
import { PythonEnvironment } from "../programs/python.ts";
import { makeSetting, type Setting } from "./setting.ts";

const CHECKS = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_headers_conformance",
  "response_schema_conformance",
];
const EXAMPLES = 25;
const PATIENCE_MS = 240_000;

const requirements = fileURLToPath(new URL("requirements.txt", import.meta.url));
const cache = fileURLToPath(new URL("../../.cache/openapi/", import.meta.url));
const python = new PythonEnvironment(cache, requirements);
const seed = Number(process.env["SEED"] ?? randomInt(1_000_000));

/** Real names, so that requests get past the first look; the rest is made up. */
function configure({ folder, project, enrolment }: Setting): string {
  const path = join(folder, "schemathesis.toml");
  writeFileSync(path, `[parameters]\nproject = "${project}"\nenrolment = "${enrolment}"\n`);
  return path;
}

async function ask(setting: Setting, as: string, key: string | null): Promise<void> {
  const config = ["--config-file", configure(setting)];
  const how = ["--checks", CHECKS.join(","), "--phases", "examples,coverage,fuzzing"];
  const much = ["--max-examples", String(EXAMPLES), "--seed", String(seed), "--continue-on-failure"];
  const whom = key === null ? [] : ["-H", `Authorization: Bearer ${key}`];
  const quiet = ["--generation-database", "none", "--suppress-health-check", "all", "--warnings", "off"];
  const url = `${setting.url}/openapi.json`;
  await run([python.program("schemathesis"), ...config, "run", ...how, ...much, ...whom, ...quiet, url], {
    cwd: setting.folder,
    timeout: PATIENCE_MS,
  });
  console.log(`ok: asked as ${as}, every answer is one of the document's (seed ${seed})`);
}

await python.install();
const setting = await makeSetting();
try {
  const { operator, maintainer, ci } = setting.keys;
  for (const [as, key] of Object.entries({ nobody: null, ci, maintainer, operator }))
    await ask(setting, as, key);
} catch (error) {
  console.log(error instanceof Error ? error.message : error);
  console.log(`seed ${seed}`);
  process.exitCode = 1;
} finally {
  await setting.end();
}
