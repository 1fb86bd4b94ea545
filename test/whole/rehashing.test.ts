import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { days, hours } from "../../functions/domain/instants.ts";
import type { Settings } from "../../functions/domain/settings.ts";
import { type Keys, startWorld, type World } from "../world.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const FILES = 8;
const fileOf = (project: string, number: number): string => `${project}-1.${number}.tar.gz`;

let world: World;
afterEach(() => world.close());

/** Kind, so that no file is asked for twice by a message that came twice. */
async function started(settings: Partial<Settings> = {}): Promise<void> {
  world = await startWorld({ twiceOneIn: 0, settings: { sweepPerSecond: 0, ...settings } });
  await world.settle();
}

/** A project of some old files, each hashed once. */
async function watched(project: string, policy: object = {}): Promise<Keys> {
  const files = Array.from({ length: FILES }, (_, each) => fileOf(project, each));
  world.index.publish({
    project,
    version: "1.0",
    files: files.map((name) => ({ name, bytes: bytes(name) })),
  });
  await world.settle();
  const keys = await world.enrol(project, policy);
  await world.pass(hours(1), 6);
  return keys;
}

/** How often each of a project's files was asked for meanwhile, the least and the most. */
async function hashedIn(timeMs: number, ...projects: readonly string[]): Promise<[number, number][]> {
  const from = world.index.requests.all.length;
  await world.pass(timeMs, timeMs / hours(1));
  const paths = world.index.requests.all.slice(from).map(({ path }) => path.split("/").at(-1) ?? "");
  return projects.map((project) => {
    const counts = Array.from(
      { length: FILES },
      (_, each) => paths.filter((path) => path === fileOf(project, each)).length,
    );
    return [Math.min(...counts), Math.max(...counts)];
  });
}

const choose = async (project: string, { id, maintainer }: Keys, policy: object): Promise<void> => {
  const path = `/v1/projects/${project}/enrolments/${id}/policy`;
  const headers = { authorization: `Bearer ${maintainer}` };
  const answer = await world.host.api.request(path, {
    method: "PATCH",
    headers,
    body: JSON.stringify(policy),
  });
  assert.equal(answer.status, 200, await answer.text());
};

describe("a file's bytes", () => {
  it("are hashed again daily where the watcher asks for it, and by the operator's bound elsewhere", async () => {
    await started();
    await watched("lantern", { rehashDays: 1 });
    await watched("moth");
    const [[daily = 0], [weekly = 0, most = 0]] = (await hashedIn(days(7) + hours(2), "lantern", "moth")) as [
      [number],
      [number, number],
    ];
    assert.ok(daily >= 7 && daily <= 14, `a daily file was hashed ${daily} times in a week`);
    assert.ok(weekly >= 1 && most <= 2, `a weekly file was hashed ${weekly} to ${most} times in a week`);
  });

  it("that wait for next week are hashed within a day once a watcher asks for that", async () => {
    await started();
    const keys = await watched("lantern");
    await watched("moth");
    await choose("lantern", keys, { rehashDays: 1 });
    const counts = await hashedIn(hours(26), "lantern", "moth");
    assert.deepEqual(counts[0]?.[0], 1);
    assert.deepEqual(counts[1], [0, 0]);
  });

  it("go by the shortest that several watchers ask for, also one who comes later; and by the others' once that one ended", async () => {
    await started();
    await watched("lantern", { rehashDays: 5 });
    const { id, maintainer } = await world.enrol("lantern", { rehashDays: 1 });
    await world.pass(hours(1), 6);
    assert.deepEqual((await hashedIn(hours(25), "lantern"))[0]?.[0], 1);
    const headers = { authorization: `Bearer ${maintainer}` };
    const path = `/v1/projects/lantern/enrolments/${id}`;
    assert.equal((await world.host.api.request(path, { method: "DELETE", headers })).status, 200);
    // The end waits a day; what was hashed until then is due once more within a day of it.
    await world.pass(hours(49), 49);
    assert.deepEqual(await hashedIn(hours(24), "lantern"), [[0, 0]]);
  });

  it("are hashed less often only after a day", async () => {
    await started();
    const keys = await watched("lantern", { rehashDays: 1 });
    await choose("lantern", keys, { rehashDays: null });
    assert.ok(((await hashedIn(hours(24), "lantern"))[0]?.[0] ?? 0) >= 1);
    await world.pass(hours(24), 24);
    assert.deepEqual(await hashedIn(hours(24), "lantern"), [[0, 0]]);
  });

  it("cannot be had more often than the budget allows; that the sweep is behind is told", async () => {
    await started({ sweepBudgetBytes: 40 });
    await watched("lantern", { rehashDays: 1 });
    await world.pass(days(4), 96);
    assert.deepEqual(
      world.told().filter((told) => told.includes("sweep-behind")),
      ["health warning sweep-behind open null"],
    );
  });
});
