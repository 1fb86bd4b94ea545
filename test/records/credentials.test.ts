import assert from "node:assert/strict";
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { suite, type TestContext, test } from "node:test";
import { sha256 } from "../../functions/domain/digests.ts";
import type { Credential } from "../../functions/domain/enrolments.ts";
import { mintKey, parseKey, verifyKey } from "../../functions/records/credentials.ts";

const NOW = "2026-11-22T12:00:00.000Z";
const BEARER = { enrolment: "e1", project: "six" };

const lookupIn = (...stored: Credential[]) => {
  const asked: string[] = [];
  const lookup = async (id: string): Promise<Credential | null> => {
    asked.push(id);
    return stored.find((credential) => credential.id === id) ?? null;
  };
  return { lookup, asked };
};

/** Sees every comparison in constant time that is made while the test runs. */
function comparisonsIn(t: TestContext): () => number {
  const { mock } = t.mock.method(crypto, "timingSafeEqual");
  syncBuiltinESMExports();
  t.after(() => {
    mock.restore();
    syncBuiltinESMExports();
  });
  return () => mock.callCount();
}

suite("keys", () => {
  test("a key proves its credential, and only the hash of its secret is stored", async () => {
    const { key, credential } = mintKey("maintainer", BEARER, NOW);
    assert.match(key, /^cf_maintainer_[0-9a-f]{16}_[0-9a-f]{64}$/);
    assert.equal(credential.secret, sha256(parseKey(key)?.secret ?? ""));
    assert.ok(!JSON.stringify(credential).includes(parseKey(key)?.secret ?? "?"));
    assert.deepEqual(await verifyKey(key, lookupIn(credential).lookup), credential);
  });

  test("no two keys share an id or a secret", () => {
    const keys = Array.from({ length: 100 }, () => parseKey(mintKey("ci", BEARER, NOW).key));
    assert.equal(new Set(keys.map((parts) => parts?.id)).size, 100);
    assert.equal(new Set(keys.map((parts) => parts?.secret)).size, 100);
  });

  test("a wrong secret proves nothing", async () => {
    const { key, credential } = mintKey("ci", BEARER, NOW);
    const wrong = key.slice(0, -1) + (key.endsWith("0") ? "1" : "0");
    assert.equal(await verifyKey(wrong, lookupIn(credential).lookup), null);
  });

  test("an unknown id costs the same comparison as a wrong secret", async (t) => {
    const { key, credential } = mintKey("ci", BEARER, NOW);
    const comparisons = comparisonsIn(t);
    assert.equal(await verifyKey(key, lookupIn().lookup), null);
    assert.equal(comparisons(), 1);
    assert.equal(await verifyKey(key.replace(/.{8}$/, "00000000"), lookupIn(credential).lookup), null);
    assert.equal(comparisons(), 2);
  });

  test("a key cannot raise itself to another kind", async () => {
    const { key, credential } = mintKey("ci", BEARER, NOW);
    const raised = key.replace("cf_ci_", "cf_operator_");
    assert.equal(await verifyKey(raised, lookupIn(credential).lookup), null);
  });

  for (const text of [
    "",
    "cf_ci_",
    "cf_root_0123456789abcdef_00",
    "Bearer x",
    `cf_ci_${"0".repeat(80)}`,
    "cf_ci_é_ü",
  ])
    test(`${JSON.stringify(text)} is no key, and nothing is looked up for it`, async () => {
      const { lookup, asked } = lookupIn();
      assert.equal(await verifyKey(text, lookup), null);
      assert.deepEqual(asked, []);
    });
});
