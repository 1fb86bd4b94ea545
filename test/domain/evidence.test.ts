import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { CappedSpool, capBrokenBy, type EvidenceItem } from "../../functions/domain/evidence.ts";
import { FILE, minute, OTHER } from "./perfect.ts";

const item = (sizeBytes: number, spoiled: Partial<EvidenceItem> = {}): EvidenceItem => ({
  ...{ project: "lantern", file: FILE, digest: OTHER, at: minute(0), sizeBytes },
  ...{ whole: true, keptFor: null, refused: null, ...spoiled },
});

const CAPS = { bodyBytes: 100, findingBytes: 150, dayBytes: 400 };

describe("a capped spool", () => {
  it("keeps the head of what came, however it was cut into chunks", () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 });
    fc.assert(
      fc.property(chunks, fc.nat({ max: 200 }), (all, most) => {
        const spool = new CappedSpool(most);
        for (const chunk of all) spool.take(chunk);
        const came = Buffer.concat(all);
        const { chunks: kept, sizeBytes, whole } = spool.drain();
        assert.ok(Buffer.concat(kept).equals(came.subarray(0, most)));
        assert.deepEqual([sizeBytes, whole], [Math.min(most, came.length), came.length <= most]);
        assert.deepEqual(spool.drain().chunks, []);
      }),
    );
  });
});

describe("a cap", () => {
  const f = { keptFor: "f" };

  for (const [what, wanted, others, cap] of [
    ["of a day counts what was kept that day", item(100, f), [item(150), item(150, { keptFor: "g" })], null],
    ["of a day is broken by one byte more", item(100, f), [item(151), item(150, { keptFor: "g" })], "day"],
    ["of a day leaves room for a finding", item(100), [item(150)], null],
    ["of a day leaves that room to findings alone", item(100), [item(151)], "day"],
    ["of a day takes nothing of the attempts' room for findings", item(100), [item(150), item(50, f)], null],
    ["of a day counts no other day", item(100), [item(400, { at: minute(-24 * 60) })], null],
    ["counts nothing that was refused", item(100), [item(400, { refused: "day" })], null],
    ["of a finding counts what was kept for it", item(50, f), [item(100, f)], null],
    ["of a finding is broken by one byte more", item(51, f), [item(100, f)], "finding"],
    ["of a finding counts every day", item(51, f), [item(100, { ...f, at: minute(-24 * 60) })], "finding"],
    ["of a finding counts no other finding", item(51, f), [item(150, { keptFor: "g" })], null],
    ["of a finding is for none where there is none", item(50), [item(100)], null],
    ["of a day comes before that of a finding", item(100, f), [item(400, f)], "day"],
  ] as const)
    it(what, () => {
      assert.equal(capBrokenBy(wanted, others, CAPS), cap);
    });

  it("is broken for ever by whoever goes on: what is kept never passes it", () => {
    const more = fc.array(
      fc.record({ size: fc.nat({ max: 100 }), keptFor: fc.constantFrom(null, "f", "g") }),
    );
    fc.assert(
      fc.property(more, (all) => {
        const kept: EvidenceItem[] = [];
        for (const { size, keptFor } of all) {
          const next = item(size, { keptFor });
          if (capBrokenBy(next, kept, CAPS) === null) kept.push(next);
        }
        const sum = (of: readonly EvidenceItem[]) =>
          of.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0);
        assert.ok(sum(kept) <= CAPS.dayBytes);
        for (const id of ["f", "g"])
          assert.ok(sum(kept.filter(({ keptFor }) => keptFor === id)) <= CAPS.findingBytes);
      }),
    );
  });
});
