import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blindness, type Reading } from "../../functions/domain/blindness.ts";
import { after } from "../../functions/domain/instants.ts";
import { minute } from "./perfect.ts";

const STALE_MS = 300_000;
const POLLED = minute(0);
const STARTED = minute(-60);
const WENT_BACK = { since: minute(-3), reason: "the head is below the cursor" };
const UNREAD = "the journal has not been read yet";
const SILENCE = `the journal was last read in full at ${POLLED}`;

const reading = (blind: Reading["blind"] = null): Reading => ({
  epoch: 1,
  serial: 1_000,
  polledAt: POLLED,
  blind,
});

type Row = readonly [
  what: string,
  read: Reading | null,
  startedAt: string | null,
  afterMs: number,
  is: ReturnType<typeof blindness>,
];

const unread = (since: string | null) => ({ kind: "unread", since, reason: UNREAD }) as const;
const silent = { kind: "silent", since: POLLED, reason: SILENCE } as const;
const wentBack = { kind: "went-back", ...WENT_BACK } as const;

const TABLE: readonly Row[] = [
  ["just read", reading(), STARTED, 0, null],
  ["silent, a moment before the limit", reading(), STARTED, STALE_MS - 1, null],
  ["silent, at the limit", reading(), STARTED, STALE_MS, silent],
  ["silent, past the limit", reading(), STARTED, STALE_MS + 1, silent],
  ["silent, whenever it was started", reading(), null, STALE_MS, silent],
  ["never read, just started", null, POLLED, 0, unread(POLLED)],
  ["never read, started long ago", null, STARTED, 0, unread(STARTED)],
  ["never read, past the limit", null, STARTED, STALE_MS, unread(STARTED)],
  ["never read, and nobody noted the start", null, null, 0, unread(null)],
  ["gone back, and answering", reading(WENT_BACK), STARTED, 0, wentBack],
  ["gone back, and silent too", reading(WENT_BACK), STARTED, STALE_MS, wentBack],
  ["read at an instant that a clock put back has not reached", reading(), STARTED, -60_000, null],
];

describe("whether the monitor is blind when its journal is", () => {
  for (const [what, read, startedAt, afterMs, is] of TABLE)
    it(`${what}: ${is === null ? "it sees" : `${is.kind} since ${is.since}`}`, () => {
      assert.deepEqual(blindness(read, startedAt, after(POLLED, afterMs), STALE_MS), is);
    });
});
