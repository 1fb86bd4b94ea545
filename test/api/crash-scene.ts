/** A watcher whose next change fails at one write. */
import { anotherKey, asks, contact, done, historyOf, passDelay, pathOf } from "./changing.ts";
import { FaultyWrites } from "./faulty.ts";
import { watcher } from "./watchers.ts";
import { type Keys, openWorld, type World } from "./world.ts";

export interface Scene {
  readonly faulty: FaultyWrites;
  readonly world: World;
  readonly own: Keys;
  /** A second maintainer key in force. */
  readonly second: string;
  /** How many entries the history had before. */
  readonly from: number;
  readonly ask: () => Promise<Response>;
}

/** What is asked, below the enrolment's own address. */
type Request = readonly ["POST" | "PATCH" | "DELETE", string, unknown?];

/** A watcher with two keys and a contact, what the second key asked for before, and what is asked next. */
export async function scene(
  next: (of: Scene, before: readonly string[]) => Request,
  before: readonly unknown[] = [],
) {
  const faulty = new FaultyWrites();
  const world = await openWorld(faulty.through);
  const own = await watcher(world, { contacts: [contact("pager", world)] });
  const { key: second } = await anotherKey(world, own);
  passDelay(world);
  const at = pathOf(own);
  const asked: string[] = [];
  for (const json of before) {
    const { changes } = await done(world, "PATCH", `${at}/policy`, { key: second, json });
    asked.push(...changes.map(({ id }) => id));
  }
  // The use of a key is noted once an hour, which is no part of what is tried here.
  await asks(world, "GET", at, { key: own.maintainer });
  world.kept.alerts.length = 0;
  world.kept.changes.length = 0;
  world.kept.deadlines.splice(0, Infinity, ...world.kept.deadlines.filter(({ due }) => due > world.kept.now));
  faulty.arm(null);
  const from = (await historyOf(world, own)).length;
  const of: Scene = { faulty, world, own, second, from, ask: () => asks(world, "GET", at) };
  const [method, path, json] = next(of, asked);
  return { ...of, ask: () => asks(world, method, `${at}${path}`, { key: own.maintainer, json }) };
}
