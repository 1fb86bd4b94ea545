import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { after, between } from "../../functions/domain/instants.ts";
import type { Polled } from "../../functions/feed/feed.ts";
import { pollWhileRoom, Quiet } from "../../functions/feed/polling.ts";
import { Conflict, type Cursor, IndexUnavailable } from "../../functions/ports.ts";
import { minute } from "../domain/perfect.ts";

const SECOND = 1_000;
const polled = (more = false): Polled => ({ rows: 1, changes: 1, more, cursor: {} as Cursor });

/** Runs polls on a clock that only pauses and polls move, for 55 seconds from when it begins. */
async function run(poll: (count: number) => Polled, quiet = new Quiet(), fromMs = 0, pollTakesMs = 0) {
  let now = after(minute(0), fromMs);
  const beganAt = now;
  const at: number[] = [];
  const failures: number[] = [];
  let told = 0;
  await pollWhileRoom(
    {
      clock: { now: () => now },
      pollMs: 5 * SECOND,
      poll: async () => {
        at.push(between(minute(0), now) / SECOND);
        now = after(now, pollTakesMs);
        return poll(at.length);
      },
      pause: async (ms) => {
        now = after(now, ms);
      },
      hasRoom: (aheadMs) => between(beganAt, now) + aheadMs < 55 * SECOND,
      polled: async () => {
        told += 1;
      },
      failed: (_, count) => void failures.push(count),
    },
    quiet,
  );
  return { at, told, failures, quiet };
}

const unavailable = (retryAfterMs: number | null = null): never => {
  throw new IndexUnavailable("throttled", "429", retryAfterMs);
};

describe("a run of polls", () => {
  it("polls at its pace while there is room, and no longer", async () => {
    const { at, told } = await run(() => polled());
    assert.deepEqual(at, [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50]);
    assert.equal(told, 11);
  });

  it("polls again at once where the answer was full", async () => {
    const { at } = await run((count) => polled(count <= 3));
    assert.deepEqual(at.slice(0, 5), [0, 0, 0, 0, 5]);
  });

  it("ends when polls take long, full or not", async () => {
    const { at } = await run(() => polled(true), new Quiet(), 0, 20 * SECOND);
    assert.deepEqual(at, [0, 20, 40]);
  });

  it("polls less and less often while the index is not available, and at its pace once it is", async () => {
    const { at, failures, told } = await run((count) => (count <= 3 ? unavailable() : polled()));
    assert.deepEqual(at.slice(0, 5), [0, 5, 15, 35, 40]);
    assert.deepEqual([failures, told], [[1, 2, 3], at.length - 3]);
  });

  it("leaves the index alone for as long as it asked", async () => {
    const { at } = await run((count) => (count === 1 ? unavailable(40 * SECOND) : polled()));
    assert.deepEqual(at, [0, 40, 45, 50]);
  });

  it("leaves it alone across runs, when it asked for longer than one lasts", async () => {
    const first = await run(() => unavailable(130 * SECOND));
    assert.deepEqual(first.at, [0]);
    const second = await run(() => polled(), first.quiet, 60 * SECOND);
    assert.deepEqual(second.at, []);
    const third = await run(() => polled(), first.quiet, 120 * SECOND);
    assert.deepEqual(third.at.slice(0, 2), [130, 135]);
    const fourth = await run(() => polled(), first.quiet, 180 * SECOND);
    assert.equal(fourth.at[0], 180);
  });

  it("counts failures on across runs", async () => {
    const quiet = new Quiet();
    const { failures } = await run(() => unavailable(), quiet);
    const { failures: more } = await run(() => unavailable(), quiet, 120 * SECOND);
    assert.deepEqual(
      [...failures, ...more],
      [...failures, ...more].map((_, index) => index + 1),
    );
  });

  it("does not take another feed that was first for a failure", async () => {
    const { at, failures, told } = await run((count) => {
      if (count < 3) throw new Conflict("the cursor");
      return polled();
    });
    assert.deepEqual([at.slice(0, 3), failures, told], [[0, 5, 10], [], 9]);
  });

  it("takes a fault of ours for one, and goes on", async () => {
    const { failures, told } = await run((count) => {
      if (count === 1) throw new TypeError("a bug");
      return polled();
    });
    assert.deepEqual([failures, told], [[1], 10]);
  });
});
