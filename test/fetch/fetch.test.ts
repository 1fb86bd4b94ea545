import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Artifact, artifact } from "../../functions/domain/changes.ts";
import type { Digest } from "../../functions/domain/digests.ts";
import type { Fact } from "../../functions/domain/facts.ts";
import { fetch } from "../../functions/fetch/fetch.ts";
import type { EvidenceItem, FetchAsked, Queue } from "../../functions/ports.ts";
import { attempt, FILE, GENUINE, listing, look, minute, OTHER } from "../domain/perfect.ts";

const wanted = (keepFor?: string): Artifact =>
  artifact({
    project: "lantern",
    file: FILE,
    release: "1.0",
    listing: listing(),
    look: look(),
    lane: "sweep",
    since: minute(0),
    ...(keepFor && { keepFor }),
  });

interface Done {
  readonly asked: FetchAsked[];
  readonly kept: Omit<EvidenceItem, "sizeBytes" | "whole">[];
  discarded: number;
  readonly again: Artifact[];
  readonly facts: Fact[];
}

const into = <M>(list: M[]): Queue<M> => ({ send: async (messages) => void list.push(...messages) });
const nowhere: Queue<Artifact> = { send: async () => assert.fail("the wrong lane") };

/** Fetches once from a host that answers so, and says what was done. */
async function fetched(artifactWanted: Artifact, answer: Digest | null): Promise<Done> {
  const done: Done = { asked: [], kept: [], discarded: 0, again: [], facts: [] };
  await fetch(artifactWanted, {
    settings: { confirmMs: 120_000 },
    files: {
      fetch: async (ask) => {
        done.asked.push(ask);
        ask.tap?.(new Uint8Array(7));
        return attempt(answer, minute(done.asked.length));
      },
    },
    evidence: {
      spool: () => ({
        tap: () => {},
        commit: async (item) => void done.kept.push(item),
        discard: () => {
          done.discarded += 1;
        },
      }),
    },
    artifacts: { now: nowhere, sweep: into(done.again) },
    facts: into(done.facts),
  });
  return done;
}

describe("a fetch", () => {
  it("that agrees is told at once, and its bytes are kept nowhere", async () => {
    const { asked, facts, again, kept } = await fetched(wanted(), GENUINE);
    assert.deepEqual([facts.length, again.length, kept.length], [1, 0, 0]);
    assert.deepEqual([asked[0]?.fresh, asked[0]?.avoid, asked[0]?.tap], [false, [], undefined]);
  });

  it("that differs is put back on its own lane with the attempt in it, and nothing is told yet", async () => {
    const { facts, again } = await fetched(wanted(), OTHER);
    assert.equal(facts.length, 0);
    assert.deepEqual(
      again.map(({ attempts }) => attempts.map(({ digest }) => digest)),
      [[OTHER]],
    );
  });

  it("that tries again uses a fresh connection, to another address than those it had", async () => {
    const { asked } = await fetched({ ...wanted(), attempts: [attempt(OTHER)] }, OTHER);
    assert.deepEqual([asked[0]?.fresh, asked[0]?.avoid], [true, ["192.0.2.1"]]);
  });

  it("that differs again keeps the divergent bytes; one that agrees keeps none", async () => {
    const before = { ...wanted(), attempts: [attempt(OTHER)] };
    assert.deepEqual(
      (await fetched(before, OTHER)).kept.map(({ digest }) => digest),
      [OTHER],
    );
    const { kept, discarded } = await fetched(before, GENUINE);
    assert.deepEqual([kept.length, discarded], [0, 1]);
  });

  it("for a finding's evidence keeps whatever the bytes are, and is no fact", async () => {
    const { kept, facts, again } = await fetched(wanted("finding-1"), GENUINE);
    assert.deepEqual([kept.map(({ digest }) => digest), facts.length, again.length], [[GENUINE], 0, 0]);
  });

  it("without a body keeps nothing and tries again", async () => {
    const { kept, again } = await fetched({ ...wanted(), attempts: [attempt(null)] }, null);
    assert.deepEqual([kept.length, again.length], [0, 1]);
  });
});
