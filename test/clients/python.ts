import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { run } from "./commands.ts";

const requirements = fileURLToPath(new URL("requirements.txt", import.meta.url));

/** Where everything that is installed or downloaded stays between runs. */
export const cache = fileURLToPath(new URL("../../.cache/clients/", import.meta.url));
const environment = `${cache}venv`;

/** A program of the environment's own. */
export function program(name: string): string {
  return `${environment}/bin/${name}`;
}

/** Makes a Python environment with the pinned clients, or finds the one an earlier run made from the same list. */
export async function installClients(): Promise<void> {
  const wanted = await readFile(requirements, "utf8");
  const installed = await readFile(`${environment}/installed.txt`, "utf8").catch(() => null);
  if (installed === wanted) return;
  await mkdir(cache, { recursive: true });
  await makeEnvironment();
  await run([program("python"), "-m", "pip", "install", "--quiet", "--upgrade", "-r", requirements]);
  await writeFile(`${environment}/installed.txt`, wanted);
}

/** Some systems' Python comes without what `venv` needs to install pip; virtualenv brings its own. */
async function makeEnvironment(): Promise<void> {
  try {
    await run(["python3", "-m", "venv", "--clear", environment]);
    await access(program("pip"));
  } catch {
    const library = `${cache}virtualenv`;
    await run(["python3", "-m", "pip", "install", "--quiet", "--target", library, "virtualenv==21.15.8"]);
    const env = { ...process.env, PYTHONPATH: library };
    await run(["python3", "-m", "virtualenv", "--clear", environment], { env });
  }
}

/** The surroundings of a client that shall know the sandbox and nothing else: no configured index, no proxy. */
export function secluded(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:pip_|twine_|.*_proxy$)/i.test(name));
  return { ...Object.fromEntries(kept), PIP_CONFIG_FILE: "/dev/null", PYTHONNOUSERSITE: "1", ...more };
}
