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
const [ALICE, BOB] = [keygen.make("ed25519"), keygen.make("ecdsa")];
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

  it("hands the signature on in lines that every OpenSSH reads, and leaves the manifest's alone", () => {
    const armored = keygen.sign(ALICE, TEXT);
    const { manifest, signature } = splitSigned(Buffer.from(TEXT + armored.replaceAll("\n", "\r\n")));
    assert.deepEqual([Buffer.from(manifest).toString(), signature], [TEXT, armored]);
  });

  it("is refused where the armor is not one that can be handed on", () => {
    const armored = keygen.sign(ALICE, TEXT);
    const end = "-----END SSH SIGNATURE-----\n";
    for (const behind of [
      `${armored}more\n${end}`,
      `${armored}${end}`,
      armored.replace("SIGNATURE-----\n", "SIGNATURE----- for me\n"),
      armored.replace("\n-----END", "-----END"),
      armored.replace("U1NI", "U1N!"),
      `-----BEGIN SSH SIGNATURE-----\n${end}`,
    ]) {
      assert.notEqual(behind, armored);
      assert.throws(() => splitSigned(Buffer.from(TEXT + behind)), bad);
    }
  });

  it("is never taken apart with anything but a refusal, whichever byte of the armor is changed", () => {
    const armored = Buffer.from(keygen.sign(ALICE, TEXT));
    fc.assert(
      fc.property(fc.nat(armored.length - 1), fc.nat(255), (at, byte) => {
        const changed = Buffer.from(armored).fill(byte, at, at + 1);
        try {
          const { manifest, signature } = splitSigned(Buffer.concat([Buffer.from(TEXT), changed]));
          if (signature === null) assert.equal(manifest.length, TEXT.length + armored.length);
          else
            assert.match(
              signature,
              /^-----BEGIN SSH SIGNATURE-----\n[\w+/=\n]+\n-----END SSH SIGNATURE-----\n$/,
            );
        } catch (error) {
          assert.ok(bad(error));
        }
      }),
      { numRuns: 500 },
    );
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

  it("leaves out a key that was revoked before it counted, and keeps one that came back", () => {
    const [{ type: kind, blob: other }, from] = [parsePublicKey(BOB.line), "2026-02-01T00:00:00.000Z"];
    const never = { type: kind, blob: other, validFrom: from };
    const signers = [
      { ...never, validUntil: "2026-01-01T00:00:00.000Z" },
      { ...never, validUntil: from },
      { ...never, validUntil: "2026-02-01T00:00:00.900Z" },
      { type, blob, validFrom: "2025-01-01T00:00:00.000Z", validUntil: "2025-02-01T00:00:00.000Z" },
      { type, blob, validFrom: from, validUntil: null },
    ];
    const text = allowedSigners("lantern", signers);
    assert.equal(text.includes(other), false);
    assert.equal(text.split("\n").length, 3);
    assert.match(keygen.check(text, "lantern", TEXT, armored), /^Good/);
    assert.match(keygen.check(text, "lantern", TEXT, keygen.sign(BOB, TEXT)), /^refused/);
  });

  it("does not hold what people called their keys, so no comment can add a line", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (comment) => {
        const signer = { ...parsePublicKey(ALICE.line), comment: `${comment}\nmallory ${BOB.line}` };
        const text = allowedSigners("lantern", [
          { ...signer, validFrom: "2026-01-01T00:00:00.000Z", validUntil: null },
        ]);
        assert.equal(text, file("2026-01-01T00:00:00.000Z", null));
      }),
    );
  });

  it("has one line for each key, whatever the name is", () => {
    const hostile = allowedSigners('a b"\n# * ,cert-authority', [
      { type, blob, validFrom: "2026-01-01T00:00:00.000Z", validUntil: null },
    ]);
    assert.equal(hostile.split("\n").length, 2);
    assert.match(hostile, /^[\w-]+ namespaces="counterfoil",/);
  });
});
