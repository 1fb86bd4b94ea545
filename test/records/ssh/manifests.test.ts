import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import fc from "fast-check";
import { allowedSigners } from "../../../functions/records/ssh/allowed-signers.ts";
import { parsePublicKey } from "../../../functions/records/ssh/keys.ts";
import { splitSigned } from "../../../functions/records/ssh/manifests.ts";
import { SignatureRefused } from "../../../functions/records/ssh/refusals.ts";
import { Keygen } from "./keygen.ts";

const keygen = new Keygen();
after(() => keygen.end());
const ALICE = keygen.make("ed25519");
const TEXT = `${"a".repeat(64)}  lantern-1.0.tar.gz\r\n`;
const bad = (error: unknown) => error instanceof SignatureRefused && error.code === "bad-signature";

describe("a manifest with its signature behind it", () => {
  it("comes apart to the byte", () => {
    const armored = keygen.sign(ALICE, TEXT);
    const { manifest, signature } = splitSigned(Buffer.from(TEXT + armored));
    assert.equal(Buffer.from(manifest).toString(), TEXT);
    assert.equal(signature, armored);
  });

  it("comes apart to the byte whatever the manifest is", () => {
    const armored = keygen.sign(ALICE, TEXT);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const manifest = Buffer.concat([bytes, Buffer.from("\n")]);
        const split = splitSigned(Buffer.concat([manifest, Buffer.from(armored), Buffer.from("\r\n \n")]));
        assert.deepEqual(Buffer.from(split.manifest), manifest);
        assert.equal(split.signature, armored);
      }),
    );
  });

  it("is a manifest alone where no line begins a signature", () => {
    for (const text of [TEXT, "", "x -----BEGIN SSH SIGNATURE-----\n", "-----BEGIN PGP SIGNATURE-----\n"]) {
      const { manifest, signature } = splitSigned(Buffer.from(text));
      assert.deepEqual([Buffer.from(manifest).toString(), signature], [text, null]);
    }
  });

  it("is refused with two signatures, one without its end, or something behind it", () => {
    const armored = keygen.sign(ALICE, TEXT);
    for (const behind of [armored + armored, armored.slice(0, 60), `${armored}more`, `${armored}\0`])
      assert.throws(() => splitSigned(Buffer.from(TEXT + behind)), bad);
    const endless = `-----BEGIN SSH SIGNATURE-----\n${"A".repeat(30_000)}\n-----END SSH SIGNATURE-----`;
    assert.throws(() => splitSigned(Buffer.from(TEXT + endless)), bad);
  });
});

describe("the file of allowed signers", () => {
  const { type, blob } = parsePublicKey(ALICE.line);
  const file = (validFrom: string, validUntil: string | null) =>
    allowedSigners("lantern", [{ type, blob, validFrom, validUntil }]);
  const armored = keygen.sign(ALICE, TEXT);

  it("lets stock tools say that a signature is good", () => {
    assert.match(
      keygen.check(file("2026-01-01T00:00:00.000Z", null), "lantern", TEXT, armored),
      /^Good "counterfoil" signature for lantern/,
    );
  });

  it("lets stock tools refuse an altered manifest, another name, a key before its time", () => {
    const good = file("2026-01-01T00:00:00.000Z", null);
    assert.match(keygen.check(good, "lantern", `${TEXT} `, armored), /^refused/);
    assert.match(keygen.check(good, "somebody", TEXT, armored), /^refused/);
    assert.match(keygen.check(file("2999-01-01T00:00:00.000Z", null), "lantern", TEXT, armored), /^refused/);
  });

  it("lets stock tools see that a revoked key counted in its time, and no more", () => {
    const revoked = file("2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z");
    assert.match(keygen.check(revoked, "lantern", TEXT, armored), /^refused/);
    const then = keygen.check(revoked, "lantern", TEXT, armored, "-O", "verify-time=20260115000000Z");
    assert.match(then, /^Good/);
  });

  it("has one line for each key, whatever the name is", () => {
    const hostile = allowedSigners('a b"\n# * ,cert-authority', [
      { type, blob, validFrom: "2026-01-01T00:00:00.000Z", validUntil: null },
    ]);
    assert.equal(hostile.split("\n").length, 2);
    assert.match(hostile, /^[\w-]+ namespaces="counterfoil",/);
  });
});
