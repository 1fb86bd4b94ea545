import assert from "node:assert/strict";
import { hexOf, sha256 } from "../../functions/domain/digests.ts";
import type { Alert } from "../../functions/ports.ts";
import type { Keys, World } from "../world.ts";

/** A file of the developer's own; anything else under its name is somebody else's. */
export const genuine = (file: string): string => `the developer's ${file}`;
export const malware = (file: string): string => `somebody else's ${file}`;

/** What makes a file's bytes of its name. */
export type Making = (file: string) => string;

/** `topic severity verdict state subject`. */
const lineOf = ({ topic, severity, finding }: Alert): string =>
  `${topic} ${severity} ${finding.verdict} ${finding.state} ${finding.file ?? finding.project ?? "the monitor"}`;

/** Everybody who acts in an incident: developer, attacker, index and its administrators, and who reads the alerts. */
export class Scene {
  readonly world: World;
  readonly #keys = new Map<string, Keys>();
  readonly #read = new Set<string>();

  constructor(world: World) {
    this.world = world;
  }

  get index(): World["index"] {
    return this.world.index;
  }

  async watch(project: string, policy: object = {}): Promise<void> {
    this.#keys.set(project, await this.world.enrol(project, policy));
  }

  keysOf(project: string): Keys {
    const keys = this.#keys.get(project);
    if (keys === undefined) throw new Error(`nobody watches ${project}`);
    return keys;
  }

  /** Publishes files under their names, by whoever has the right to upload; attested where somebody attests them. */
  upload(
    project: string,
    version: string,
    files: readonly string[],
    making: Making = genuine,
    provenances: ReadonlyMap<string, Uint8Array> = new Map(),
  ): void {
    const made = files.map((name) => ({
      name,
      bytes: Buffer.from(making(name)),
      provenance: provenances.get(name),
    }));
    this.index.publish({ project, version, files: made });
  }

  /** Hands in `sha256sum` lines under one of the developer's credentials. */
  async record(
    project: string,
    files: readonly string[],
    by: "maintainer" | "ci" = "maintainer",
    making: Making = genuine,
  ): Promise<void> {
    const lines = files.map((file) => `${hexOf(sha256(making(file)))}  dist/${file}\n`).join("");
    const answer = await this.world.record(project, this.keysOf(project)[by], lines);
    assert.ok(answer.ok, await answer.text());
  }

  /** As a developer does it: records first, then publishes. */
  async release(
    project: string,
    version: string,
    files: readonly string[],
    by?: "maintainer" | "ci",
  ): Promise<void> {
    await this.record(project, files, by);
    this.upload(project, version, files);
  }

  /** What a subscriber was told since the last time that this was asked: by alert id, as some are delivered twice. */
  news(): string[] {
    const fresh = this.world.alerts.filter(({ id }) => !this.#read.has(id));
    const once = new Map(fresh.map((alert) => [alert.id, alert]));
    for (const id of once.keys()) this.#read.add(id);
    return [...once.values()].map(lineOf).sort();
  }

  /** The newest alert about a file, as its reader has it. */
  alert(verdict: string, file: string): Alert {
    const found = this.world.alerts.findLast(
      ({ finding }) => finding.file === file && finding.verdict === verdict,
    );
    assert.ok(found, `a subscriber was told that ${file} is ${verdict}`);
    return found;
  }

  async ask<T>(path: string, key: string, body?: unknown): Promise<T> {
    const answer = await this.world.host.api.request(path, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${key}`, accept: "application/json" },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return (await answer.json()) as T;
  }
}
