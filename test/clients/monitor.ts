import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { run } from "../programs/commands.ts";
import { type RealFile, realFolder } from "./real-files.ts";

const counterfoil = fileURLToPath(new URL("../../bin/counterfoil.js", import.meta.url));

/** One line of a project's artifacts, as far as this test reads it. */
export interface Judged {
  readonly file: string;
  readonly verdict: string;
  readonly authority: string | null;
}

/** The monitor as its users have it: a process, an address and a key. */
export class Monitor {
  readonly #child: ChildProcess;
  readonly #url: string;
  readonly #folder: string;
  #log = "";

  constructor(child: ChildProcess, url: string, folder: string) {
    this.#child = child;
    this.#url = url;
    this.#folder = folder;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk) => {
        this.#log += chunk;
      });
    }
  }

  /** What it printed so far, for the report of a failure. */
  get log(): string {
    return this.#log;
  }

  async ready(): Promise<void> {
    for (let tries = 0; tries < 150; tries += 1) {
      if (this.#child.exitCode !== null) break;
      const answer = await fetch(`${this.#url}/v1/health`).catch(() => null);
      if (answer !== null) return;
      await pause(100);
    }
    throw new Error(`the monitor did not come up:\n${this.#log}`);
  }

  /** Enrols a project as the operator does and answers the maintainer's key. */
  async enrol(project: string): Promise<string> {
    const operatorKey = (await readFile(`${this.#folder}/operator.key`, "utf8")).trim();
    const response = await fetch(`${this.#url}/v1/enrolments`, {
      method: "POST",
      headers: { Authorization: `Bearer ${operatorKey}`, "Content-Type": "application/json" },
      body: JSON.stringify({ project, policy: { graceMinutes: 60, strict: false, frozen: false } }),
    });
    if (!response.ok) throw new Error(`enrolling ${project}: ${response.status} ${await response.text()}`);
    const { keys } = (await response.json()) as { keys: { maintainer: string } };
    return keys.maintainer;
  }

  /** Records files as the README says: `sha256sum … | curl …`. Answers the receipt. */
  async record(project: string, files: readonly RealFile[], key: string): Promise<string> {
    const pipeline =
      'url=$1 key=$2; shift 2; sha256sum -- "$@" | curl -sS --fail-with-body --data-binary @- -H "Authorization: Bearer $key" "$url"';
    const url = `${this.#url}/v1/projects/${project}/records`;
    const names = files.map(({ name }) => name);
    return run(["sh", "-c", pipeline, "sh", url, key, ...names], { cwd: realFolder });
  }

  async artifacts(project: string): Promise<readonly Judged[]> {
    const response = await fetch(`${this.#url}/v1/projects/${project}/artifacts`);
    if (!response.ok) return [];
    const { artifacts } = (await response.json()) as { artifacts: readonly Judged[] };
    return artifacts;
  }

  /** Asks it to stop and waits until it has. */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode !== null) return this.#child.exitCode;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await ended;
    return this.#child.exitCode;
  }
}

/** Starts `counterfoil serve` on an index. It answers once `ready` has resolved. */
export function startMonitor(index: string, filesOrigin: string, folder: string, port: number): Monitor {
  const origins = ["--index", index, "--files-origin", filesOrigin];
  const own = ["--data", folder, "--port", String(port), "--poll", "0.2", "--confirm", "2"];
  const child = spawn(process.execPath, [counterfoil, "serve", ...origins, ...own], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  return new Monitor(child, `http://127.0.0.1:${port}`, folder);
}
