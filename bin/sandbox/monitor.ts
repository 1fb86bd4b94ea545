import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const ARTIFACTS = z.looseObject({
  artifacts: z.array(z.looseObject({ file: z.string(), verdict: z.nullable(z.string()) })),
});
const ENROLLED = z.looseObject({ keys: z.looseObject({ maintainer: z.string() }) });

/** How the story starts the monitor under test: the real process, as its users start it. */
export interface MonitorOptions {
  readonly program: string;
  readonly folder: string;
  readonly index: string;
  readonly filesOrigin: string;
  readonly notify: string;
}

/** A monitor in a process of its own, talked to as anybody would: by its public API. */
export class Monitor {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #keys = new Map<string, string>();

  private constructor(process: ChildProcess, url: string, folder: string) {
    this.#process = process;
    this.url = url;
    this.#folder = folder;
  }

  static async start(options: MonitorOptions): Promise<Monitor> {
    const pace = ["--poll", "0.2", "--confirm", "1.5", "--sweep", "3", "--rehash", "3"];
    const where = ["--index", options.index, "--files-origin", options.filesOrigin, "--data", options.folder];
    const args = [options.program, "serve", ...where, ...pace, "--port", "0", "--notify", options.notify];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    return new Monitor(child, await announcedUrl(child), options.folder);
  }

  async enrol(project: string, policy: object): Promise<void> {
    const operator = readFileSync(join(this.#folder, "operator.key"), "utf8").trim();
    const answer = ENROLLED.parse(
      await this.#post("/v1/enrolments", operator, JSON.stringify({ project, policy })),
    );
    this.#keys.set(project, answer.keys.maintainer);
  }

  /** What `sha256sum dist/* | curl --data-binary @- …` sends. */
  async record(project: string, lines: string): Promise<void> {
    await this.#post(`/v1/projects/${project}/records`, this.#keys.get(project) ?? "", lines);
  }

  async verdict(project: string, file: string): Promise<string | null> {
    const response = await fetch(`${this.url}/v1/projects/${project}/artifacts`);
    if (!response.ok) return null;
    const { artifacts } = ARTIFACTS.parse(await response.json());
    return artifacts.find((row) => row.file === file)?.verdict ?? null;
  }

  async isAwake(): Promise<boolean> {
    return (await fetch(`${this.url}/v1/health`)).ok;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    if (this.#process.exitCode === null && this.#process.kill("SIGTERM")) await ended;
  }

  async #post(path: string, key: string, body: string): Promise<unknown> {
    const headers = { authorization: `Bearer ${key}`, accept: "application/json" };
    const response = await fetch(`${this.url}${path}`, { method: "POST", headers, body });
    if (!response.ok) throw new Error(`POST ${path}: ${await response.text()}`);
    return response.json();
  }
}

/** The address that the monitor prints when it is up. */
function announcedUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      printed += chunk.toString("utf8");
      const url = /API +(http:\S+)/.exec(printed)?.[1];
      if (url !== undefined && printed.includes("Interrupt to stop")) resolve(url);
    });
    child.once("exit", (code) => reject(new Error(`the monitor ended with ${code} before it was up`)));
  });
}
