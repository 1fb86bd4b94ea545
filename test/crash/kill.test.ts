import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { type SandboxIndex, startIndex } from "../../bin/sandbox/index/server.ts";
import type { ArtifactRow } from "../../functions/domain/view.ts";
import { seeded } from "../world.ts";
import { Life, type Listener, listen, operatorKeyIn, type Place, until } from "./serving.ts";

const PROJECTS = ["lantern", "quill", "driftwood", "harbour"] as const;
const RELEASES = 200;
const KILLS = 10;

/** What becomes of a release, and so what is right to say of it: written down before any monitor is started. */
type Fate = "genuine" | "stolen" | "tampered" | "flipped" | "late";
const FATES: readonly Fate[] = [
  "genuine",
  "stolen",
  "genuine",
  "tampered",
  "genuine",
  "flipped",
  "genuine",
  "late",
];

const VERDICT: Readonly<Record<Fate, string>> = {
  genuine: "match",
  stolen: "unrecorded",
  tampered: "mismatch",
  flipped: "replaced",
  late: "match",
};

const ALERTS: Readonly<Record<Fate, readonly string[]>> = {
  genuine: [],
  stolen: ["findings critical unrecorded open"],
  tampered: ["findings critical mismatch open"],
  flipped: ["findings critical replaced open"],
  late: ["findings critical unrecorded open", "findings critical unrecorded resolved"],
};

interface Release {
  readonly project: string;
  readonly version: string;
  readonly file: string;
  readonly fate: Fate;
}

const STORY: readonly Release[] = Array.from({ length: RELEASES }, (_, number) => {
  const project = PROJECTS[number % PROJECTS.length] ?? "lantern";
  const version = `1.${number}`;
  const fate = FATES[Math.floor(number / PROJECTS.length) % FATES.length] ?? "genuine";
  return { project, version, file: `${project}-${version}.tar.gz`, fate };
});

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The monitor as its operator sees it: now and then killed, and started again at once. */
class Monitor {
  readonly place: Place;
  readonly #keys = new Map<string, string>();
  #life: Life;
  lives = 1;

  constructor(place: Place) {
    this.place = place;
    this.#life = new Life(place);
  }

  async killAndRestart(): Promise<void> {
    await this.#life.end("SIGKILL");
    this.#life = new Life(this.place);
    this.lives += 1;
  }

  isUp = async (): Promise<true | null> => (this.#life.url === null ? null : true);

  stop(signal: "SIGTERM" | "SIGKILL"): Promise<number | null> {
    return this.#life.end(signal);
  }

  async enrol(project: string): Promise<void> {
    const body = JSON.stringify({ project, policy: { strict: true } });
    const answer = await this.#insist("/v1/enrolments", () => operatorKeyIn(this.place.folder), body);
    const { keys } = answer as { keys: { maintainer: string } };
    this.#keys.set(project, keys.maintainer);
  }

  async record({ project, file }: Release, content: string): Promise<void> {
    const key = this.#keys.get(project) ?? "";
    await this.#insist(`/v1/projects/${project}/records`, () => key, `${digest(content)}  dist/${file}\n`);
  }

  async verdicts(): Promise<string[] | null> {
    const asked = PROJECTS.map((project) => this.#ask(`/v1/projects/${project}/artifacts`, {}));
    const answers = await Promise.all(asked).catch(() => null);
    const rows = answers?.flatMap((answer) => (answer as { artifacts: ArtifactRow[] }).artifacts);
    return rows?.map(({ file, verdict, standing }) => `${file}: ${verdict} ${standing}`).sort() ?? null;
  }

  /** Asks again until it is answered, in this life or the next one. */
  #insist(path: string, key: () => string, body: string): Promise<unknown> {
    return until(`an answer to ${path}`, () => {
      if (this.#life.url === null) return null;
      const headers = { authorization: `Bearer ${key()}`, accept: "application/json" };
      return this.#ask(path, { method: "POST", headers, body }).catch(() => null);
    });
  }

  async #ask(path: string, init: RequestInit): Promise<unknown> {
    const response = await fetch(`${this.#life.url}${path}`, init);
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return response.json();
  }
}

interface Played {
  readonly verdicts: readonly string[];
  readonly alerts: readonly string[];
  readonly ids: number;
  readonly lives: number;
}

/** Plays the story to a real process that is killed each time as many releases are out as the list says. */
async function played(killsAfter: readonly number[], draw: () => number): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), "counterfoil-kill-"));
  const index = await startIndex();
  const subscriber = await listen(25);
  const place = {
    index: index.url,
    filesOrigin: index.filesOrigin,
    folder: join(folder, "data"),
    notify: subscriber.url,
  };
  const monitor = new Monitor(place);
  try {
    for (const project of PROJECTS) await monitor.enrol(project);
    // Before the first look at each project is over, what it shows would be its baseline.
    await until("the first looks", () => (looksAt(index) >= PROJECTS.length * 2 ? true : null));
    await publishAll(index, monitor, killsAfter, draw);
    await recordLate(monitor, subscriber);
    await until("every verdict and every alert", async () => {
      const verdicts = await monitor.verdicts();
      return String(verdicts) === String(EXPECTED.verdicts) &&
        told(subscriber).length >= EXPECTED.alerts.length
        ? true
        : null;
    }).catch(() => null);
    const verdicts = (await monitor.verdicts()) ?? [];
    assert.equal(await monitor.stop("SIGTERM"), 0);
    const ids = new Set(subscriber.accepted.map(({ id }) => id)).size;
    return { verdicts, alerts: told(subscriber), ids, lives: monitor.lives };
  } finally {
    await monitor.stop("SIGKILL");
    subscriber.close();
    await index.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const looksAt = (index: SandboxIndex): number =>
  index.requests.all.filter(({ route }) => route === "simple-project").length;

async function publishAll(
  index: SandboxIndex,
  monitor: Monitor,
  killsAfter: readonly number[],
  draw: () => number,
): Promise<void> {
  const kills: Promise<void>[] = [];
  for (const [number, release] of STORY.entries()) {
    const { project, version, file, fate } = release;
    if (fate === "genuine" || fate === "flipped") await monitor.record(release, file);
    if (fate === "tampered") await monitor.record(release, "what the developer built");
    index.publish({ project, version, files: [{ name: file, bytes: new TextEncoder().encode(file) }] });
    if (fate === "flipped") index.faults.flipBit(file);
    if (!killsAfter.includes(number)) continue;
    // At any moment of what follows: while it starts, polls, fetches or tells.
    await Promise.all(kills);
    kills.push(pause(draw() * 400).then(() => monitor.killAndRestart()));
    if (draw() < 0.5) await until("its being up again", monitor.isUp);
  }
  await Promise.all(kills);
}

/** Records come for what was already told. */
async function recordLate(monitor: Monitor, subscriber: Listener): Promise<void> {
  const late = STORY.filter(({ fate }) => fate === "late");
  await until("the alerts that the late records resolve", () => {
    const files = new Set(subscriber.accepted.map(({ finding }) => finding.file));
    return late.every(({ file }) => files.has(file)) ? true : null;
  });
  for (const [number, release] of late.entries()) {
    await monitor.record(release, release.file);
    if (number === Math.floor(late.length / 2)) await monitor.killAndRestart();
  }
}

/** What the subscriber was told, once per alert id. */
function told({ accepted }: Listener): string[] {
  const once = new Map(accepted.map((alert) => [alert.id, alert]));
  const words = [...once.values()].map(
    ({ topic, severity, finding }) =>
      `${finding.file}: ${topic} ${severity} ${finding.verdict} ${finding.state}`,
  );
  return words.sort();
}

const EXPECTED = {
  verdicts: STORY.map(({ file, fate }) => `${file}: ${VERDICT[fate]} listed`).sort(),
  alerts: STORY.flatMap(({ file, fate }) => ALERTS[fate].map((words) => `${file}: ${words}`)).sort(),
};

describe("kill -9 of the real process", { timeout: 240_000 }, () => {
  it(`a story of ${RELEASES} releases ends alike, undisturbed and killed ${KILLS} times, and no alert is lost`, async (t) => {
    const undisturbed = await played([], () => 0);
    assert.deepEqual(undisturbed.verdicts, EXPECTED.verdicts);
    assert.deepEqual(undisturbed.alerts, EXPECTED.alerts);
    const draw = seeded(Date.now());
    // One in every stretch of the story, anywhere in it.
    const stretch = RELEASES / KILLS;
    const killsAfter = Array.from({ length: KILLS }, (_, number) => Math.floor((number + draw()) * stretch));
    const killed = await played(killsAfter, draw);
    t.diagnostic(`killed after the releases ${killsAfter.join(", ")}, and while late records came`);
    assert.deepEqual(killed.verdicts, undisturbed.verdicts);
    assert.deepEqual(killed.alerts, undisturbed.alerts);
    assert.equal(killed.ids, killed.alerts.length);
    assert.ok(killed.lives > 8, `only ${killed.lives} lives`);
  });
});

describe("a process and its folder", { timeout: 60_000 }, () => {
  async function serving<T>(test: (place: Place) => Promise<T>): Promise<T> {
    const folder = mkdtempSync(join(tmpdir(), "counterfoil-kill-"));
    const index = await startIndex();
    const where = { index: index.url, filesOrigin: index.filesOrigin };
    try {
      return await test({ ...where, folder: join(folder, "data"), notify: "http://127.0.0.1:9/" });
    } finally {
      await index.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }

  for (const signal of ["SIGTERM", "SIGINT"] as const)
    it(`ends cleanly on ${signal}`, () =>
      serving(async (place) => {
        const life = new Life(place);
        await until("its being up", () => life.url);
        assert.equal(await life.end(signal), 0);
        assert.equal(life.stderr, "");
      }));

  it("a second process on the same folder is refused in one clear sentence, and harms nothing", () =>
    serving(async (place) => {
      const first = new Life(place);
      const url = await until("its being up", () => first.url);
      const second = new Life(place);
      assert.equal(await second.end(null), 3);
      assert.match(
        second.stderr,
        /^counterfoil: \S+ is in use by another counterfoil process \(pid \d+\): stop it first, or choose another --data folder\n$/,
      );
      assert.equal((await fetch(`${url}/v1/health`)).ok, true);
      assert.equal(await first.end("SIGTERM"), 0);
    }));

  it("a killed process leaves no lock behind, and its operator's key is still good", () =>
    serving(async (place) => {
      const first = new Life(place);
      await until("its being up", () => first.url);
      const key = operatorKeyIn(place.folder);
      assert.equal(await first.end("SIGKILL"), null);
      const second = new Life(place);
      const url = await until("its being up again", () => second.url);
      assert.equal(operatorKeyIn(place.folder), key);
      const headers = { authorization: `Bearer ${key}` };
      const body = JSON.stringify({ project: "lantern" });
      assert.equal((await fetch(`${url}/v1/enrolments`, { method: "POST", headers, body })).status, 201);
      assert.equal(await second.end("SIGTERM"), 0);
    }));
});
