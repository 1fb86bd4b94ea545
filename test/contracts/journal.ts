import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Conflict, type Cursor } from "../../functions/ports.ts";
import { entry, FILE, minute } from "../domain/perfect.ts";
import { type MakeHost, on } from "./host.ts";

const cursor = (moves: number, serial: number): Cursor => ({
  epoch: 1,
  serial,
  from: 100,
  polledAt: minute(0),
  caughtUpAt: minute(0),
  blind: null,
  intervals: [],
  unknownActions: 0,
  lagSeconds: 1.5,
  moves,
});

export function cursorsContract(name: string, make: MakeHost): void {
  describe(`${name}: the cursor`, () => {
    it(
      "is nothing before the first move, and then what was last moved to",
      on(make, async ({ cursors }) => {
        assert.equal(await cursors.read(), null);
        await cursors.move(null, cursor(1, 100));
        const blind = { ...cursor(2, 120), blind: { since: minute(1), reason: "no answer" } };
        await cursors.move(1, blind);
        assert.deepEqual(await cursors.read(), blind);
      }),
    );

    it(
      "is moved by nobody who saw an older one, nor begun twice",
      on(make, async ({ cursors }) => {
        await cursors.move(null, cursor(1, 100));
        await assert.rejects(cursors.move(null, cursor(1, 500)), Conflict);
        await cursors.move(1, cursor(2, 120));
        await assert.rejects(cursors.move(1, cursor(2, 500)), Conflict);
        await assert.rejects(cursors.move(7, cursor(8, 500)), Conflict);
        assert.equal((await cursors.read())?.serial, 120);
      }),
    );

    it(
      "never goes back within an epoch, and begins where it likes in the next",
      on(make, async ({ cursors }) => {
        await cursors.move(null, cursor(1, 100));
        await assert.rejects(cursors.move(1, cursor(2, 99)), /cannot go back/);
        await cursors.move(1, { ...cursor(2, 7), epoch: 2 });
        assert.equal((await cursors.read())?.serial, 7);
      }),
    );

    it(
      "is moved by exactly one of many at once",
      on(make, async ({ cursors }) => {
        await cursors.move(null, cursor(1, 100));
        const moves = Array.from({ length: 10 }, (_, index) => cursors.move(1, cursor(2, 200 + index)));
        const ends = await Promise.allSettled(moves);
        assert.equal(ends.filter(({ status }) => status === "fulfilled").length, 1);
        for (const end of ends) assert.ok(end.status === "fulfilled" || end.reason instanceof Conflict);
      }),
    );
  });
}

export function entriesContract(name: string, make: MakeHost): void {
  describe(`${name}: entries`, () => {
    const added = entry(`add source file ${FILE}`, 101);

    it(
      "are kept once, and those that were new are answered",
      on(make, async ({ entries }) => {
        const other = entry("remove release", 102);
        assert.deepEqual(await entries.append([added]), [added]);
        assert.deepEqual(await entries.append([added, other]), [other]);
        assert.deepEqual(await entries.append([added, other]), []);
        assert.deepEqual(await entries.concerning("lantern", FILE, "1.0"), [added, other]);
      }),
    );

    it(
      "of the same serial in another epoch or project are other entries",
      on(make, async ({ entries }) => {
        const others = [added, { ...added, epoch: 2 }, { ...added, project: "lamp" }];
        assert.equal((await entries.append(others)).length, 3);
        assert.equal((await entries.concerning("lantern", FILE, "1.0")).length, 2);
      }),
    );

    it(
      "concern a file by its name, its release however spelled, or the whole project; no other's",
      on(make, async ({ entries }) => {
        const concerning = [
          added,
          entry("remove release", 110, { release: "1.0.0" }),
          entry("project quarantined", 111, { release: null }),
          entry("add Owner mallory", 112, { release: null }),
        ];
        const others = [
          entry("add py3 file lantern-1.0-py3-none-any.whl", 120),
          entry("remove release", 121, { release: "1.1" }),
        ];
        await entries.append([...others, ...concerning]);
        assert.deepEqual(await entries.concerning("lantern", FILE, "1.0"), concerning);
      }),
    );

    it(
      "concern a file of no known release by its name or the whole project only",
      on(make, async ({ entries }) => {
        const project = entry("remove project", 103, { release: null });
        await entries.append([added, entry("remove release", 102), project]);
        assert.deepEqual(await entries.concerning("lantern", FILE, null), [added, project]);
      }),
    );

    it(
      "of the project are those of no release and no file, and quarantines of releases; ascending",
      on(make, async ({ entries }) => {
        const others = [
          added,
          entry("new release", 100),
          entry("remove release", 109),
          entry("yank release", 108),
        ];
        const ofProject = [
          entry("create", 99, { release: null }),
          entry("release quarantined", 110, { release: "1.0.0" }),
          entry("invite Owner mallory", 112, { release: null }),
          entry("release quarantine cleared", 113),
          entry("change Owner The Night Shift to Maintainer", 3, { release: null, epoch: 2 }),
        ];
        await entries.append([
          ...others,
          ...ofProject.toReversed(),
          { ...added, project: "lamp", serial: 7 },
        ]);
        assert.deepEqual(await entries.ofProject("lantern"), ofProject);
        assert.deepEqual(await entries.ofProject("lamp"), []);
        const concerning = await entries.concerning("lantern", FILE, "1.0");
        assert.deepEqual(
          concerning.map(({ serial }) => serial),
          [99, 100, 101, 108, 109, 110, 112, 113, 3],
        );
        assert.ok(!(await entries.concerning("lantern", FILE, "2.0")).some(({ serial }) => serial === 110));
      }),
    );

    it(
      "have a highest serial per project and epoch, whatever they speak of; 0 where there are none",
      on(make, async ({ entries }) => {
        assert.equal(await entries.highest("lantern", 1), 0);
        await entries.append([
          { ...added, serial: 9 },
          entry("remove release", 100),
          entry("add Owner mallory", 12, { release: null }),
          { ...added, epoch: 2, serial: 3 },
          { ...added, project: "lamp", serial: 500 },
        ]);
        assert.equal(await entries.highest("lantern", 1), 100);
        assert.equal(await entries.highest("lantern", 2), 3);
        assert.equal(await entries.highest("lantern", 3), 0);
      }),
    );

    it(
      "ascend by epoch and serial, whatever order they came in",
      on(make, async ({ entries }) => {
        const kept = [
          { ...added, serial: 9 },
          { ...added, serial: 100 },
          { ...added, epoch: 2, serial: 3 },
        ];
        await entries.append(kept.toReversed());
        assert.deepEqual(await entries.concerning("lantern", FILE, "1.0"), kept);
      }),
    );
  });
}
