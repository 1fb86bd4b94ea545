import { composeHost, type Host, type kept } from "../../bin/host.ts";
import { DEFAULT_SETTINGS } from "../../functions/domain/settings.ts";
import { silent } from "../../functions/embedded/log.ts";
import type { Store } from "../../functions/embedded/store.ts";
import { type Alert, IndexUnavailable } from "../../functions/ports.ts";
import { mintKey } from "../../functions/records/credentials.ts";
import { StillClock, seeded } from "../world.ts";
import { BEGINS_MS, type Deed, HOUR, MINUTE, projectOf, REST_MS, type Script, TIMES } from "./script.ts";
import { digestOf, Served } from "./served.ts";
import { file, memory, type Shelf } from "./shelf.ts";

/** What came of a world: what a subscriber was told, each alert once, and how each artifact ends for each watcher. */
export interface Outcome {
  readonly alerts: readonly Alert[];
  /** `watcher file` to `verdict standing`. */
  readonly ends: ReadonlyMap<string, string>;
  /** Watchers by the id of their enrolment. */
  readonly watchers: ReadonlyMap<string, string>;
}

interface Watcher {
  readonly id: string;
  readonly project: string;
  readonly keys: { readonly maintainer: string; readonly ci: string };
}

const SETTINGS = {
  ...DEFAULT_SETTINGS,
  confirmMs: TIMES.confirmMs,
  sweepMs: TIMES.sweepMs,
  rehashMs: TIMES.rehashMs,
  minLookMs: 0,
};

/** At most so long nobody looks whether anything is due; while the way is bad, as often as a schedule would. */
const MOST_IDLE_MS = 6 * HOUR;
const MOST_IDLE_IN_WEATHER_MS = 10 * MINUTE;

/** Ports in place of the embedded ones, for worlds without crashes: what they keep outlives the process. */
export interface Ground {
  readonly ports: Partial<Ports>;
  /** When the next of its deadlines is due. */
  dueMs(): number;
}

type Ports = ReturnType<typeof kept>;

/** A monitor in a world, on the embedded host. */
class Played {
  readonly clock = new StillClock();
  readonly served = new Served(this.clock);
  readonly alerts = new Map<string, Alert>();
  readonly watchers = new Map<string, Watcher>();
  readonly #draw: () => number;
  readonly #seed: number;
  readonly #shelf: Shelf;
  #store: Store | null = null;
  #host: Host | null = null;
  #operator = "";
  /** Until then the way is bad, or was a moment ago. */
  #stormyUntilMs = 0;

  readonly #ground: Ground | null;

  constructor({ seed, steps }: Script, ground: GroundFor | null) {
    this.clock.ms = BEGINS_MS;
    this.#ground = ground?.(this.clock) ?? null;
    this.#seed = seed;
    this.#draw = seeded(seed);
    this.#shelf = steps.some(({ does }) => does === "crash") ? file() : memory();
  }

  get host(): Host {
    if (this.#host === null) throw new Error("the monitor is not open");
    return this.#host;
  }

  async open(): Promise<void> {
    this.#store = this.#shelf.open();
    this.#host = composeHost(this.#store, {
      clock: this.clock,
      chance: { fraction: seeded(this.#seed + 1) },
      index: this.served.ports,
      settings: SETTINGS,
      subscribers: [{ name: "oracle", deliver: async (alert) => void this.alerts.set(alert.id, alert) }],
      log: silent,
      version: "0",
      ...this.#ground?.ports,
      unkind: { draw: coarse(seeded(this.#seed + 2)), twiceOneIn: 50 },
    });
    if (this.#operator === "") {
      const minted = mintKey("operator", { enrolment: null, project: null }, this.clock.now());
      await this.host.ports.enrolments.putOperator(minted.credential);
      this.#operator = minted.key;
      this.#store.commit();
      await this.host.poll();
    }
  }

  close(): void {
    this.#shelf.clear();
  }

  async step(deed: Deed, thenMs: number): Promise<void> {
    const untilMs = this.clock.ms + thenMs;
    if (deed.does === "weather") this.#stormyUntilMs = Number.POSITIVE_INFINITY;
    if (deed.does === "calm") this.#stormyUntilMs = this.clock.ms + 3 * HOUR;
    if (deed.does === "jump") this.clock.ms += deed.byMs;
    else if (deed.does === "crash") await this.#crash(deed.afterWrites);
    else if (deed.does === "enrol" || deed.does === "record" || deed.does === "withdraw")
      await this.#ask(deed);
    else this.served.apply(deed);
    await this.pass(deed.does === "jump" ? untilMs + deed.byMs : untilMs);
  }

  /** Lets time pass until then, from one instant at which something is due to the next. */
  async pass(untilMs: number): Promise<void> {
    let isFirst = true;
    while (this.clock.ms < untilMs) {
      const mostMs = this.clock.ms < this.#stormyUntilMs ? MOST_IDLE_IN_WEATHER_MS : MOST_IDLE_MS;
      const dueMs = isFirst ? this.clock.ms : this.#dueMs();
      const lateMs = Math.floor(this.#draw() * 50_000);
      const soonestMs = this.clock.ms + (dueMs < this.clock.ms ? MINUTE : 5_000);
      const nextMs = Math.max(soonestMs, Math.min(dueMs + lateMs, this.clock.ms + mostMs));
      this.clock.ms = Math.min(untilMs, nextMs);
      isFirst = false;
      await this.tick();
    }
  }

  async tick(): Promise<void> {
    await this.host.poll().catch((error: unknown) => {
      if (!(error instanceof IndexUnavailable) && !this.#shelf.plug.isOut) throw error;
    });
    // No clock really stands still, from an entry's reading to the page that it leads to.
    this.clock.ms += 20;
    await this.host.sweep().catch((error: unknown) => {
      if (!this.#shelf.plug.isOut) throw error;
    });
    await this.host.loop.drain().catch((error: unknown) => {
      if (!this.#shelf.plug.isOut) throw error;
    });
    if (this.#shelf.plug.isOut) await this.#reopen();
  }

  /** The process dies at the n-th write from here; if there are fewer, at the end of the turn. */
  async #crash(afterWrites: number): Promise<void> {
    this.#shelf.plug.pullAfter(afterWrites);
    await this.tick();
    if (this.#shelf.plug.isSet) await this.#reopen();
  }

  async #reopen(): Promise<void> {
    await this.open();
  }

  #dueMs(): number {
    const row = this.#store?.get<{ due: number | null }>(DUE);
    const at = this.#store?.get<{ due: string | null }>("SELECT min(due) AS due FROM deadlines");
    const deadline = at?.due ? Date.parse(at.due) : (this.#ground?.dueMs() ?? Number.POSITIVE_INFINITY);
    return Math.min(row?.due ?? Number.POSITIVE_INFINITY, deadline);
  }

  async #ask(deed: Deed & { does: "enrol" | "record" | "withdraw" }): Promise<void> {
    if (deed.does === "enrol") return this.#enrol(deed);
    const watcher = this.watchers.get(deed.as);
    if (watcher === undefined) throw new Error(`nobody is called ${deed.as}`);
    const path = `/v1/projects/${projectOf(deed.file)}/records`;
    const digest = digestOf(deed.file, deed.variant);
    if (deed.does === "record") {
      await this.#post(path, watcher.keys[deed.key], `${digest.slice(7)}  ${deed.file}\n`);
    } else {
      const body = JSON.stringify({ file: deed.file, digest, reason: "a mistake" });
      await this.#post(`${path}/withdraw`, watcher.keys.maintainer, body);
    }
  }

  async #enrol({ as, project, choices }: Deed & { does: "enrol" }): Promise<void> {
    const deadlines = {
      unverifiableMinutes: TIMES.unverifiableMs / MINUTE,
      unseenMinutes: TIMES.unseenMs / MINUTE,
      missingMinutes: TIMES.missingMs / MINUTE,
    };
    const body = JSON.stringify({ project, policy: { ...choices, deadlines } });
    const answer = await this.#post("/v1/enrolments", this.#operator, body);
    const { id, keys } = (await answer.json()) as Omit<Watcher, "project">;
    this.watchers.set(as, { id, project, keys });
  }

  async #post(path: string, key: string, body: string): Promise<Response> {
    const headers = { authorization: `Bearer ${key}` };
    const answer = await this.host.api.request(path, { method: "POST", headers, body });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  async outcome(): Promise<Outcome> {
    const watchers = new Map([...this.watchers].map(([name, { id }]) => [id, name]));
    const ends = new Map<string, string>();
    for (const project of new Set([...this.watchers.values()].map((each) => each.project))) {
      for (const row of await this.host.ports.view.ofProject(project)) {
        ends.set(`${watchers.get(row.enrolment)} ${row.file}`, `${row.verdict} ${row.standing}`);
      }
    }
    return { alerts: [...this.alerts.values()], ends, watchers };
  }
}

const DUE = "SELECT min(visible_ms) AS due FROM messages";

/** In a few steps: each makes another statement of the order in which a queue is read. */
const coarse = (draw: () => number) => (): number => Math.floor(draw() * 20) / 20;

type GroundFor = (clock: StillClock) => Ground;

/** Plays a world to its end on the embedded host, or on its loop and queues over other ports. */
export async function play(script: Script, ground: GroundFor | null = null): Promise<Outcome> {
  const played = new Played(script, ground);
  try {
    await played.open();
    for (const { thenMs, ...deed } of script.steps) await played.step(deed as Deed, thenMs);
    await played.step({ does: "calm" }, REST_MS);
    return await played.outcome();
  } finally {
    played.close();
  }
}
