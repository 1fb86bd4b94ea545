import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { EvidenceSpool } from "../../functions/ports.ts";
import { FILE, GENUINE, minute, OTHER, THIRD } from "../domain/perfect.ts";
import { type ContractHost, type MakeHost, on } from "./host.ts";

const item = { project: "lantern", file: FILE, digest: OTHER, at: minute(0), keptFor: null };
const KEPT = { whole: true, refused: null };

type Wanted = Parameters<EvidenceSpool["commit"]>[0];

const digestOf = (number: number): Wanted["digest"] => `sha256:${String(number).padStart(64, "0")}`;

async function keep(host: ContractHost, what: Wanted, sizes: readonly number[]): Promise<void> {
  const spool = host.evidence.spool();
  for (const size of sizes) spool.tap(new Uint8Array(size));
  await spool.commit(what);
}

export function evidenceContract(name: string, make: MakeHost): void {
  describe(`${name}: evidence`, () => {
    it(
      "is kept when it is committed, and not before, nor when it is discarded",
      on(make, async (host) => {
        const spool = host.evidence.spool();
        spool.tap(new Uint8Array(10));
        assert.deepEqual(await host.evidence.list("lantern", FILE), []);
        spool.discard();
        const other = host.evidence.spool();
        other.tap(new Uint8Array(3));
        other.tap(new Uint8Array(4));
        await other.commit(item);
        assert.deepEqual(await host.evidence.list("lantern", FILE), [{ ...item, sizeBytes: 7, ...KEPT }]);
      }),
    );

    it(
      "is one item per digest and artifact, however often it is committed",
      on(make, async (host) => {
        await keep(host, item, [5]);
        await keep(host, { ...item, at: minute(5) }, [5]);
        await keep(host, { ...item, file: "lantern-1.0.zip" }, [5]);
        assert.deepEqual(await host.evidence.list("lantern", FILE), [{ ...item, sizeBytes: 5, ...KEPT }]);
        assert.equal((await host.evidence.list("lantern", "lantern-1.0.zip")).length, 1);
      }),
    );

    it(
      "beyond the cap keeps its head and says so",
      on(make, async (host) => {
        const { bodyBytes } = host.evidenceCaps;
        await keep(host, item, [bodyBytes - 1, 2, 1]);
        const [kept] = await host.evidence.list("lantern", FILE);
        assert.equal(kept?.whole, false);
        assert.equal(kept.sizeBytes, bodyBytes);
        assert.equal((await host.evidence.read(OTHER, 0, 1_000))?.length, bodyBytes);
      }),
    );

    it(
      "exactly as large as the cap is whole",
      on(make, async (host) => {
        await keep(host, item, [host.evidenceCaps.bodyBytes]);
        assert.equal((await host.evidence.list("lantern", FILE))[0]?.whole, true);
      }),
    );

    it(
      "of one artifact has a bound per day: who changes bytes all day long fills no disk",
      on(make, async (host) => {
        const { bodyBytes, dayBytes } = host.evidenceCaps;
        for (let size = bodyBytes; size > 0; size -= 1) {
          await keep(host, { ...item, digest: digestOf(size) }, [size]);
        }
        const all = await host.evidence.list("lantern", FILE);
        const kept = all.filter(({ refused }) => refused === null);
        assert.equal(all.length, bodyBytes, "what was refused is said");
        assert.ok(all.every(({ refused }) => refused === null || refused === "day"));
        const total = kept.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
        assert.ok(total > dayBytes / 2 && total <= dayBytes, `${total} of ${dayBytes}`);
        await keep(host, { ...item, digest: GENUINE, at: minute(24 * 60) }, [bodyBytes]);
        assert.deepEqual((await host.evidence.list("lantern", FILE)).at(-1), {
          ...{ ...item, digest: GENUINE, at: minute(24 * 60) },
          ...{ sizeBytes: bodyBytes, ...KEPT },
        });
      }),
    );

    it(
      "for a finding is kept whole, however much differed from what was declared that day",
      on(make, async (host) => {
        const { bodyBytes, findingBytes, dayBytes } = host.evidenceCaps;
        const flood = Math.ceil(dayBytes / bodyBytes) + 1;
        for (let number = 0; number < flood; number += 1)
          await keep(host, { ...item, digest: digestOf(number) }, [bodyBytes]);
        for (let left = findingBytes, number = flood; left > 0; left -= bodyBytes, number += 1)
          await keep(host, { ...item, digest: digestOf(number), keptFor: "f1" }, [Math.min(left, bodyBytes)]);
        const forIt = (await host.evidence.list("lantern", FILE)).filter(({ keptFor }) => keptFor === "f1");
        assert.deepEqual(
          forIt.map(({ refused }) => refused),
          forIt.map(() => null),
        );
        assert.equal(
          forIt.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
          findingBytes,
        );
      }),
    );

    it(
      "for one finding has a bound, however many days it takes",
      on(make, async (host) => {
        const { bodyBytes, findingBytes } = host.evidenceCaps;
        const days = Math.floor(findingBytes / bodyBytes) + 1;
        const of = (day: number) => ({
          ...item,
          at: minute(day * 24 * 60),
          digest: digestOf(day),
          keptFor: "f1",
        });
        for (let day = 0; day < days; day += 1) await keep(host, of(day), [bodyBytes]);
        await keep(host, { ...of(days), keptFor: "f2" }, [bodyBytes]);
        const refusals = (await host.evidence.list("lantern", FILE)).map(({ refused, keptFor }) => [
          refused,
          keptFor,
        ]);
        const whole = Array.from({ length: days - 1 }, () => [null, "f1"]);
        assert.deepEqual(refusals, [...whole, ["finding", "f1"], [null, "f2"]]);
        assert.equal(await host.evidence.read(digestOf(days - 1), 0, 10), null);
      }),
    );

    it(
      "that was refused is kept when it comes again and there is room",
      on(make, async (host) => {
        const { bodyBytes, findingBytes, dayBytes } = host.evidenceCaps;
        const full = Math.floor((dayBytes - findingBytes) / bodyBytes);
        for (let number = 0; number < full; number += 1)
          await keep(host, { ...item, digest: digestOf(number) }, [bodyBytes]);
        await keep(host, item, [bodyBytes]);
        assert.equal((await host.evidence.list("lantern", FILE)).at(-1)?.refused, "day");
        const at = minute(24 * 60);
        await keep(host, { ...item, at }, [3]);
        const items = await host.evidence.list("lantern", FILE);
        assert.deepEqual([items.length, items.at(-1)], [full + 1, { ...item, at, sizeBytes: 3, ...KEPT }]);
      }),
    );

    it(
      "is read in ranges, to the byte",
      on(make, async (host) => {
        const spool = host.evidence.spool();
        for (const chunk of [[0, 1, 2], [3], [], [4, 5, 6, 7], [8, 9]]) spool.tap(new Uint8Array(chunk));
        await spool.commit(item);
        for (let from = 0; from < 10; from += 1)
          for (let to = from + 1; to <= 11; to += 1)
            assert.deepEqual(
              [...((await host.evidence.read(OTHER, from, to)) ?? [])],
              [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].slice(from, to),
              `${from} to ${to}`,
            );
        assert.deepEqual([...((await host.evidence.read(OTHER, 10, 12)) ?? [1])], []);
        assert.equal(await host.evidence.read(GENUINE, 0, 1), null);
      }),
    );

    it(
      "does not change when the connection reuses its buffer",
      on(make, async (host) => {
        const spool = host.evidence.spool();
        const buffer = new Uint8Array([1, 2, 3]);
        spool.tap(buffer);
        buffer.fill(9);
        await spool.commit({ ...item, digest: THIRD });
        assert.equal((await host.evidence.list("lantern", FILE))[0]?.sizeBytes, 3);
      }),
    );
  });
}
