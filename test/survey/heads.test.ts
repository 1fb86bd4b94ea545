import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ChosenSource } from "../../functions/domain/sources.ts";
import { IndexUnavailable } from "../../functions/ports.ts";
import { baselineHead, type Heads, headKnown, headToBegin, isReached } from "../../functions/survey/heads.ts";
import { minute } from "../domain/perfect.ts";

/** `null` for a journal that does not answer, and for a list never read. */
function heads(source: ChosenSource, journal: number | null, list: number | null, epoch = 1): Heads {
  const fixed = { etag: null, seen: [], since: minute(0), triedAt: minute(0), answeredAt: minute(0) };
  const state = { epoch, serial: list, ...fixed, failing: null, notBefore: null, moves: 1 };
  return {
    settings: { source },
    journal: {
      head: async () => {
        if (journal === null) throw new IndexUnavailable("unreachable", "nobody answers");
        return journal;
      },
    },
    sourceStates: { read: async () => (list === null ? null : state) },
  };
}

describe("how far the index is", () => {
  it("says its journal, where that is read, and nobody else", async () => {
    assert.equal(await headKnown(heads("journal", 100, 500)), 100);
    await assert.rejects(headKnown(heads("journal", null, 500)), IndexUnavailable);
  });

  it("says the list where the journal is not read, once it was read itself", async () => {
    for (const source of ["list", "rss"] as const) {
      assert.equal(await headKnown(heads(source, 100, 500)), 500);
      await assert.rejects(headKnown(heads(source, 100, null)), IndexUnavailable);
    }
  });

  it("is believed of a page by the journal, and by the list only where the journal does not answer", async () => {
    assert.equal(await isReached(100, 1, heads("journal", 100, null)), true);
    assert.equal(await isReached(101, 1, heads("journal", 100, 500)), false);
    assert.equal(await isReached(500, 1, heads("journal", null, 500)), true);
    assert.equal(await isReached(501, 1, heads("journal", null, 500)), false);
    assert.equal(await isReached(500, 2, heads("journal", null, 500)), false);
    assert.equal(await isReached(500, 1, heads("journal", null, null)), false);
    assert.equal(await isReached(500, 1, heads("list", null, 500)), true);
  });

  it("begins no watch where the journal claims more than can have happened since it was read", async () => {
    assert.equal(await headToBegin(100, heads("journal", 50_100, null)), 50_100);
    await assert.rejects(headToBegin(100, heads("journal", 50_101, null)), IndexUnavailable);
    assert.equal(await headToBegin(100, heads("list", null, 90_000)), 90_000);
  });

  it("is no lower than the page that becomes a baseline, where only the list says it", () => {
    assert.equal(baselineHead(100, 200, heads("journal", 100, null)), 100);
    assert.equal(baselineHead(100, 200, heads("list", null, 100)), 200);
    assert.equal(baselineHead(100, null, heads("list", null, 100)), 100);
    assert.equal(baselineHead(null, 200, heads("list", null, 100)), null);
    assert.equal(baselineHead(100, Number.MAX_SAFE_INTEGER, heads("list", null, 100)), 100);
  });
});
