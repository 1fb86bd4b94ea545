import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hours, laterHalf } from "../../functions/domain/instants.ts";
import { seeded } from "../world.ts";

const DAY_MS = hours(24);
const WEEK_MS = 7 * DAY_MS;

/** How many re-hashes it takes until one falls into the hours of each day in which the bytes are wrong. */
function looksUntilCaught(fraction: () => number, fromHour: number, forHours: number): number {
  let atMs = fraction() * WEEK_MS;
  for (let looks = 1; ; looks += 1) {
    const hour = (atMs % DAY_MS) / hours(1);
    if (hour >= fromHour && hour < fromHour + forHours) return looks;
    atMs += laterHalf(WEEK_MS, fraction());
  }
}

describe("a file whose bytes are wrong some hours of each day", () => {
  for (const forHours of [2, 6, 12]) {
    it(`for ${forHours} hours is caught as soon as chance has it, whatever the hours`, () => {
      const share = forHours / 24;
      const fraction = seeded(forHours);
      const looks = Array.from({ length: 4_000 }, () => looksUntilCaught(fraction, 3, forHours));
      const mean = looks.reduce((sum, each) => sum + each, 0) / looks.length;
      assert.ok(Math.abs(mean * share - 1) < 0.1, `${mean} looks on average, expected ${1 / share}`);
      const within = Math.ceil(Math.log(0.1) / Math.log(1 - share));
      const caught = looks.filter((each) => each <= within).length / looks.length;
      assert.ok(caught > 0.87, `${caught} caught within ${within} looks`);
    });
  }
});
