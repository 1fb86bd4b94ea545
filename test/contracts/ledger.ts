import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { brokenAt, type LedgerBody } from "../../functions/domain/ledger.ts";
import { Conflict } from "../../functions/ports.ts";
import { type MakeHost, on } from "./host.ts";

const body = (epoch: number): LedgerBody => ({ kind: "epoch", epoch, head: 7, by: "operator" });

export function ledgerContract(name: string, make: MakeHost): void {
  describe(`${name}: the ledger`, () => {
    it(
      "is read as it was appended, numbered and chained from the first entry on",
      on(make, async ({ ledger, now }) => {
        assert.deepEqual(await ledger.read("monitor"), []);
        const first = await ledger.append("monitor", null, body(1));
        const second = await ledger.append("monitor", first, body(2));
        assert.deepEqual(await ledger.read("monitor"), [first, second]);
        assert.deepEqual([first.number, first.previous, second.number], [1, null, 2]);
        assert.equal(second.previous, first.hash);
        assert.ok(first.at <= now());
      }),
    );

    it(
      "numbers each subject by itself",
      on(make, async ({ ledger }) => {
        const first = await ledger.append("monitor", null, body(1));
        await ledger.append("monitor", first, body(2));
        assert.equal((await ledger.append("project/lantern", null, body(3))).number, 1);
        assert.equal((await ledger.read("project/lantern")).length, 1);
        assert.deepEqual(await ledger.read("project/lanter_"), []);
      }),
    );

    it(
      "is read from any number on, and no more of it than was asked for",
      on(make, async ({ ledger }) => {
        const entries = [await ledger.append("monitor", null, body(1))];
        for (let epoch = 2; epoch <= 5; epoch += 1)
          entries.push(await ledger.append("monitor", entries.at(-1) ?? null, body(epoch)));
        assert.deepEqual(await ledger.read("monitor", 2), entries.slice(2));
        assert.deepEqual(await ledger.read("monitor", 1, 2), entries.slice(1, 3));
        assert.deepEqual(await ledger.read("monitor", 0, 1), entries.slice(0, 1));
        assert.deepEqual(await ledger.read("monitor", 5), []);
      }),
    );

    it(
      "refuses to append behind an entry that is not the last, and rewrites nothing",
      on(make, async ({ ledger }) => {
        const first = await ledger.append("monitor", null, body(1));
        await ledger.append("monitor", first, body(2));
        const before = await ledger.read("monitor");
        await assert.rejects(ledger.append("monitor", null, body(8)), Conflict);
        await assert.rejects(ledger.append("monitor", first, body(9)), Conflict);
        assert.deepEqual(await ledger.read("monitor"), before);
      }),
    );

    it(
      "lets exactly one of many win each number, and its chain stays whole",
      on(make, async ({ ledger }) => {
        for (let round = 0; round < 5; round += 1) {
          const last = (await ledger.read("monitor")).at(-1) ?? null;
          const ends = await Promise.allSettled(
            Array.from({ length: 8 }, (_, index) => ledger.append("monitor", last, body(index))),
          );
          assert.equal(ends.filter(({ status }) => status === "fulfilled").length, 1);
          for (const end of ends) assert.ok(end.status === "fulfilled" || end.reason instanceof Conflict);
        }
        const entries = await ledger.read("monitor");
        assert.equal(entries.length, 5);
        assert.equal(brokenAt(entries), null);
      }),
    );

    it(
      "keeps every character as it was: the chain is whole when it is read back",
      on(make, async ({ ledger }) => {
        const by = 'näïve "quoted" \u0001\u2028 \u{1F600} $& \\n';
        await ledger.append("monitor", null, { kind: "epoch", epoch: 1, head: 0.1 + 0.2, by });
        const entries = await ledger.read("monitor");
        assert.equal(brokenAt(entries), null);
        assert.deepEqual(entries[0]?.body, { kind: "epoch", epoch: 1, head: 0.1 + 0.2, by });
      }),
    );
  });
}
