import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import fc from "fast-check";
import { allowedSigners } from "../../../functions/records/ssh/allowed-signers.ts";
import { fingerprintOf, parsePublicKey } from "../../../functions/records/ssh/keys.ts";
import { SignatureRefused } from "../../../functions/records/ssh/refusals.ts";
import { type KnownKey, verifyManifest } from "../../../functions/records/ssh/sshsig.ts";
import { field } from "../../../functions/records/ssh/wire.ts";
import { armor, byRsa, bySecurityKey, envelope, lineOf, rsaBlob, type Signer } from "./composing.ts";
import { Keygen } from "./keygen.ts";

const keygen = new Keygen();
after(() => keygen.end());

const TEXT = `${"a".repeat(64)}  lantern-1.0.tar.gz\n`;
const MANIFEST = Buffer.from(TEXT);
const TOUCHED = { flags: 1, application: "ssh:" };

const known = (signer: Signer): KnownKey => ({ ...parsePublicKey(lineOf(signer)), state: "in-force" });
const ours = (signer: Signer, armored: string, manifest: Uint8Array = MANIFEST): string =>
  verifyManifest(manifest, armored, [known(signer)]);
const refusedAs = (code: string) => (error: unknown) =>
  error instanceof SignatureRefused && error.code === code;

/** What OpenSSH itself says of it. */
function theirs({ type, blob }: Signer, armored: string, text = TEXT): string {
  const key = { type, blob: blob.toString("base64") };
  const file = allowedSigners("lantern", [
    { ...key, validFrom: "2026-01-01T00:00:00.000Z", validUntil: null },
  ]);
  return keygen.check(file, "lantern", text, armored);
}

describe("a signature by other software", () => {
  const kinds: Readonly<Record<string, Signer>> = {
    "rsa-sha2-256": byRsa("rsa-sha2-256", "sha256"),
    "rsa-sha2-512": byRsa("rsa-sha2-512", "sha512"),
    "a security key's ed25519": bySecurityKey("ed25519", TOUCHED),
    "a security key's ecdsa": bySecurityKey("nistp256", TOUCHED),
    "a security key's ed25519, with the PIN": bySecurityKey("ed25519", { ...TOUCHED, flags: 5 }),
    "a security key's ed25519, for bytes that are no text": bySecurityKey("ed25519", {
      flags: 1,
      application: Buffer.from([0x73, 0xff, 0xe9]),
    }),
  };
  for (const [name, signer] of Object.entries(kinds))
    it(`${name} is right to OpenSSH and to us, and over other bytes to neither`, () => {
      const armored = armor(envelope(MANIFEST, signer));
      assert.match(theirs(signer, armored), /^Good/);
      assert.equal(ours(signer, armored), known(signer).fingerprint);
      assert.match(theirs(signer, armored, `${TEXT} `), /^refused/);
      assert.throws(() => ours(signer, armored, Buffer.from(`${TEXT} `)), refusedAs("altered-manifest"));
    });

  it("is right to both where an RSA signature lacks its leading zeros", () => {
    const signer = byRsa("rsa-sha2-256", "sha256", true);
    const whole = envelope(MANIFEST, signer).length;
    const short = Array.from({ length: 5000 }, (_, count) => `${TEXT}${count}\n`).find(
      (text) => envelope(Buffer.from(text), signer).length < whole,
    );
    assert.ok(short, "no signature began with a zero");
    const armored = armor(envelope(Buffer.from(short), signer));
    assert.match(theirs(signer, armored, short), /^Good/);
    assert.equal(ours(signer, armored, Buffer.from(short)), known(signer).fingerprint);
  });

  it("is no security key's when nobody touched it", () => {
    for (const curve of ["ed25519", "nistp256"] as const) {
      const signer = bySecurityKey(curve, { ...TOUCHED, flags: 4 });
      assert.throws(() => ours(signer, armor(envelope(MANIFEST, signer))), refusedAs("weak-signature"));
    }
  });

  it("is refused with SHA-1 by either name, right or not", () => {
    for (const kind of ["ssh-rsa", "rsa-sha1"]) {
      const signer = byRsa(kind, "sha1");
      assert.throws(() => ours(signer, armor(envelope(MANIFEST, signer))), refusedAs("weak-signature"));
    }
  });

  it("is refused over a digest of another kind", () => {
    const signer = byRsa("rsa-sha2-512", "sha512");
    for (const hash of ["sha1", "sha384", "md5"])
      assert.throws(
        () => ours(signer, armor(envelope(MANIFEST, signer, { hash }))),
        refusedAs("weak-signature"),
      );
  });

  it("is refused where its kind is not its key's", () => {
    const [rsa, touched] = [byRsa("rsa-sha2-512", "sha512"), bySecurityKey("ed25519", TOUCHED)];
    const kinds = [
      "ssh-ed25519",
      "ecdsa-sha2-nistp256",
      "sk-ssh-ed25519@openssh.com",
      "webauthn-sk-ecdsa-sha2-nistp256@openssh.com",
      "__proto__",
      "",
    ];
    for (const kind of kinds) {
      const signer = { ...rsa, sign: () => Buffer.concat([field(kind), field(Buffer.alloc(64))]) };
      assert.throws(() => ours(signer, armor(envelope(MANIFEST, signer))), refusedAs("weak-signature"));
    }
    const bare = { ...touched, sign: () => Buffer.concat([field("ssh-ed25519"), field(Buffer.alloc(64))]) };
    assert.throws(() => ours(bare, armor(envelope(MANIFEST, bare))), refusedAs("weak-signature"));
  });

  it("is refused where the reserved field is in use, which OpenSSH reads otherwise than it signs", () => {
    const signer = byRsa("rsa-sha2-512", "sha512");
    const unsigned = armor(envelope(MANIFEST, signer, { reserved: "x" }));
    const signed = armor(envelope(MANIFEST, signer, { reserved: "x", signedReserved: "x" }));
    assert.match(theirs(signer, signed), /^refused/);
    for (const armored of [unsigned, signed])
      assert.throws(() => ours(signer, armored), refusedAs("bad-signature"));
  });

  it("is refused by an RSA key that anybody could sign with, registered or not", () => {
    const n = byRsa("rsa-sha2-512", "sha512").blob.subarray(-256);
    const blobs = [1, 2, 4].map((e) => rsaBlob(Buffer.from([e]), n));
    for (const blob of [...blobs, rsaBlob(Buffer.from([3]), n.subarray(0, 128))]) {
      const sign = () => Buffer.concat([field("rsa-sha2-512"), field(n)]);
      const weak = { type: "ssh-rsa", blob, sign };
      const registered: KnownKey = {
        fingerprint: fingerprintOf(blob),
        blob: blob.toString("base64"),
        state: "in-force",
      };
      assert.throws(() => parsePublicKey(lineOf(weak)), refusedAs("weak-signature"));
      const armored = armor(envelope(MANIFEST, weak));
      assert.throws(() => verifyManifest(MANIFEST, armored, [registered]), refusedAs("weak-signature"));
    }
  });

  it("never counts with any bit turned", () => {
    for (const signer of Object.values(kinds)) {
      const whole = envelope(MANIFEST, signer);
      fc.assert(
        fc.property(fc.nat(whole.length * 8 - 1), (bit) => {
          const turned = Buffer.from(whole);
          turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          assert.throws(() => ours(signer, armor(turned)), SignatureRefused);
        }),
        { numRuns: 200 },
      );
    }
  });

  it("never counts with a field's length changed, a byte more or a byte less anywhere", () => {
    const signer = bySecurityKey("nistp256", TOUCHED);
    const whole = envelope(MANIFEST, signer);
    for (let at = 0; at < whole.length; at += 1) {
      const less = Buffer.concat([whole.subarray(0, at), whole.subarray(at + 1)]);
      const more = Buffer.concat([whole.subarray(0, at), Buffer.from([0]), whole.subarray(at)]);
      const most = Buffer.from(whole).fill(0xff, at, Math.min(at + 4, whole.length));
      for (const changed of [less, more, most])
        assert.throws(() => ours(signer, armor(changed)), SignatureRefused);
    }
  });
});
