import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { after, hours, type Instant } from "../../functions/domain/instants.ts";
import type { Deadline } from "../../functions/ports.ts";
import { behindNews } from "../../functions/sweep/behind.ts";

const NOON = "2026-11-22T12:00:00.000Z";
const at = (count: number): Instant => after(NOON, hours(count));
const late = (byHours: number, now = 0): Deadline[] => [
  { kind: "page", project: "lantern", file: "", due: at(now - byHours), sizeBytes: 0 },
];

describe("a sweep that does not come round", () => {
  it("is told once it has lasted an hour, once, and when it is over", () => {
    const first = behindNews(null, late(25), NOON);
    assert.deepEqual([first.tell, first.behind], [[], { since: NOON, told: null }]);
    const second = behindNews(first.behind, late(25, 1), at(1));
    assert.deepEqual(
      second.tell.map(({ verdict, topic, openedAt, state }) => [verdict, topic, openedAt, state]),
      [["sweep-behind", "health", NOON, "open"]],
    );
    const third = behindNews(second.behind, late(30, 2), at(2));
    assert.deepEqual(third.tell, []);
    const over = behindNews(third.behind, late(23, 3), at(3));
    assert.deepEqual(
      [over.tell.map(({ id, state }) => [id, state]), over.behind],
      [[[second.tell[0]?.id, "resolved"]], null],
    );
  });

  it("is nobody's news after a pause that is made good within the hour", () => {
    const first = behindNews(null, late(80), NOON);
    assert.deepEqual(behindNews(first.behind, late(2, 1), at(1)), { tell: [], behind: null });
  });

  it("is none while everything is less than a day late", () => {
    assert.deepEqual(behindNews(null, late(23), NOON), { tell: [], behind: null });
  });
});
