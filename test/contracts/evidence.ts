import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FILE, GENUINE, minute, OTHER, THIRD } from "../domain/perfect.ts";
import { type ContractHost, type MakeHost, on } from "./host.ts";

const item = { project: "lantern", file: FILE, digest: OTHER, at: minute(0) };

async function keep(host: ContractHost, what: typeof item, sizes: readonly number[]): Promise<void> {
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
        assert.deepEqual(await host.evidence.list("lantern", FILE), [{ ...item, sizeBytes: 7, whole: true }]);
      }),
    );

    it(
      "is one item per digest and artifact, however often it is committed",
      on(make, async (host) => {
        await keep(host, item, [5]);
        await keep(host, { ...item, at: minute(5) }, [5]);
        await keep(host, { ...item, file: "lantern-1.0.zip" }, [5]);
        assert.deepEqual(await host.evidence.list("lantern", FILE), [{ ...item, sizeBytes: 5, whole: true }]);
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
        assert.ok(kept.sizeBytes > 0 && kept.sizeBytes <= bodyBytes, `${kept.sizeBytes}`);
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
          await keep(host, { ...item, digest: `sha256:${String(size).padStart(64, "0")}` }, [size]);
        }
        const kept = await host.evidence.list("lantern", FILE);
        const total = kept.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
        assert.ok(total > dayBytes / 2 && total <= dayBytes, `${total} of ${dayBytes}`);
        await keep(host, { ...item, digest: GENUINE, at: minute(24 * 60) }, [bodyBytes]);
        assert.equal((await host.evidence.list("lantern", FILE)).length, kept.length + 1);
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
