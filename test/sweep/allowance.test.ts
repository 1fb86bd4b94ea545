import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { after, type Instant } from "../../functions/domain/instants.ts";
import type { Deadline } from "../../functions/ports.ts";
import { drawn, grown } from "../../functions/sweep/allowance.ts";
import { seeded } from "../world.ts";

const NOON = "2026-11-22T12:00:00.000Z";
const seconds = (count: number): Instant => after(NOON, count * 1000);
const chanceOf = (seed: number) => ({ fraction: seeded(seed) });
const due = (file: string, secondsAgo = 0): Deadline => ({
  kind: "rehash",
  project: "lantern",
  file,
  due: seconds(-secondsAgo),
  sizeBytes: 1,
});
const backlog = (count: number): Deadline[] =>
  Array.from({ length: count }, (_, each) => due(`file-${each}`));

describe("what the sweep may ask for", () => {
  it("grows by the rate, is saved up for two minutes at most, and not at all while a clock goes back", () => {
    assert.deepEqual(grown(null, 2, NOON), { requests: 120, at: NOON });
    const spent = { requests: 0, at: NOON };
    assert.equal(grown(spent, 2, seconds(30)).requests, 60);
    assert.equal(grown(spent, 2, seconds(86_400)).requests, 240);
    assert.equal(grown(spent, 2, seconds(-60)).requests, 0);
  });

  it("adds up to the rate over any rounds, however they are cut", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 5, maxLength: 60 }), (pauses) => {
        let [allowance, taken, now] = [grown({ requests: 0, at: NOON }, 2, NOON), 0, 0];
        for (const pause of pauses) {
          now += pause;
          allowance = grown(allowance, 2, seconds(now));
          const places = Math.floor(allowance.requests);
          taken += places;
          allowance = { ...allowance, requests: allowance.requests - places };
        }
        assert.ok(taken <= 2 * now && taken >= 2 * now - 1, `${taken} in ${now} s`);
      }),
    );
  });

  it("is without limit at 0", () => {
    assert.ok(grown({ requests: 0, at: NOON }, 0, NOON).requests > 1e9);
  });
});

describe("what is taken of a backlog", () => {
  it("is nothing where more was lent than there was", () => {
    const late = Array.from({ length: 20 }, (_, each) => due(`file-${each}`, 90_000));
    for (let seed = 0; seed < 50; seed += 1)
      for (const most of [-0.5, -1, -7.2]) assert.deepEqual(drawn(late, most, NOON, chanceOf(seed)), []);
  });

  it("is no more than there are places, each once, and all of it where there are enough", () => {
    const most = drawn(backlog(100), 7.9, NOON, chanceOf(1));
    assert.equal(most.length, 7);
    assert.equal(new Set(most).size, 7);
    assert.equal(drawn(backlog(5), 7, NOON, chanceOf(1)).length, 5);
    assert.deepEqual(drawn(backlog(5), 0.9, NOON, chanceOf(1)), []);
  });

  it("is foreseen by nobody: each is first about as often as any other", () => {
    const firsts = new Map<string, number>();
    for (let seed = 0; seed < 2_000; seed += 1) {
      const [first] = drawn(backlog(10), 3, NOON, chanceOf(seed));
      firsts.set(first?.file ?? "", (firsts.get(first?.file ?? "") ?? 0) + 1);
    }
    assert.equal(firsts.size, 10);
    for (const [file, times] of firsts)
      assert.ok(times > 120 && times < 280, `${file} was first ${times} times of 2,000`);
  });

  it("is not always the oldest where there is one place, and often enough", () => {
    const late = Array.from({ length: 10 }, (_, each) => due(`file-${each}`, 7_200 + each));
    const times = Array.from({ length: 1_000 }, (_, seed) => drawn(late, 1, NOON, chanceOf(seed))[0]?.file);
    const oldest = times.filter((file) => file === "file-9").length;
    assert.ok(oldest > 450 && oldest < 700, `${oldest} of 1,000 times`);
  });

  it("leaves nothing out for ever: whatever comes due meanwhile, all is taken in twice the rounds it needs", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 2, max: 9 }),
        fc.nat(),
        (count, places, seed) => {
          const chance = chanceOf(seed);
          let waiting = backlog(count).map((each) => ({ ...each, due: seconds(-7_200) }));
          const old = new Set(waiting.map(({ file }) => file));
          const rounds = Math.ceil(count / Math.floor(places / 2));
          for (let round = 0; round < rounds; round += 1) {
            const taken = drawn(waiting, places, NOON, chance);
            for (const { file } of taken) old.delete(file);
            // As many new ones come due as were taken.
            const fresh = taken.map((_, each) => due(`new-${round}-${each}`));
            waiting = [...waiting.filter((each) => !taken.includes(each)), ...fresh];
          }
          assert.equal(old.size, 0);
        },
      ),
    );
  });
});
