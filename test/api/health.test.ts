import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { staleAfterMs } from "../../functions/api/seams.ts";
import { after } from "../../functions/domain/instants.ts";
import type { Cursor } from "../../functions/ports.ts";
import type { HealthAnswer } from "../../functions/records/answers/health.ts";
import { enrolled, get, jsonOf, openWorld, STALE_AFTER_MS } from "./world.ts";

const POLLED = "2026-11-22T12:00:00.000Z";

const cursor = (spoiled: Partial<Cursor> = {}): Cursor => ({
  epoch: 1,
  serial: 27_000_000,
  from: 26_000_000,
  polledAt: POLLED,
  caughtUpAt: POLLED,
  blind: null,
  intervals: [],
  unknownActions: 3,
  lagSeconds: 4,
  moves: 17,
  ...spoiled,
});

async function healthOf(spoiled: Partial<Cursor> | null, now = POLLED) {
  const world = await openWorld();
  await enrolled(world);
  world.kept.cursor = spoiled === null ? null : cursor(spoiled);
  world.kept.now = now;
  const answer = await get(world, "/v1/health");
  return { status: answer.status, health: await jsonOf<HealthAnswer>(answer) };
}

suite("health", () => {
  test("of a monitor that sees: 200, how far it is and what waits", async () => {
    const { status, health } = await healthOf({});
    assert.equal(status, 200);
    assert.deepEqual(health, {
      ok: true,
      blind: null,
      late: null,
      source: { chosen: "journal", by: "journal", unseen: [] },
      sources: [
        { source: "journal", readAt: POLLED, failing: null },
        { source: "list", readAt: null, failing: null },
        { source: "rss", readAt: null, failing: null },
      ],
      cursor: { epoch: 1, serial: 27_000_000, polledAt: POLLED, lagSeconds: 4 },
      coverage: null,
      sweepBehind: null,
      unknownActions: 3,
      queues: [{ queue: "facts", waiting: 2, inFlight: 1, dead: 0 }],
      projects: 1,
      artifacts: 0,
      openFindings: 0,
      version: "1.2.3",
    });
  });

  test("of a monitor that says it is blind: 503, with since when and why", async () => {
    const blind = { since: "2026-11-22T11:00:00.000Z", reason: "the journal went back" };
    const { status, health } = await healthOf({ blind });
    assert.deepEqual([status, health.ok, health.blind], [503, false, blind]);
    assert.equal(health.cursor?.serial, 27_000_000);
  });

  test("of a monitor whose feed has fallen silent: blind since it was last heard", async () => {
    const { status } = await healthOf({}, after(POLLED, STALE_AFTER_MS - 1));
    const { status: later, health } = await healthOf({}, after(POLLED, STALE_AFTER_MS));
    assert.deepEqual([status, later, health.blind?.since], [200, 503, POLLED]);
  });

  test("of a monitor that has not read the journal yet: blind, since nobody knows when", async () => {
    const { status, health } = await healthOf(null);
    assert.deepEqual([status, health.cursor], [503, null]);
    assert.deepEqual(health.blind, { since: null, reason: "the journal has not been read yet" });
  });

  test("of one that has swept and not read the journal yet: blind since the first sweep", async () => {
    const world = await openWorld();
    const startedAt = "2026-11-22T11:30:00.000Z";
    world.kept.position = { day: "2026-11-22", spentBytes: 0, startedAt, told: null };
    const { blind } = await jsonOf<HealthAnswer>(await get(world, "/v1/health"));
    assert.equal(blind?.since, startedAt);
  });

  test("silence counts from five minutes, or ten polls where those are longer", () => {
    assert.equal(staleAfterMs(30_000), 300_000);
    assert.equal(staleAfterMs(60_000), 600_000);
  });
});
