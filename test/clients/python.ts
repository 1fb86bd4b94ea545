import { fileURLToPath } from "node:url";
import { PythonEnvironment } from "../programs/python.ts";

/** Where everything that is installed or downloaded stays between runs. */
export const cache = fileURLToPath(new URL("../../.cache/clients/", import.meta.url));
const environment = new PythonEnvironment(cache, fileURLToPath(new URL("requirements.txt", import.meta.url)));

/** A program of the environment's own. */
export function program(name: string): string {
  return environment.program(name);
}

/** Makes a Python environment with the pinned clients, or finds the one an earlier run made from the same list. */
export function installClients(): Promise<void> {
  return environment.install();
}

/** The surroundings of a client that shall know the sandbox and nothing else: no configured index, no proxy. */
export function secluded(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:pip_|twine_|.*_proxy$)/i.test(name));
  return { ...Object.fromEntries(kept), PIP_CONFIG_FILE: "/dev/null", PYTHONNOUSERSITE: "1", ...more };
}
