import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Artifact, artifact } from "../../functions/domain/changes.ts";
import type { Digest } from "../../functions/domain/digests.ts";
import type { EvidenceItem } from "../../functions/domain/evidence.ts";
import type { Fact, Provenance } from "../../functions/domain/facts.ts";
import { fetch } from "../../functions/fetch/fetch.ts";
import type { FetchAsked, Queue } from "../../functions/ports.ts";
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
  readonly kept: Omit<EvidenceItem, "sizeBytes" | "whole" | "refused">[];
  discarded: number;
  readonly again: Artifact[];
  readonly facts: Fact[];
  readonly read: string[];
}

const into = <M>(list: M[]): Queue<M> => ({ send: async (messages) => void list.push(...messages) });
const nowhere: Queue<Artifact> = { send: async () => assert.fail("the wrong lane") };

/** Fetches once from a host that answers so, and says what was done. */
async function fetched(
  artifactWanted: Artifact,
  answer: Digest | null,
  provenance: Provenance = { outcome: "none" },
): Promise<Done> {
  const done: Done = { asked: [], kept: [], discarded: 0, again: [], facts: [], read: [] };
  await fetch(artifactWanted, {
    settings: { confirmMs: 120_000 },
    files: {
      fetch: async (ask) => {
        done.asked.push(ask);
        ask.tap?.(new Uint8Array(7));
        return attempt(answer, minute(done.asked.length));
      },
    },
    provenances: {
      read: async (url, file) => {
        done.read.push(`${file} ${url}`);
        return provenance;
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

describe("the provenance of an artifact", () => {
  const URL_OF = "https://index.example/integrity/lantern/1.0/lantern-1.0.tar.gz/provenance";
  const named = (spoiled: Partial<Artifact> = {}): Artifact => {
    const { listing: said, ...rest } = wanted();
    return { ...rest, listing: { ...said, provenance: URL_OF }, wantsProvenance: true, ...spoiled };
  };
  const REFUSED: Provenance = { outcome: "refused", reason: "it is no JSON", object: OTHER };
  const UNREAD: Provenance = { outcome: "unread", reason: "too-slow: no byte for 30000 ms" };

  it("is read where somebody expects a publisher and the page names it, and goes before the bytes", async () => {
    const { facts, read, again } = await fetched(named(), GENUINE, REFUSED);
    assert.deepEqual(read, [`${named().file} ${URL_OF}`]);
    assert.deepEqual(
      facts.map(({ kind }) => kind),
      ["provenance", "hashed"],
    );
    const [first, second] = facts;
    assert.ok(first?.kind === "provenance");
    assert.deepEqual([first.provenance, first.url, first.look], [REFUSED, URL_OF, second?.look]);
    assert.deepEqual(again, []);
  });

  it("is nobody's business otherwise", async () => {
    const { wantsProvenance: _, ...unwanted } = named();
    const { listing: said } = wanted();
    for (const asked of [unwanted, named({ listing: said })]) {
      const { facts, read } = await fetched(asked, GENUINE, REFUSED);
      assert.deepEqual(read, []);
      assert.deepEqual(
        facts.map(({ kind }) => kind),
        ["hashed"],
      );
    }
  });

  it("waits until the bytes are told", async () => {
    const { read, again } = await fetched(named(), null, REFUSED);
    assert.deepEqual(read, []);
    assert.equal(again.length, 1);
  });

  it("is told once where it could not be had, and asked for again without the bytes", async () => {
    const { facts, again } = await fetched(named(), GENUINE, UNREAD);
    assert.deepEqual(
      facts.map(({ kind }) => kind),
      ["provenance", "hashed"],
    );
    assert.deepEqual(
      again.map(({ provenanceOnly }) => provenanceOnly),
      [{ vain: 1 }],
    );
    const [next] = again;
    assert.ok(next !== undefined);
    const later = await fetched(next, null, UNREAD);
    assert.deepEqual([later.asked, later.facts, later.again.length], [[], [], 1]);
    const good = await fetched(next, null, REFUSED);
    assert.deepEqual([good.asked.length, good.facts.length, good.again.length], [0, 1, 0]);
  });

  it("is given up after a while, and left to its deadline", async () => {
    let [next] = (await fetched(named({ provenanceOnly: { vain: 0 } }), null, UNREAD)).again;
    let readings = 1;
    while (next !== undefined && readings < 100) {
      [next] = (await fetched(next, null, UNREAD)).again;
      readings += 1;
    }
    assert.equal(readings, 6);
  });
});
