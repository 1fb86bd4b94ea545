import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { setImmediate } from "node:timers/promises";
import { artifactSubject } from "../../functions/domain/ledger.ts";
import type { Deadline } from "../../functions/ports.ts";
import { startWorld, type World } from "../world.ts";

const FILES = 5_000;
const FRESH = "lantern-2.0.tar.gz";
const old = (number: number): string => `lantern-1.0-${number}-py3-none-any.whl`;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

let world: World;
afterEach(async () => {
  await world.host.loop.stop();
  await world.close();
});

const fetched = (): number => world.index.requests.counts.file ?? 0;

/** The loop runs by itself meanwhile. */
async function until(what: () => boolean): Promise<void> {
  while (!what()) await setImmediate();
}

async function waitingFor(queue: string): Promise<number> {
  const counts = await world.host.backlog.counts();
  return counts.find((each) => each.queue === queue)?.waiting ?? 0;
}

/** How many files were asked for between a fresh, strange upload and its alert. */
async function askedMeanwhile(): Promise<number> {
  world.index.publish({
    project: "lantern",
    version: "2.0",
    files: [{ name: FRESH, bytes: bytes("stolen") }],
  });
  const before = fetched();
  await world.host.poll();
  await until(() => world.alerts.length > 0);
  const asked = fetched() - before;
  assert.deepEqual(world.told(), [`findings critical unrecorded open ${FRESH}`]);
  return asked;
}

/** A project of so many old files, whose baseline has just begun to be fetched. */
async function enrolledWith(files: number): Promise<void> {
  world = await startWorld({ twiceOneIn: 0, settings: { sweepPerSecond: 0 } });
  await world.settle();
  world.index.publish({
    project: "lantern",
    version: "1.0",
    files: Array.from({ length: files }, (_, each) => ({ name: old(each), bytes: bytes(old(each)) })),
  });
  await world.settle();
  await world.enrol("lantern", { strict: true });
  // The first look waits for the journal to be read once more; the baseline is queued by the second.
  await world.host.loop.drain();
  world.clock.ms += 60_000;
  await world.host.poll();
  world.host.loop.start();
  await until(() => fetched() > 0);
}

describe("a fresh upload's alert", () => {
  it("overtakes a baseline of 5,000 files and as many re-hashes that are due", async () => {
    await enrolledWith(FILES);
    const { deadlines } = world.host.ports;
    const now = world.clock.now();
    const due = Array.from({ length: FILES }, (_, each): Deadline => {
      return { kind: "rehash", project: "lantern", file: old(each), due: now, sizeBytes: 10 };
    });
    await deadlines.put(due);
    for (let round = 0; round < FILES / 500; round += 1) await world.host.sweep();
    assert.deepEqual(await deadlines.due("rehash", now, 1), []);
    const waiting = await waitingFor("artifacts-sweep");
    assert.ok(waiting > FILES / 2, `only ${waiting} files wait`);
    const asked = await askedMeanwhile();
    // The lane's few hands go on meanwhile, as fast as this machine answers; who had to queue would have waited for all.
    assert.ok(asked >= 1 && asked < waiting / 5, `${asked} of ${waiting} files went before the alert`);
  });
});

describe("an enrolled project's page", () => {
  const MINUTE = 60_000;
  const looks = () => world.index.requests.all.filter(({ route }) => route === "simple-project");
  const written = async (): Promise<number> =>
    (await world.host.ports.ledger.read(artifactSubject("lantern", old(0)))).length;

  it("is looked at once more ten minutes later, by its tag, and unchanged adds nothing to any history", async () => {
    world = await startWorld({ twiceOneIn: 0 });
    world.index.publish({
      project: "lantern",
      version: "1.0",
      files: [{ name: old(0), bytes: bytes("old") }],
    });
    await world.settle();
    await world.enrol("lantern", { strict: true });
    await world.settle();
    await world.pass(9 * MINUTE, 9);
    const [before, entries] = [looks().length, await written()];
    assert.ok(before > 0 && entries > 0);
    await world.pass(2 * MINUTE, 2);
    const [again, ...others] = looks().slice(before);
    assert.deepEqual([again?.status, others], [304, []]);
    assert.equal(await written(), entries);
  });
});
