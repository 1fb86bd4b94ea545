import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { after, type Instant, minutes } from "../../functions/domain/instants.ts";
import type { Deadline, SweepPosition } from "../../functions/ports.ts";
import { spending } from "../../functions/sweep/spending.ts";
import { seeded } from "../world.ts";

const MIDNIGHT = "2026-11-22T00:00:00.000Z";
const BUDGET = 1_000;

const due = (kind: "rehash" | "page", each: number, at: Instant, sizeBytes = 0): Deadline =>
  kind === "page"
    ? { kind, project: `project-${each}`, file: "", due: at, sizeBytes }
    : { kind, project: "lantern", file: `file-${each}`, due: at, sizeBytes };

type Position = Pick<SweepPosition, "day" | "spentBytes" | "allowance">;

/** A day of rounds, ten minutes apart, over these files; what was taken is due no more. */
function dayOf(sizes: readonly number[], position: Position, seed: number, from = MIDNIGHT) {
  const chance = { fraction: seeded(seed) };
  let left = sizes.map((size, each) => due("rehash", each, from, size));
  const taken: Deadline[] = [];
  let known = position;
  for (let round = 0; round < 144; round += 1) {
    const now = after(from, minutes(10 * round));
    const settings = { sweepPerSecond: 0, sweepBudgetBytes: BUDGET };
    const { files, means } = spending(known, { files: left, pages: [] }, now, { chance, settings });
    taken.push(...files);
    left = left.filter((each) => !files.includes(each));
    known = means;
  }
  return { taken, left };
}

const bytesOf = (of: readonly Deadline[]): number => of.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
const NEVER: Position = { day: "", spentBytes: 0 };

describe("what a round takes", () => {
  it("is within the day's bytes, whatever is due; a larger file has the day to itself", () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 2 * BUDGET }), { maxLength: 60 });
    fc.assert(
      fc.property(sizes, fc.nat(), (each, seed) => {
        const { taken } = dayOf(each, NEVER, seed);
        assert.equal(new Set(taken).size, taken.length);
        const isAlone = taken.filter(({ sizeBytes }) => sizeBytes > 0).length === 1;
        assert.ok(isAlone || bytesOf(taken) <= BUDGET, `${bytesOf(taken)} bytes in a day`);
      }),
    );
  });

  it("leaves nothing for later that the day has room for", () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 10 });
    fc.assert(
      fc.property(sizes, fc.nat(), (each, seed) => assert.deepEqual(dayOf(each, NEVER, seed).left, [])),
    );
  });

  it("takes, leaves and counts each of what is due once, within the rate", () => {
    fc.assert(
      fc.property(fc.nat(80), fc.nat(80), fc.nat(), (files, pages, seed) => {
        const chance = { fraction: seeded(seed) };
        const all = {
          files: Array.from({ length: files }, (_, each) => due("rehash", each, MIDNIGHT, 1)),
          pages: Array.from({ length: pages }, (_, each) => due("page", each, MIDNIGHT)),
        };
        const settings = { sweepPerSecond: 1, sweepBudgetBytes: 1e6 };
        // A minute's worth is there at first; the noon of a day leaves room for all bytes.
        const now = after(MIDNIGHT, minutes(12 * 60));
        const of = spending(NEVER, all, now, { chance, settings });
        const parts = [...of.files, ...of.pages, ...of.left];
        assert.deepEqual(new Set(parts), new Set([...all.files, ...all.pages]));
        assert.equal(parts.length, files + pages);
        assert.equal(
          of.files.length + of.pages.length,
          Math.min(60, pages + Math.min(files, of.files.length)),
        );
        assert.equal(of.means.allowance.requests, 60 - of.files.length - of.pages.length);
        assert.ok(of.files.length >= Math.min(files, 30));
      }),
    );
  });
});
