import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { sha256 } from "../../functions/domain/digests.ts";
import type { Page } from "../../functions/domain/pages.ts";
import { listing, minute } from "../domain/perfect.ts";
import { type MakeHost, on } from "./host.ts";

const BODY = new TextEncoder().encode("a page as it came");

const page = (spoiled: Partial<Page> = {}): Page => ({
  project: "lantern",
  state: "active",
  serial: 101,
  versions: ["1.0"],
  files: [{ file: "lantern-1.0.tar.gz", ...listing() }],
  digest: sha256(BODY),
  etag: '"abc"',
  ...spoiled,
});

export function pageStoreContract(name: string, make: MakeHost): void {
  describe(`${name}: pages`, () => {
    it(
      "are kept once under their digest, and the first one stays",
      on(make, async ({ pageStore }) => {
        assert.equal(await pageStore.kept(page().digest), null);
        await pageStore.keep(page(), BODY);
        await pageStore.keep(page({ versions: [] }), BODY);
        assert.deepEqual(await pageStore.kept(page().digest), page());
      }),
    );

    it(
      "are found by project as last looked at, also when the look found no page",
      on(make, async ({ pageStore }) => {
        assert.equal(await pageStore.latest("lantern"), null);
        await pageStore.keep(page(), BODY);
        await pageStore.remember("lantern", page(), minute(1));
        await pageStore.remember("lantern", page(), minute(2));
        assert.deepEqual(await pageStore.latest("lantern"), { page: page(), at: minute(2) });
        await pageStore.remember("lantern", null, minute(3));
        assert.deepEqual(await pageStore.latest("lantern"), { page: null, at: minute(3) });
        assert.equal(await pageStore.latest("lamp"), null);
      }),
    );

    it(
      "may be large: they are stored, never sent",
      on(make, async ({ pageStore }) => {
        const files = Array.from({ length: 4_000 }, (_, index) => ({
          file: `lantern-${index}.zip`,
          ...listing(),
        }));
        await pageStore.keep(page({ files }), new Uint8Array(2_000_000));
        assert.equal((await pageStore.kept(page().digest))?.files.length, 4_000);
      }),
    );

    it(
      "are there as they came, to the byte",
      on(make, async ({ pageStore }) => {
        assert.equal(await pageStore.body(page().digest), null);
        await pageStore.keep(page(), BODY);
        assert.deepEqual([...((await pageStore.body(page().digest)) ?? [])], [...BODY]);
        // Bytes that no compression makes small: several parts.
        const large = randomBytes(1_200_000);
        await pageStore.keep(page({ digest: sha256(large) }), large);
        assert.equal(sha256((await pageStore.body(sha256(large))) ?? ""), sha256(large));
      }),
    );
  });
}
