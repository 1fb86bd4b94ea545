import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { HostParts } from "../../bin/host.ts";
import type { Deadline } from "../../functions/ports.ts";
import { startWorld, type World } from "../world.ts";

const MANY = 5_000;
const HOUR = 3_600_000;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const old = (number: number): string => `moth-1.${number}.tar.gz`;
const freshOf = (project: string): string => `${project}-2.0.tar.gz`;

/** Fetches by file, in order; `when` is called once, as soon as so many of the many were asked for. */
function noting(order: string[], at: number, when: () => void) {
  return (index: HostParts["index"]): HostParts["index"] => ({
    ...index,
    files: {
      fetch: async (ask) => {
        order.push(ask.url.split("/").at(-1) ?? "");
        if (order.length === at) when();
        return index.files.fetch(ask);
      },
    },
  });
}

function publishMany(world: World): void {
  const files = Array.from({ length: MANY }, (_, each) => ({ name: old(each), bytes: bytes(String(each)) }));
  world.index.publish({ project: "moth", version: "1.0", files });
}

const publishFresh = (world: World, project: string): void =>
  void world.index.publish({
    project,
    version: "2.0",
    files: [{ name: freshOf(project), bytes: bytes("stolen") }],
  });

/** Up to where its baseline is fixed, and everything on it waits to be fetched. */
async function enrolMany(world: World): Promise<void> {
  await world.enrol("moth", {});
  await world.settle();
  world.clock.ms += 1_000;
}

/** All of them were fetched, and a week later all are due again. */
async function comeDue(world: World): Promise<void> {
  await enrolMany(world);
  await world.host.loop.drain();
  world.clock.ms += 8 * 24 * HOUR;
  await world.host.sweep();
}

/** Their re-hashes are queued while they still wait for the first time. */
async function comeDueAtOnce(world: World): Promise<void> {
  await enrolMany(world);
  const { deadlines } = world.host.ports;
  const due = world.clock.now();
  const rehash = (each: number): Deadline => ({
    ...{ kind: "rehash", project: "moth", file: old(each), due },
    sizeBytes: 10,
  });
  await deadlines.put(Array.from({ length: MANY }, (_, each) => rehash(each)));
  while ((await deadlines.due("rehash", due, 1)).length > 0) await world.host.sweep();
}

interface Waiting {
  readonly what: string;
  readonly before: (world: World) => Promise<void>;
  /** After how many fetches the fresh upload comes. */
  readonly begins: number;
  /** Whose fresh upload it is. */
  readonly project: "lantern" | "moth";
}

const WAITING: readonly Waiting[] = [
  { what: "another project's baseline", before: enrolMany, begins: 100, project: "lantern" },
  {
    what: "another project's re-hashes, all due at once",
    before: comeDue,
    begins: MANY + 50,
    project: "lantern",
  },
  {
    what: "its own project's baseline and re-hashes",
    before: comeDueAtOnce,
    begins: 100,
    project: "moth",
  },
];

/** More than all that can be in hand at once, and far from the thousands that wait. */
const IN_HAND = 50;

describe("thousands of files that wait delay no fresh upload's alert", () => {
  for (const { what, before, begins, project } of WAITING)
    it(`of ${what}`, async (t) => {
      const order: string[] = [];
      const fresh = freshOf(project);
      let [since, alertedAfter, uploaded] = [0, -1, false];
      const upload = (): void => {
        since = order.length;
        uploaded = true;
        publishFresh(world, project);
        void world.host.poll();
      };
      const deliver = async (alert: {
        readonly finding: { readonly file: string | null };
      }): Promise<void> => {
        if (alert.finding.file === fresh && alertedAfter < 0) alertedAfter = order.length - since;
      };
      const world = await startWorld({
        settings: { sweepPerSecond: 0 },
        parts: { subscribers: [{ name: "test", deliver }] },
        around: noting(order, begins, upload),
      });
      t.after(() => world.close());
      await world.settle();
      publishMany(world);
      await world.enrol("lantern", { graceMinutes: 0 });
      await world.settle();
      await world.pass(1_000, 1);
      await before(world);
      await world.host.loop.drain();
      assert.ok(uploaded);
      const fetchedAfter = order.indexOf(fresh) - since;
      assert.ok(fetchedAfter >= 0 && fetchedAfter < IN_HAND, `fetched after ${fetchedAfter} others`);
      assert.ok(alertedAfter >= 0 && alertedAfter < 2 * IN_HAND, `told after ${alertedAfter} others`);
      const waited = order.length - since;
      assert.ok(waited > 300, `only ${waited} were waiting`);
    });
});
