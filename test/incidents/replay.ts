/** Plays an incident as it was: the monitor polls and sweeps on a clock that is moved, and a subscriber reads. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { startWorld, type WorldOptions } from "../world.ts";
import { type Deed, msOf, type Step, tickMs, type Word } from "./course.ts";
import { Scene } from "./scene.ts";

/** An incident, with everything that must come of it written down before the monitor starts. */
export interface Incident extends WorldOptions {
  readonly project: string;
  readonly policy?: object;
  /** What the index has before anybody watches. */
  readonly before?: (scene: Scene) => void;
  readonly course: readonly Step[];
}

export const replay = (story: string, incident: Incident): Promise<void> =>
  it(story, async () => {
    assert.ok(
      incident.course.at(-1) !== undefined && "tells" in (incident.course.at(-1) ?? {}),
      "ends in a word",
    );
    const world = await startWorld({ crossChecks: true, ...incident });
    try {
      await play(new Scene(world), incident);
    } finally {
      await world.close();
    }
  });

async function play(scene: Scene, incident: Incident): Promise<void> {
  incident.before?.(scene);
  await scene.world.settle();
  await scene.watch(incident.project, incident.policy);
  await scene.world.settle();
  await scene.world.pass(60_000, 2);
  const began = scene.world.clock.ms;
  let deedMs = 0;
  for (const step of incident.course) {
    await passUntil(scene, began, msOf(step.at), deedMs);
    if ("does" in step) deedMs = await act(scene, step);
    else await hear(scene, incident.project, step);
  }
  assertThreads(scene);
}

/** What a poll finds is looked at a little later: no look is ever as old as the poll that is to have passed it. */
const LATE_MS = 2_000;

/** Moves the clock there, with polls and sweeps on the way. */
async function passUntil({ world }: Scene, began: number, untilMs: number, deedMs: number): Promise<void> {
  while (world.clock.ms - began < untilMs) {
    const nowMs = world.clock.ms - began;
    const stepMs = Math.min(tickMs(nowMs - deedMs), untilMs - nowMs);
    await world.pass(stepMs, 1, Math.min(LATE_MS, Math.floor(stepMs / 2)));
  }
}

async function act(scene: Scene, { at, does }: Deed): Promise<number> {
  await does(scene);
  return msOf(at);
}

async function hear(scene: Scene, project: string, word: Word): Promise<void> {
  const { at, tells, stands = {}, asked = {}, also } = word;
  assert.deepEqual(scene.news(), [...tells].sort(), `told by ${at}`);
  const rows = new Map((await scene.world.rows(project)).map((row) => [row.file, row]));
  const actual = Object.keys(stands).map((file) => {
    const row = rows.get(file);
    return [file, row ? `${row.verdict} ${row.standing}` : "not listed"];
  });
  assert.deepEqual(Object.fromEntries(actual), stands, `stands at ${at}`);
  assertLooked(scene, { xmlrpc: 1, ...asked }, at);
  await also?.(scene);
}

/** Silence proves something only of a monitor that looked. */
function assertLooked({ index }: Scene, least: Required<Word>["asked"], at: string): void {
  for (const [route, count] of Object.entries(least)) {
    const were = index.requests.all.filter((request) => request.route === route).length;
    assert.ok(were >= count, `asked for ${route} ${were} times, not ${count}, by ${at}`);
  }
  index.requests.clear();
}

/** The alerts of one version are one thread, and no other's. */
function assertThreads({ world: { alerts } }: Scene): void {
  const ofFiles = alerts.filter(({ finding }) => finding.file !== null).map(({ finding }) => finding);
  const versions = new Set(ofFiles.map(({ enrolment, release }) => `${enrolment} ${release}`));
  const threads = new Set(ofFiles.map(({ thread }) => thread));
  assert.equal(threads.size, versions.size, "one thread for each version");
}
