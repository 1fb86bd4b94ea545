import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Folder, openFolder, operatorKey } from "../bin/folder.ts";
import { composeHost, type Host, type HostParts } from "../bin/host.ts";
import { type SandboxIndex, startIndex } from "../bin/sandbox/index/server.ts";
import type { Finding } from "../functions/domain/findings.ts";
import { instant } from "../functions/domain/instants.ts";
import { DEFAULT_SETTINGS, type Settings } from "../functions/domain/settings.ts";
import type { ArtifactRow } from "../functions/domain/view.ts";
import { silent } from "../functions/embedded/log.ts";
import type { StoreOptions } from "../functions/embedded/store.ts";
import type { Alert, Chance, Clock } from "../functions/ports.ts";
import { type PypiAdapters, pypiAdapters } from "../functions/pypi/adapters.ts";
import { examination, examinationUnder } from "../functions/pypi/sigstore.ts";
import { readSources } from "../functions/pypi/sources.ts";
import { trustedRoot } from "../functions/pypi/trusted-root.ts";

/** Seeded, so that a failing run can be had again. mulberry32, by Tommy Ettinger, public domain. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A clock that stands still until it is moved. */
export class StillClock implements Clock {
  ms = Date.parse("2026-11-22T12:00:00.000Z");
  now = (): string => instant(this.ms);
}

export interface Keys {
  readonly id: string;
  readonly maintainer: string;
  readonly ci: string;
}

export interface WorldOptions {
  readonly settings?: Partial<Settings>;
  readonly store?: StoreOptions;
  /** Delivers in shuffled order and one message in so many twice; 0 for kindness. */
  readonly twiceOneIn?: number;
  readonly seed?: number;
  readonly parts?: Partial<HostParts>;
  /** By whom provenance must be signed, in its JSON form. @default the public Sigstore's */
  readonly trustedRoot?: object;
  /** Has `settle` and `pass` look at the sources beside the journal, too, each in its turn. @default false */
  readonly crossChecks?: boolean;
  /** Wraps the ports to the index, for tests that come in between. */
  readonly around?: (index: HostParts["index"]) => HostParts["index"];
}

/** A sandbox, a monitor on it, and a hand on the clock: what whole-pipeline tests are played in. */
export class World {
  readonly index: SandboxIndex;
  readonly clock: StillClock;
  readonly alerts: Alert[] = [];
  readonly #folder: string;
  readonly #options: WorldOptions;
  #opened: Folder | null = null;
  #host: Host | null = null;
  #adapters: PypiAdapters | null = null;
  #operatorKey = "";

  constructor(index: SandboxIndex, clock: StillClock, options: WorldOptions) {
    this.index = index;
    this.clock = clock;
    this.#options = options;
    this.#folder = mkdtempSync(join(tmpdir(), "counterfoil-world-"));
  }

  /** Opens the monitor, also after a crash. */
  async open(store: StoreOptions = this.#options.store ?? {}): Promise<void> {
    const { index, clock } = this;
    this.#opened = openFolder(this.#folder, index.url, store);
    const draw = seeded(this.#options.seed ?? 1);
    const { twiceOneIn = 50 } = this.#options;
    const chance: Chance = { fraction: seeded((this.#options.seed ?? 1) + 1) };
    const filesOrigins = [index.filesOrigin];
    this.#adapters = pypiAdapters({ index: index.url, filesOrigins, contact: "tests" }, clock);
    const root = this.#options.trustedRoot;
    const provenances = this.#adapters.provenances(
      root ? examination(trustedRoot(root)) : examinationUnder(undefined),
    );
    const read = { ...this.#adapters, provenances, sources: this.#adapters.sources(readSources) };
    this.#host = composeHost(this.#opened.store, {
      clock,
      chance,
      index: this.#options.around?.(read) ?? read,
      settings: { ...DEFAULT_SETTINGS, minLookMs: 0, ...this.#options.settings },
      subscribers: [{ name: "test", deliver: async (alert) => void this.alerts.push(alert) }],
      log: silent,
      version: "0",
      ...(twiceOneIn > 0 && { unkind: { draw, twiceOneIn } }),
      ...this.#options.parts,
    });
    const { enrolments } = this.host.ports;
    const path = await operatorKey(this.#folder, enrolments, this.#opened.store, clock);
    this.#operatorKey = (await import("node:fs")).readFileSync(path, "utf8").trim();
  }

  get host(): Host {
    if (this.#host === null) throw new Error("the monitor is not open");
    return this.#host;
  }

  get operatorKey(): string {
    return this.#operatorKey;
  }

  /** Ends the monitor as `kill -9` would. */
  abandon(): void {
    this.#adapters?.close();
    this.#opened?.abandon();
    this.#opened = null;
  }

  async close(): Promise<void> {
    this.#adapters?.close();
    this.#opened?.close();
    await this.index.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** `null` for a key enrols as anybody. */
  async enrol(project: string, policy: object = {}, key: string | null = this.#operatorKey): Promise<Keys> {
    const body = JSON.stringify({ project, policy });
    const headers = key === null ? {} : { authorization: `Bearer ${key}` };
    const answer = await this.host.api.request("/v1/enrolments", { method: "POST", body, headers });
    if (answer.status !== 201) throw new Error(await answer.text());
    const { id, keys } = (await answer.json()) as { id: string; keys: Omit<Keys, "id"> };
    return { id, ...keys };
  }

  /** Submits `sha256sum` lines. */
  async record(project: string, key: string, lines: string): Promise<Response> {
    const headers = { authorization: `Bearer ${key}` };
    return this.host.api.request(`/v1/projects/${project}/records`, { method: "POST", body: lines, headers });
  }

  /** One poll, and everything that follows from it at this instant. */
  async settle(): Promise<void> {
    await this.#poll();
    await this.#crossCheck();
    await this.host.loop.drain();
  }

  async #poll(): Promise<void> {
    if ((this.#options.settings?.source ?? "journal") === "journal") await this.host.poll();
  }

  async #crossCheck(): Promise<void> {
    if (this.#options.crossChecks === true) await this.host.crossChecks();
  }

  /** Lets time pass, with polls and sweeps as they come; `lateMs` after a poll, as no clock really stands still. */
  async pass(ms: number, steps = 10, lateMs = 0): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      this.clock.ms += Math.ceil(ms / steps) - lateMs;
      await this.#poll().catch(() => {});
      this.clock.ms += lateMs;
      await this.#crossCheck();
      await this.host.sweep();
      await this.host.loop.drain();
    }
  }

  /** Every artifact row as the operator sees it. */
  async rows(project: string): Promise<ArtifactRow[]> {
    const answer = await this.#read(`/v1/projects/${project}/artifacts`);
    return (answer as { artifacts: ArtifactRow[] }).artifacts;
  }

  async findings(project: string): Promise<Finding[]> {
    return ((await this.#read(`/v1/projects/${project}/findings`)) as { findings: Finding[] }).findings;
  }

  async verdict(project: string, file: string): Promise<string> {
    const row = (await this.rows(project)).find((each) => each.file === file);
    return row ? `${row.verdict} ${row.standing}` : "nothing";
  }

  /** What a subscriber was told, by alert id, in order: `topic severity verdict state file`. */
  told(): string[] {
    const once = new Map(this.alerts.map((alert) => [alert.id, alert]));
    return [...once.values()].map(
      ({ topic, severity, finding }) =>
        `${topic} ${severity} ${finding.verdict} ${finding.state} ${finding.file}`,
    );
  }

  async #read(path: string): Promise<unknown> {
    const answer = await this.host.api.request(path, {
      headers: { authorization: `Bearer ${this.#operatorKey}` },
    });
    if (answer.status !== 200) throw new Error(await answer.text());
    return answer.json();
  }
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const clock = new StillClock();
  const index = await startIndex({ now: () => new Date(clock.ms) });
  const world = new World(index, clock, options);
  await world.open();
  return world;
}
