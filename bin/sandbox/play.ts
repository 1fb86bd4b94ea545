import { setTimeout } from "node:timers/promises";
import type { SandboxIndex } from "./index/server.ts";
import type { Monitor } from "./monitor.ts";
import { bytesOf, filesOf, sumsOf } from "./releases.ts";
import { type Act, type Deed, SCENES, type Scene, WATCHED } from "./scenes.ts";
import { type Received, type Subscriber, tellingOf } from "./subscriber.ts";
import type { Outcome, Teller } from "./telling.ts";

/** What the story is played on: an index, a monitor that follows it, and somebody who is told. */
export interface Stage {
  readonly index: SandboxIndex;
  readonly monitor: Monitor;
  readonly subscriber: Pick<Subscriber, "alerts">;
  readonly teller: Teller;
  /** How long an act may take to come out right. */
  readonly patienceMs: number;
}

export interface Told {
  readonly ok: boolean;
  readonly scenarios: readonly Outcome[];
  /** What the subscriber got and the ground truth does not know. */
  readonly surprises: readonly string[];
}

/** Plays every scene and compares what came of it with the ground truth, which was written beforehand. */
export async function play(stage: Stage): Promise<Told> {
  const { monitor, teller, subscriber } = stage;
  await until(() => monitor.isAwake(), stage.patienceMs);
  teller.line(`A small PyPI runs at ${stage.index.url}, the monitor at ${monitor.url}.`);
  for (const { project, policy } of WATCHED) await monitor.enrol(project, policy);
  teller.line(
    `Watched: ${WATCHED.map(({ project }) => project).join(", ")}. PyPI cannot write to the monitor; developers can.`,
  );
  const scenarios: Outcome[] = [];
  for (const [at, scene] of SCENES.entries()) {
    teller.scene(at + 1, scene.title);
    // What an act did not wait for is the next one's news.
    const heard = new Set(subscriber.alerts);
    for (const act of scene.acts) scenarios.push(await playAct(scene, act, stage, heard));
  }
  const surprises = [...surprisesIn(subscriber.alerts), ...(await othersWrong(monitor))];
  teller.end(scenarios, surprises);
  return { ok: surprises.length === 0 && scenarios.every((each) => each.ok), scenarios, surprises };
}

async function playAct(scene: Scene, act: Act, stage: Stage, heard: Set<Received>): Promise<Outcome> {
  const { teller, subscriber, monitor, patienceMs } = stage;
  teller.line(act.line);
  const began = Date.now();
  for (const deed of act.does) await DEEDS[deed](scene, stage);
  const news = (): Received[] =>
    subscriber.alerts.filter((each) => !heard.has(each) && each.finding.file === scene.artifact);
  const isTold = (): boolean =>
    act.told.every((telling) => news().some((alert) => tellingOf(alert) === telling));
  await until(
    async () => isTold() && (await monitor.verdict(scene.project, scene.artifact)) === act.expected,
    patienceMs,
  );
  await until(
    async () => (await othersOf(scene, monitor)) || act.expected !== scene.acts.at(-1)?.expected,
    patienceMs,
  );
  const verdict = await monitor.verdict(scene.project, scene.artifact);
  const alert = news().at(0) ?? null;
  const isRight = act.told.length > 0 ? isTold() : alert === null;
  for (const each of news()) if (act.told.includes(tellingOf(each))) heard.add(each);
  if (alert !== null) teller.alert(alert);
  const told = { severity: alert?.severity ?? null, topic: alert?.topic ?? null };
  const ok = verdict === act.expected && isRight;
  const outcome = { name: act.name, artifact: scene.artifact, expected: act.expected, verdict, ...told, ok };
  teller.outcome(outcome, (Date.now() - began) / 1000);
  return outcome;
}

const DEEDS: Readonly<Record<Deed, (scene: Scene, stage: Stage) => Promise<void>>> = {
  record: ({ project, version }, { monitor }) => monitor.record(project, sumsOf(project, version)),
  publish: async ({ project, version }, { index }) => {
    const files = filesOf(project, version).map((name) => ({ name, bytes: bytesOf(name) }));
    index.publish({ project, version, files });
  },
  "flip-bit": async ({ artifact }, { index }) => index.faults.flipBit(artifact),
  rewrite: async ({ artifact }, { index }) => index.faults.rewrite(artifact),
  "bad-node": async ({ artifact }, { index }) => {
    index.faults.spoil({ file: artifact, route: "file" }, { kind: "bad-node" });
  },
  mend: async (_, { index }) => index.faults.mendAll(),
};

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

async function until(isSo: () => Promise<boolean> | boolean, patienceMs: number): Promise<void> {
  const end = Date.now() + patienceMs;
  while (Date.now() < end && !(await isSo())) await setTimeout(50);
}
