import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SourceState } from "../../functions/domain/sources.ts";
import { Conflict } from "../../functions/ports.ts";
import { minute } from "../domain/perfect.ts";
import { type MakeHost, on } from "./host.ts";

const state = (moves: number, more: Partial<SourceState> = {}): SourceState => ({
  epoch: 1,
  serial: 100,
  etag: '"e1"',
  seen: [],
  since: minute(0),
  triedAt: minute(1),
  answeredAt: minute(1),
  failing: null,
  notBefore: null,
  moves,
  ...more,
});

export function sourceStatesContract(name: string, make: MakeHost): void {
  describe(`${name}: what is remembered of a source`, () => {
    it(
      "is nothing before the first move, and then what was last moved to",
      on(make, async ({ sourceStates }) => {
        assert.equal(await sourceStates.read("list"), null);
        await sourceStates.move("list", null, state(1));
        const failing = { since: minute(2), reason: "HTTP 503" };
        const next = state(2, { failing, answeredAt: null, seen: ["a", "b"], notBefore: minute(9) });
        await sourceStates.move("list", 1, next);
        assert.deepEqual(await sourceStates.read("list"), next);
      }),
    );

    it(
      "is that source's own",
      on(make, async ({ sourceStates }) => {
        await sourceStates.move("updates", null, state(1, { serial: null }));
        await sourceStates.move("projects", null, state(1, { etag: null }));
        assert.equal(await sourceStates.read("list"), null);
        assert.equal((await sourceStates.read("updates"))?.serial, null);
        assert.equal((await sourceStates.read("projects"))?.etag, null);
      }),
    );

    it(
      "is moved by nobody who saw an older one, nor begun twice; and the serial may go back",
      on(make, async ({ sourceStates }) => {
        await sourceStates.move("list", null, state(1));
        await assert.rejects(sourceStates.move("list", null, state(1, { serial: 7 })), Conflict);
        await sourceStates.move("list", 1, state(2, { epoch: 2, serial: 7 }));
        await assert.rejects(sourceStates.move("list", 1, state(2, { serial: 500 })), Conflict);
        await assert.rejects(sourceStates.move("list", 7, state(8)), Conflict);
        assert.equal((await sourceStates.read("list"))?.serial, 7);
      }),
    );

    it(
      "is moved by exactly one of many at once",
      on(make, async ({ sourceStates }) => {
        await sourceStates.move("list", null, state(1));
        const moves = Array.from({ length: 10 }, (_, index) =>
          sourceStates.move("list", 1, state(2, { serial: 200 + index })),
        );
        const ends = await Promise.allSettled(moves);
        assert.equal(ends.filter(({ status }) => status === "fulfilled").length, 1);
        for (const end of ends) assert.ok(end.status === "fulfilled" || end.reason instanceof Conflict);
      }),
    );

    it(
      "may hold as much as a full set of what feeds showed",
      on(make, async ({ sourceStates }) => {
        const seen = Array.from({ length: 500 }, (_, index) => String(index).padStart(24, "x"));
        await sourceStates.move("updates", null, state(1, { seen }));
        assert.deepEqual((await sourceStates.read("updates"))?.seen, seen);
      }),
    );
  });
}
