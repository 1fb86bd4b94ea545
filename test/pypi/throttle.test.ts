import assert from "node:assert/strict";
import { test } from "node:test";
import { exhaustedMs, LONGEST_WAIT_MS, retryAfterMs, throttle } from "../../functions/pypi/throttle.ts";

const NOW = "2026-11-22T12:00:00.000Z";

const waits: Readonly<Record<string, number | null>> = {
  "120": 120_000,
  "0": 0,
  " 5 ": 5_000,
  "Sun, 22 Nov 2026 12:00:30 GMT": 30_000,
  "Sun, 22 Nov 2026 11:00:00 GMT": 0,
  "99999999999999999999": LONGEST_WAIT_MS,
  soon: null,
  "-1": null,
  "": null,
};
for (const [text, waitMs] of Object.entries(waits))
  test(`Retry-After ${JSON.stringify(text)} means ${waitMs} ms`, () =>
    assert.equal(retryAfterMs({ "retry-after": text }, NOW), waitMs));

const limits: Readonly<Record<string, number>> = {
  '"xmlrpc.client";r=0;t=12': 12_000,
  '"xmlrpc.client"; r=0; t=12': 12_000,
  '"xmlrpc.client";r=3;t=12': 0,
  '"day";r=5;t=9, "hour";r=0;t=7': 7_000,
  '"xmlrpc.client";r=0': 1_000,
  '"xmlrpc.client";r=0;t=999999999': LONGEST_WAIT_MS,
  nonsense: 0,
  "": 0,
};
for (const [text, waitMs] of Object.entries(limits))
  test(`RateLimit ${text} holds calls for ${waitMs} ms`, () =>
    assert.equal(exhaustedMs({ ratelimit: text }), waitMs));

test("a shorter wait does not shorten a longer one", () => {
  const kept = throttle();
  kept.hold(NOW, 5_000);
  kept.hold(NOW, 1_000);
  assert.equal(kept.waitMs(NOW), 5_000);
  assert.equal(kept.waitMs("2026-11-22T12:00:05.000Z"), 0);
});

test("a clock that goes back makes no wait longer than any may be", () => {
  const held = throttle();
  held.hold("2027-11-22T12:00:00.000Z", 60_000);
  assert.equal(held.waitMs("2026-11-22T12:00:00.000Z"), 0);
  held.hold("2026-11-22T12:00:00.000Z", 5_000);
  assert.equal(held.waitMs("2026-11-22T12:00:01.000Z"), 4_000);
});
