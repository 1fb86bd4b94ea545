import { setTimeout } from "node:timers/promises";
import * as z from "zod";

const ARTIFACTS = z.looseObject({
  artifacts: z.array(z.looseObject({ file: z.string(), verdict: z.nullable(z.string()) })),
});
const ENROLLED = z.looseObject({ keys: z.looseObject({ maintainer: z.string() }) });

/** Where many share a limit, one is asked to come again. */
const MOST_TRIES = 20;

/** A running monitor, talked to as anybody would: by its public API. Keeps the keys that it is given. */
export class Monitor {
  readonly url: string;
  readonly #operatorKey: string;
  readonly #keys = new Map<string, string>();

  constructor(url: string, operatorKey: string) {
    this.url = url;
    this.#operatorKey = operatorKey;
  }

  async enrol(project: string, policy: object): Promise<void> {
    const asked = JSON.stringify({ project, policy });
    const answer = ENROLLED.parse(await this.#post("/v1/enrolments", this.#operatorKey, asked));
    this.#keys.set(project, answer.keys.maintainer);
  }

  /** What `sha256sum dist/* | curl --data-binary @- …` sends. */
  async record(project: string, lines: string): Promise<void> {
    await this.#post(`/v1/projects/${project}/records`, this.#keys.get(project) ?? "", lines);
  }

  async verdict(project: string, file: string): Promise<string | null> {
    return (await this.verdicts(project)).get(file) ?? null;
  }

  /** By file name, of all that it shows of a project. */
  async verdicts(project: string): Promise<ReadonlyMap<string, string | null>> {
    const response = await this.#ask(`/v1/projects/${project}/artifacts`);
    if (!response.ok) return new Map();
    const { artifacts } = ARTIFACTS.parse(await response.json());
    return new Map(artifacts.map(({ file, verdict }) => [file, verdict]));
  }

  async isAwake(): Promise<boolean> {
    return (await fetch(`${this.url}/v1/health`)).ok;
  }

  async #post(path: string, key: string, body: string): Promise<unknown> {
    const headers = { authorization: `Bearer ${key}`, accept: "application/json" };
    const response = await this.#ask(path, { method: "POST", headers, body });
    if (!response.ok) throw new Error(`POST ${path}: ${await response.text()}`);
    return response.json();
  }

  /** Comes again while it is told to. */
  async #ask(path: string, init: RequestInit = {}): Promise<Response> {
    let response = await fetch(`${this.url}${path}`, init);
    for (let tries = 1; response.status === 429 && tries < MOST_TRIES; tries += 1) {
      await setTimeout(1_000);
      response = await fetch(`${this.url}${path}`, init);
    }
    return response;
  }
}
