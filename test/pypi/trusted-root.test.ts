import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { rootIn, trustedRoot } from "../../functions/pypi/trusted-root.ts";
import { mint } from "./minting.ts";

const BUNDLED = new URL("../../functions/pypi/trusted-root.json", import.meta.url);

interface Seed {
  readonly targets: Readonly<Record<string, string>>;
}

/** What Sigstore's own TUF client begins with, at the version that is installed. */
function seeded(): unknown {
  const seeds = createRequire(import.meta.url)("@sigstore/tuf/seeds.json") as Readonly<Record<string, Seed>>;
  const target = seeds["https://tuf-repo-cdn.sigstore.dev"]?.targets["trusted_root.json"];
  return JSON.parse(Buffer.from(target ?? "", "base64").toString());
}

suite("the bundled trusted root", () => {
  test("is the one that Sigstore's client brings along", () => {
    if (process.env["TRUSTED_ROOT"] === "write")
      writeFileSync(BUNDLED, `${JSON.stringify(seeded(), null, 2)}\n`);
    assert.deepEqual(
      JSON.parse(readFileSync(BUNDLED, "utf8")),
      seeded(),
      "Sigstore's root has changed: TRUSTED_ROOT=write node --test test/pypi/trusted-root.test.ts takes it over",
    );
  });

  test("names authorities and logs of both kinds", () => {
    const { certificateAuthorities, tlogs, ctlogs } = rootIn(undefined);
    assert.deepEqual(
      certificateAuthorities.map(({ uri }) => uri),
      ["https://fulcio.sigstore.dev", "https://fulcio.sigstore.dev"],
    );
    assert.ok(tlogs.some(({ baseUrl }) => baseUrl === "https://rekor.sigstore.dev"));
    assert.ok(ctlogs.length > 0);
  });
});

suite("an operator's trusted root", () => {
  test("is read from a file", async () => {
    const file = join(tmpdir(), `trusted-root-${process.pid}.json`);
    writeFileSync(file, JSON.stringify((await mint()).root));
    assert.deepEqual(
      rootIn(file).certificateAuthorities.map(({ uri }) => uri),
      ["https://fulcio.example"],
    );
  });

  test("that trusts nobody, or is something else, is refused in words", async () => {
    const { root } = await mint();
    for (const none of [{}, [], null, "x", { ...root, tlogs: [] }, { ...root, certificateAuthorities: [] }])
      assert.throws(() => trustedRoot(none), /this is no trusted root of Sigstore's/);
    assert.throws(() => trustedRoot({ ...root, ctlogs: undefined }), /ctlogs/);
    assert.throws(() => trustedRoot({ ...root, mediaType: "application/json" }), /mediaType/);
  });
});
