import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { type Artifact, type Attempt, artifact } from "../../functions/domain/changes.ts";
import type { Fact, Observation } from "../../functions/domain/facts.ts";
import { fetch } from "../../functions/fetch/fetch.ts";
import { digestOf, FILE, listing, PROJECT, Rig } from "./rig.ts";

const CONFIRM_MS = 120_000;
const OTHER = digestOf("other bytes");
const WRONG = { digest: OTHER } as const;
const nothing = (outcome: Attempt["outcome"]): Partial<Attempt> => ({
  outcome,
  digest: null,
  sizeBytes: null,
});

let rig: Rig;
beforeEach(() => {
  rig = new Rig({ confirmMs: CONFIRM_MS });
});

const wanted = (more: { readonly keepFor?: string } = {}): Artifact =>
  artifact({
    project: PROJECT,
    file: FILE,
    release: "1.0",
    listing: listing(FILE),
    look: { at: rig.clock.now(), asked: "test", epoch: 1, serial: 1001, page: null },
    lane: "now",
    since: rig.clock.now(),
    ...more,
  });

/** Fetches until something is told, as the queue would bring the artifact back; answers it and the waits between. */
async function told(): Promise<{ fact: Observation; waitsMs: readonly number[] }> {
  const waitsMs: number[] = [];
  let next: Artifact | undefined = wanted();
  while (next !== undefined) {
    rig.store.run("DELETE FROM messages WHERE queue = 'artifacts-now'");
    await fetch(next, rig.ports);
    [next] = rig.messages<Artifact>("artifacts-now");
    if (next !== undefined) waitsMs.push(rig.delayMs("artifacts-now"));
    rig.clock.ms += waitsMs.at(-1) ?? 0;
  }
  const [fact, ...others] = rig.messages<Fact>("facts");
  assert.deepEqual(others, []);
  return { fact: fact as Observation, waitsMs };
}

describe("an artifact that is fetched", () => {
  it("as declared is told at once", async () => {
    const { fact, waitsMs } = await told();
    assert.deepEqual([fact.kind, fact.observed, waitsMs], ["hashed", digestOf(FILE), []]);
  });

  for (const outcome of ["unreachable", "empty", "cut", "encoded", "too-slow"] as const)
    it(`and is ${outcome} every time is unreadable after a bounded time, with every attempt`, async () => {
      rig.shelf.attempts = Array.from({ length: 50 }, () => nothing(outcome));
      const { fact, waitsMs } = await told();
      assert.deepEqual([fact.kind, fact.observed, fact.attempts.length], ["unreadable", null, 6]);
      assert.deepEqual(
        waitsMs,
        [1, 2, 4, 8, 16].map((seconds) => seconds * 1000),
      );
      assert.ok(fact.attempts.every((attempt) => attempt.outcome === outcome));
    });

  it("and is gone every time is gone, which is not the same", async () => {
    rig.shelf.attempts = Array.from({ length: 50 }, () => nothing("gone"));
    const { fact } = await told();
    assert.equal(fact.kind, "gone");
  });

  it("in a short outage is hashed after it, with the failures kept", async () => {
    rig.shelf.attempts = [nothing("unreachable"), nothing("cut"), nothing("empty")];
    const { fact } = await told();
    assert.deepEqual([fact.kind, fact.observed, fact.attempts.length], ["hashed", digestOf(FILE), 4]);
  });

  it("with other bytes three times over the confirmation window is told as that", async () => {
    rig.shelf.attempts = [WRONG, WRONG, WRONG];
    const { fact, waitsMs } = await told();
    assert.deepEqual([fact.observed, fact.attempts.length], [OTHER, 3]);
    assert.ok(waitsMs.reduce((sum, each) => sum + each, 0) >= CONFIRM_MS);
  });

  it("with other bytes is fetched again over a new connection, to another address", async () => {
    rig.shelf.attempts = [{ ...WRONG, address: "192.0.2.7" }, WRONG, WRONG];
    await told();
    assert.deepEqual(
      rig.shelf.fetches.map(({ fresh }) => fresh),
      [false, true, true],
    );
    assert.deepEqual(
      rig.shelf.fetches.map(({ avoid }) => avoid.includes("192.0.2.7")),
      [false, true, true],
    );
  });

  it("with other bytes once, and then the right ones, is as declared; the wrong attempt is kept", async () => {
    rig.shelf.attempts = [WRONG];
    const { fact } = await told();
    assert.equal(fact.observed, digestOf(FILE));
    assert.deepEqual(
      fact.attempts.map(({ digest }) => digest),
      [OTHER, digestOf(FILE)],
    );
  });
});

describe("evidence", () => {
  const kept = async () => (await rig.ports.evidence.list(PROJECT, FILE)).map(({ digest }) => digest);

  it("is kept of bytes that differ again", async () => {
    rig.shelf.attempts = [WRONG, WRONG, WRONG];
    await told();
    assert.deepEqual(await kept(), [OTHER]);
  });

  it("is not kept of bytes as declared, nor of none", async () => {
    rig.shelf.attempts = [nothing("cut"), nothing("empty")];
    await told();
    assert.deepEqual(await kept(), []);
  });

  it("is kept for a finding whatever the bytes are, and judged by nobody again", async () => {
    await fetch(wanted({ keepFor: "a finding" }), rig.ports);
    assert.deepEqual(await kept(), [digestOf(FILE)]);
    assert.deepEqual(rig.messages("facts"), []);
    assert.deepEqual(rig.messages("artifacts-now"), []);
  });
});
