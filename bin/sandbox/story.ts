import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type SandboxIndex, startIndex } from "./index/server.ts";
import { Monitor } from "./monitor.ts";
import { type Act, type Deed, SCENES, type Scene, WATCHED } from "./scenes.ts";
import { type Received, type Subscriber, startSubscriber, tellingOf } from "./subscriber.ts";
import type { Outcome, Teller } from "./telling.ts";

export interface StoryOptions {
  /** The monitor's program, as `node PROGRAM serve …`. */
  readonly program: string;
  readonly teller: Teller;
  /** Called with the addresses before everything is stopped; the story waits for it. */
  readonly keep?: (addresses: readonly string[]) => Promise<void>;
}

export interface Told {
  readonly ok: boolean;
  readonly scenarios: readonly Outcome[];
  /** What the subscriber got and the ground truth does not know. */
  readonly surprises: readonly string[];
}

const PATIENCE_MS = 20_000;

/**
 * Plays the story: a small PyPI in this process, the real monitor in another one, six things that happen to real
 * wheels, and a subscriber who is told. What must come of it is in `scenes.ts`, written beforehand; what did come of
 * it is read through the public API and from the subscriber. Leaves nothing behind.
 */
export async function tellStory(options: StoryOptions): Promise<Told> {
  const folder = mkdtempSync(join(tmpdir(), "counterfoil-story-"));
  const index = await startIndex();
  const subscriber = await startSubscriber();
  let monitor: Monitor | null = null;
  try {
    const { program } = options;
    monitor = await Monitor.start({
      program,
      folder,
      index: index.url,
      filesOrigin: index.filesOrigin,
      notify: subscriber.url,
    });
    const stage: Stage = { index, monitor, subscriber, teller: options.teller };
    const told = await play(stage);
    await options.keep?.([
      `index ${index.url}/simple/`,
      `files ${index.filesOrigin}`,
      `monitor ${monitor.url}`,
      `data ${folder}`,
    ]);
    return told;
  } finally {
    await monitor?.stop();
    await index.close();
    subscriber.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Stage {
  readonly index: SandboxIndex;
  readonly monitor: Monitor;
  readonly subscriber: Subscriber;
  readonly teller: Teller;
}

async function play(stage: Stage): Promise<Told> {
  const { monitor, teller, subscriber } = stage;
  await until(() => monitor.isAwake());
  teller.line(`A small PyPI runs at ${stage.index.url}, the monitor at ${monitor.url}.`);
  for (const { project, policy } of WATCHED) await monitor.enrol(project, policy);
  teller.line(
    `Watched: ${WATCHED.map(({ project }) => project).join(", ")}. PyPI cannot write to the monitor; developers can.`,
  );
  const scenarios: Outcome[] = [];
  for (const [at, scene] of SCENES.entries()) {
    teller.scene(at + 1, scene.title);
    for (const act of scene.acts) scenarios.push(await playAct(scene, act, stage));
  }
  const surprises = [...surprisesIn(subscriber.alerts), ...(await othersWrong(monitor))];
  teller.end(scenarios, surprises);
  return { ok: surprises.length === 0 && scenarios.every((each) => each.ok), scenarios, surprises };
}

async function playAct(scene: Scene, act: Act, stage: Stage): Promise<Outcome> {
  const { teller, subscriber, monitor } = stage;
  teller.line(act.line);
  const began = Date.now();
  const heard = subscriber.alerts.length;
  for (const deed of act.does) await DEEDS[deed](scene, stage);
  const news = (): Received[] =>
    subscriber.alerts.slice(heard).filter(({ finding }) => finding.file === scene.artifact);
  const isTold = (): boolean =>
    act.told.every((telling) => news().some((alert) => tellingOf(alert) === telling));
  await until(
    async () => isTold() && (await monitor.verdict(scene.project, scene.artifact)) === act.expected,
  );
  await until(async () => (await othersOf(scene, monitor)) || act.expected !== scene.acts.at(-1)?.expected);
  const verdict = await monitor.verdict(scene.project, scene.artifact);
  const alert = news().at(0) ?? null;
  if (alert !== null) teller.alert(alert);
  const told = { severity: alert?.severity ?? null, topic: alert?.topic ?? null };
  const ok = verdict === act.expected && isTold() && (act.told.length > 0 || alert === null);
  const outcome = { name: act.name, artifact: scene.artifact, expected: act.expected, verdict, ...told, ok };
  teller.outcome(outcome, (Date.now() - began) / 1000);
  return outcome;
}

const DEEDS: Readonly<Record<Deed, (scene: Scene, stage: Stage) => Promise<void>>> = {
  record: ({ project, version }, { monitor }) => monitor.record(project, sumsOf(project, version)),
  publish: async ({ project, version }, { index }) => {
    const files = filesOf(project, version).map((name) => ({ name, bytes: readFileSync(join(FILES, name)) }));
    index.publish({ project, version, files });
  },
  "flip-bit": async ({ artifact }, { index }) => index.faults.flipBit(artifact),
  rewrite: async ({ artifact }, { index }) => index.faults.rewrite(artifact),
  "corrupt-edge": async ({ artifact }, { index }) => {
    index.faults.spoil({ file: artifact, route: "file" }, { kind: "corrupt", oneIn: 1000 });
  },
  nothing: async () => {},
};

/** The committed wheels and sdists, beside the checkout's root or the installed one's. */
const FILES =
  ["../../test/fixtures/story/", "../../../test/fixtures/story/"]
    .map((up) => fileURLToPath(new URL(up, import.meta.url)))
    .find((folder) => existsSync(folder)) ?? "";

const sums = (): string[] => readFileSync(join(FILES, "SHA256SUMS"), "utf8").trim().split("\n");

/** What `sha256sum dist/*` prints for this release. */
const sumsOf = (project: string, version: string): string =>
  sums()
    .filter((line) => line.includes(`  ${project}-${version}`))
    .map((line) => `${line}\n`)
    .join("");

const filesOf = (project: string, version: string): string[] =>
  sums()
    .flatMap((line) => line.split("  ")[1] ?? [])
    .filter((file) => file.startsWith(`${project}-${version}`));

/** Whether the release's other file is what the scene says. */
async function othersOf(scene: Scene, monitor: Monitor): Promise<boolean> {
  const others = filesOf(scene.project, scene.version).filter((file) => file !== scene.artifact);
  const verdicts = await Promise.all(others.map((file) => monitor.verdict(scene.project, file)));
  return verdicts.every((verdict) => verdict === scene.others);
}

async function othersWrong(monitor: Monitor): Promise<string[]> {
  const wrong = await Promise.all(
    SCENES.map(async (scene) => ((await othersOf(scene, monitor)) ? [] : [scene.name])),
  );
  return wrong.flat().map((name) => `the other file of ${name} has another verdict than it must`);
}

/** Every alert must be one that the ground truth names, for the file or for the release's other file. */
function surprisesIn(alerts: readonly Received[]): string[] {
  return alerts.flatMap((alert) => {
    const file = alert.finding.file ?? "";
    const scene = SCENES.find((each) => filesOf(each.project, each.version).includes(file));
    const told = scene?.acts.flatMap((act) => act.told) ?? [];
    return told.includes(tellingOf(alert)) ? [] : [`${tellingOf(alert)} ${file}`];
  });
}

async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end && !(await isSo())) await setTimeout(50);
}
