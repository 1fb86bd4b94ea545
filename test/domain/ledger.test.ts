import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { canonicalJson, digestOf, idOf } from "../../functions/domain/canonical.ts";
import { sha256 } from "../../functions/domain/digests.ts";
import { brokenAt, chained, type LedgerEntry } from "../../functions/domain/ledger.ts";
import { minute, OTHER } from "./perfect.ts";

const chain = (length: number): LedgerEntry[] => {
  const entries: LedgerEntry[] = [];
  for (let count = 0; count < length; count += 1) {
    const body = { kind: "epoch", epoch: count, head: 40 + count, by: "operator" } as const;
    entries.push(chained("monitor", entries.at(-1) ?? null, minute(count), body));
  }
  return entries;
};

/** One thing at a time that somebody who can write the file might change. */
const CHANGES: Readonly<Record<string, (entry: LedgerEntry) => LedgerEntry>> = {
  subject: (entry) => ({ ...entry, subject: "artifact/lantern/x" }),
  number: (entry) => ({ ...entry, number: entry.number + 1 }),
  previous: (entry) => ({ ...entry, previous: OTHER }),
  at: (entry) => ({ ...entry, at: minute(999) }),
  body: (entry) => ({ ...entry, body: { kind: "epoch", epoch: 9, head: 0, by: "somebody" } }),
  hash: (entry) => ({ ...entry, hash: OTHER }),
};

/** A change that covers its own tracks: the entry's hash is made anew. */
const rehashed = (entry: LedgerEntry): LedgerEntry => {
  const { hash: _, ...said } = entry;
  return { ...said, hash: digestOf(said) };
};

describe("the ledger's chain", () => {
  it("is whole when nothing was changed", () => {
    assert.equal(brokenAt([]), null);
    assert.equal(brokenAt(chain(6)), null);
    assert.deepEqual(
      chain(3).map(({ number }) => number),
      [1, 2, 3],
    );
  });

  for (const [what, change] of Object.entries(CHANGES)) {
    it(`breaks wherever the ${what} of an entry was changed`, () => {
      for (const place of [0, 1, 2, 3]) {
        assert.notEqual(brokenAt(chain(4).map((entry, at) => (at === place ? change(entry) : entry))), null);
      }
    });
  }

  it("breaks at the next entry when a change covered its own tracks", () => {
    const change = CHANGES["body"] ?? ((entry) => entry);
    const covered = chain(4).map((entry, place) => (place === 1 ? rehashed(change(entry)) : entry));
    assert.equal(brokenAt(covered)?.number, 3);
  });

  it("breaks when an entry is taken out, put in twice, or moved", () => {
    const [a, b, c, d] = chain(4);
    assert.ok(a && b && c && d);
    assert.equal(brokenAt([a, c, d])?.number, 3);
    assert.equal(brokenAt([b, c, d])?.number, 2);
    assert.equal(brokenAt([a, b, b, c])?.number, 2);
    assert.equal(brokenAt([a, c, b, d])?.number, 3);
  });

  it("breaks at any single character that is changed in what is stored", () => {
    const stored = JSON.stringify(chain(3));
    fc.assert(
      fc.property(fc.nat(stored.length - 1), fc.constantFrom("0", "a", "f", "Z"), (place, put) => {
        if (stored[place] === put) return;
        const changed = stored.slice(0, place) + put + stored.slice(place + 1);
        assert.ok(isRefused(changed), changed);
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});

/** Not JSON any more, or another number of the same value, or a broken chain. */
function isRefused(stored: string): boolean {
  try {
    return brokenAt(JSON.parse(stored) as LedgerEntry[]) !== null;
  } catch {
    return true;
  }
}

describe("canonical JSON", () => {
  it("spells one value one way, as RFC 8785 has it", () => {
    assert.equal(
      canonicalJson({ b: [1, "€", null], a: { d: 1e21, c: 0.1 } }),
      '{"a":{"c":0.1,"d":1e+21},"b":[1,"€",null]}',
    );
    // By UTF-16 code units, not by code points: RFC 8785, section 3.2.3.
    assert.equal(canonicalJson({ "\u{1F600}": 1, "\ufb33": 2 }), '{"\u{1F600}":1,"\ufb33":2}');
    assert.equal(digestOf({ b: 1, a: 2 }), sha256('{"a":2,"b":1}'));
    assert.equal(`sha256:${idOf({ b: 1, a: 2 })}`, digestOf({ a: 2, b: 1 }));
  });

  it("refuses what JSON cannot say", () => {
    for (const value of [undefined, () => 1, Number.NaN, Number.POSITIVE_INFINITY, { a: Number.NaN }])
      assert.throws(() => canonicalJson(value));
  });
});
