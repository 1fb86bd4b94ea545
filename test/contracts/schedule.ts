import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Deadline } from "../../functions/ports.ts";
import { caseOf, FILE, minute } from "../domain/perfect.ts";
import { type MakeHost, on } from "./host.ts";

const deadline = (due: string, spoiled: Partial<Deadline> = {}): Deadline => ({
  kind: "verdict",
  project: "lantern",
  file: FILE,
  due,
  sizeBytes: 7,
  ...spoiled,
});

export function deadlinesContract(name: string, make: MakeHost): void {
  describe(`${name}: deadlines`, () => {
    it(
      "are due at their instant and not before, soonest first, as many as asked for",
      on(make, async ({ deadlines }) => {
        const all = [3, 1, 2].map((at) => deadline(minute(at), { file: `file-${at}` }));
        await deadlines.put(all);
        const due = async (at: number, limit = 10) =>
          (await deadlines.due("verdict", minute(at), limit)).map(({ file }) => file);
        assert.deepEqual(await due(0.99), []);
        assert.deepEqual(await due(1), ["file-1"]);
        assert.deepEqual(await due(5), ["file-1", "file-2", "file-3"]);
        assert.deepEqual(await due(5, 2), ["file-1", "file-2"]);
      }),
    );

    it(
      "of one kind are not another's, whatever they are for",
      on(make, async ({ deadlines }) => {
        const kinds = ["verdict", "page", "rehash", "terms", "pace"] as const;
        await deadlines.put(kinds.map((kind, at) => deadline(minute(at), { kind, file: kind })));
        for (const [at, kind] of kinds.entries()) {
          const due = await deadlines.due(kind, minute(9), 10);
          assert.deepEqual(due, [deadline(minute(at), { kind, file: kind })]);
        }
        await deadlines.clear("terms", "lantern", "terms");
        assert.deepEqual(await deadlines.due("terms", minute(9), 10), []);
        assert.equal((await deadlines.due("page", minute(9), 10)).length, 1);
      }),
    );

    it(
      "are one per kind and artifact: the last write wins",
      on(make, async ({ deadlines }) => {
        await deadlines.put([deadline(minute(1))]);
        await deadlines.put([deadline(minute(9), { sizeBytes: 8 })]);
        assert.deepEqual(await deadlines.due("verdict", minute(5), 10), []);
        assert.deepEqual(await deadlines.due("verdict", minute(9), 10), [
          deadline(minute(9), { sizeBytes: 8 }),
        ]);
      }),
    );

    it(
      "of another kind are other deadlines, and are cleared by themselves",
      on(make, async ({ deadlines }) => {
        await deadlines.put([deadline(minute(1)), deadline(minute(1), { kind: "rehash" })]);
        await deadlines.clear("verdict", "lantern", FILE);
        await deadlines.clear("verdict", "lantern", "never-there");
        assert.deepEqual(await deadlines.due("verdict", minute(1), 10), []);
        assert.equal((await deadlines.due("rehash", minute(1), 10)).length, 1);
      }),
    );

    it(
      "put only where there is none leave alone what is there",
      on(make, async ({ deadlines }) => {
        const page = (due: string) => deadline(due, { kind: "page", file: "" });
        await deadlines.putIfAbsent(page(minute(1)));
        await deadlines.putIfAbsent(page(minute(9)));
        assert.deepEqual(await deadlines.due("page", minute(9), 10), [page(minute(1))]);
      }),
    );

    it(
      "brought forward are moved where they are due too late, or not there, and nowhere else",
      on(make, async ({ deadlines }) => {
        const file = (name: string, at: number) => deadline(minute(at), { kind: "rehash", file: name });
        const all = [file("late", 9), file("in time", 5), file("sooner", 1)];
        await deadlines.put(all);
        for (const name of ["late", "in time", "sooner", "new"])
          await deadlines.bringForward(file(name, 4), minute(5));
        assert.deepEqual(
          (await deadlines.due("rehash", minute(9), 10)).toSorted((a, b) => a.file.localeCompare(b.file)),
          [file("in time", 5), file("late", 4), file("new", 4), file("sooner", 1)],
        );
      }),
    );
  });
}

export function positionsContract(name: string, make: MakeHost): void {
  describe(`${name}: the sweep's position`, () => {
    it(
      "is nothing, and then what was last written",
      on(make, async ({ positions }) => {
        assert.equal(await positions.read(), null);
        const position = { day: "2026-11-22", spentBytes: 5, startedAt: minute(0), told: null };
        await positions.write(position);
        await positions.write({ ...position, spentBytes: 9 });
        assert.deepEqual(await positions.read(), { ...position, spentBytes: 9 });
      }),
    );
  });
}

export function flakyEdgesContract(name: string, make: MakeHost): void {
  describe(`${name}: flaky edges`, () => {
    it(
      "count each project once an hour",
      on(make, async ({ flakyEdges }) => {
        assert.equal(await flakyEdges.count("2026-11-22T12"), 0);
        for (const project of ["lantern", "lamp", "lantern"]) await flakyEdges.note("2026-11-22T12", project);
        await flakyEdges.note("2026-11-22T13", caseOf().project);
        assert.equal(await flakyEdges.count("2026-11-22T12"), 2);
        assert.equal(await flakyEdges.count("2026-11-22T13"), 1);
      }),
    );
  });
}
