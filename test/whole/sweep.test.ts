import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { artifactSubject } from "../../functions/domain/ledger.ts";
import { startWorld, type World } from "../world.ts";

const FILE = "lantern-1.0.tar.gz";
const MINUTE = 60_000;

let world: World;
afterEach(() => world.close());

const looks = () => world.index.requests.all.filter(({ route }) => route === "simple-project");
const written = async (): Promise<number> =>
  (await world.host.ports.ledger.read(artifactSubject("lantern", FILE))).length;

describe("an enrolled project's page", () => {
  it("is looked at once more ten minutes later, by its tag, and unchanged adds nothing to any history", async () => {
    world = await startWorld({ twiceOneIn: 0 });
    world.index.publish({
      project: "lantern",
      version: "1.0",
      files: [{ name: FILE, bytes: new TextEncoder().encode("old") }],
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

  it("is looked at within every day, at no hour that a day before gives away", async () => {
    world = await startWorld({ twiceOneIn: 0, seed: 7 });
    world.index.publish({
      project: "lantern",
      version: "1.0",
      files: [{ name: FILE, bytes: new TextEncoder().encode("old") }],
    });
    await world.settle();
    await world.enrol("lantern", {});
    await world.pass(60 * MINUTE, 6);
    const at: number[] = [];
    for (let hour = 0; hour < 14 * 24; hour += 1) {
      const before = looks().length;
      await world.pass(60 * MINUTE, 1);
      if (looks().length > before) at.push(hour);
    }
    const pauses = at.slice(1).map((hour, each) => hour - (at[each] ?? 0));
    assert.ok(pauses.length >= 13, `${pauses.length + 1} looks in two weeks`);
    for (const pause of pauses) assert.ok(pause <= 25, `${pause} hours without a look`);
    assert.ok(new Set(pauses).size >= 5, `always ${[...new Set(pauses)].join(" or ")} hours apart`);
  });
});
