import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { after, describe, it } from "node:test";
import fc from "fast-check";
import { fingerprintOf, parsePublicKey } from "../../../functions/records/ssh/keys.ts";
import { SignatureRefused } from "../../../functions/records/ssh/refusals.ts";
import { claimedSigner, type KnownKey, verifyManifest } from "../../../functions/records/ssh/sshsig.ts";
import { field } from "../../../functions/records/ssh/wire.ts";
import { Keygen, type Pair } from "./keygen.ts";

const keygen = new Keygen();
after(() => keygen.end());

const TEXT = `${"a".repeat(64)}  lantern-1.0.tar.gz\n`;
const MANIFEST = Buffer.from(TEXT);

const known = (line: string, state: KnownKey["state"] = "in-force"): KnownKey => ({
  ...parsePublicKey(line),
  state,
});
const refusedAs = (code: string) => (error: unknown) =>
  error instanceof SignatureRefused && error.code === code && error.message.length > 20;

const KINDS: Readonly<Record<string, readonly string[]>> = {
  ed25519: ["ed25519"],
  "ecdsa on nistp256": ["ecdsa", "-b", "256"],
  "ecdsa on nistp384": ["ecdsa", "-b", "384"],
  "ecdsa on nistp521": ["ecdsa", "-b", "521"],
  "rsa of 3072 bits": ["rsa", "-b", "3072"],
};
const PAIRS = new Map(Object.entries(KINDS).map(([name, kind]) => [name, keygen.make(...kind)]));
const ALICE = PAIRS.get("ed25519") as Pair;

describe("a signature by ssh-keygen", () => {
  for (const [name, pair] of PAIRS) {
    for (const hash of ["sha512", "sha256"]) {
      it(`${name} over ${hash} is right, and over anything else it is not`, () => {
        for (let times = 0; times < 4; times += 1) {
          const armored = keygen.sign(pair, MANIFEST, "counterfoil", "-O", `hashalg=${hash}`);
          assert.equal(verifyManifest(MANIFEST, armored, [known(pair.line)]), pair.fingerprint);
          const altered = Buffer.from(TEXT.replace("1.0", "1.1"));
          assert.throws(
            () => verifyManifest(altered, armored, [known(pair.line)]),
            refusedAs("altered-manifest"),
          );
        }
      });
    }
  }

  it("counts over an empty manifest, a large one, and bytes that are no text", () => {
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(1_000_000, 7), Buffer.from([0, 255, 13, 10])])
      assert.equal(verifyManifest(bytes, keygen.sign(ALICE, bytes), [known(ALICE.line)]), ALICE.fingerprint);
  });

  it("does not count for another purpose", () => {
    for (const namespace of ["file", "git", "counterfoil2", "Counterfoil"])
      assert.throws(
        () => verifyManifest(MANIFEST, keygen.sign(ALICE, MANIFEST, namespace), [known(ALICE.line)]),
        refusedAs("wrong-namespace"),
      );
  });

  it("does not count by somebody who is not registered, not yet, or no more", () => {
    const armored = keygen.sign(ALICE, MANIFEST);
    const others = [...PAIRS.values()].filter((pair) => pair !== ALICE).map(({ line }) => known(line));
    const by = (keys: readonly KnownKey[]) => () => verifyManifest(MANIFEST, armored, keys);
    assert.throws(by([]), refusedAs("unknown-signer"));
    assert.throws(by(others), refusedAs("unknown-signer"));
    assert.throws(by([known(ALICE.line, "revoked")]), refusedAs("revoked-signer"));
    assert.throws(by([known(ALICE.line, "pending")]), refusedAs("signer-pending"));
    assert.equal(by([known(ALICE.line, "revoked"), known(ALICE.line)])(), ALICE.fingerprint);
  });

  it("does not count by a key that was registered under another's fingerprint", () => {
    const [, mallory] = [...PAIRS.values()];
    assert.ok(mallory);
    const disguised = { ...known(mallory.line), fingerprint: ALICE.fingerprint };
    assert.throws(
      () => verifyManifest(MANIFEST, keygen.sign(mallory, MANIFEST), [disguised]),
      refusedAs("unknown-signer"),
    );
    assert.throws(
      () => verifyManifest(MANIFEST, keygen.sign(ALICE, MANIFEST), [disguised]),
      refusedAs("unknown-signer"),
    );
  });

  it("counts however its lines end", () => {
    const armored = keygen.sign(ALICE, MANIFEST).replaceAll("\n", "\r\n");
    assert.equal(verifyManifest(MANIFEST, armored, [known(ALICE.line)]), ALICE.fingerprint);
    assert.equal(claimedSigner(armored), ALICE.fingerprint);
  });
});

const ARMOR = (bytes: Uint8Array): string =>
  `-----BEGIN SSH SIGNATURE-----\n${Buffer.from(bytes).toString("base64")}\n-----END SSH SIGNATURE-----\n`;
const bytesIn = (armored: string): Buffer => Buffer.from(armored.split("\n").slice(1, -2).join(""), "base64");

describe("what is not quite a signature", () => {
  const whole = bytesIn(keygen.sign(ALICE, MANIFEST));
  const refused = (bytes: Uint8Array | string, code: string) =>
    assert.throws(
      () => verifyManifest(MANIFEST, typeof bytes === "string" ? bytes : ARMOR(bytes), [known(ALICE.line)]),
      refusedAs(code),
    );

  it("is refused: cut, followed by something, of another version, without or with a broken armor", () => {
    for (let length = 0; length < whole.length; length += 1)
      refused(whole.subarray(0, length), "bad-signature");
    refused(Buffer.concat([whole, Buffer.from([0])]), "bad-signature");
    refused(Buffer.from(whole).fill(2, 9, 10), "bad-signature");
    refused("", "bad-signature");
    refused(whole.toString("base64"), "bad-signature");
    refused(ARMOR(whole).replace("=\n", "\n"), "bad-signature");
    refused(ARMOR(whole).replace("A", "!"), "bad-signature");
  });

  it("is refused: over SHA-1, or by an RSA key with SHA-1", () => {
    const rsa = PAIRS.get("rsa of 3072 bits") as Pair;
    const bytes = bytesIn(keygen.sign(rsa, MANIFEST));
    const renamed = (from: string, to: string) =>
      Buffer.from(bytes.toString("latin1").replaceAll(from, to), "latin1");
    const check = (changed: Buffer) => () => verifyManifest(MANIFEST, ARMOR(changed), [known(rsa.line)]);
    assert.throws(check(renamed("\0\0\0\u0006sha512", "\0\0\0\u0004sha1")), refusedAs("weak-signature"));
    const sha1 = Buffer.concat([
      Buffer.from("SSHSIG\0\0\0\u0001", "latin1"),
      field(Buffer.from(known(rsa.line).blob, "base64")),
      field("counterfoil"),
      field(""),
      field("sha512"),
      field(Buffer.concat([field("ssh-rsa"), field(Buffer.alloc(384, 1))])),
    ]);
    assert.throws(check(sha1), refusedAs("weak-signature"));
  });

  it("never ends in anything but a refusal, whichever bit is turned", () => {
    fc.assert(
      fc.property(fc.nat(whole.length * 8 - 1), (bit) => {
        const turned = Buffer.from(whole);
        turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        assert.throws(() => verifyManifest(MANIFEST, ARMOR(turned), [known(ALICE.line)]), SignatureRefused);
      }),
      { numRuns: 500 },
    );
  });

  it("never ends in anything but a refusal, whatever it is", () => {
    const said = fc.tuple(fc.uint8Array({ maxLength: 60 }), fc.constantFrom("SSHSIG\0\0\0\u0001", ""));
    fc.assert(
      fc.property(said, fc.string(), ([bytes, head], text) => {
        const body = Buffer.concat([Buffer.from(head, "latin1"), bytes]);
        for (const armored of [ARMOR(body), text])
          assert.throws(() => verifyManifest(MANIFEST, armored, [known(ALICE.line)]), SignatureRefused);
      }),
    );
  });
});

const sha256 = (text: Uint8Array | string): Buffer =>
  Buffer.from(fingerprintOf(Buffer.from(text)).slice("SHA256:".length), "base64");

/** What a security key would sign, for there is none in a test. */
function bySecurityKey(flags: number, application = "ssh:"): { line: string; armored: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const kind = "sk-ssh-ed25519@openssh.com";
  const raw = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
  const blob = Buffer.concat([field(kind), field(raw), field(application)]);
  const hash = "sha256";
  const data = Buffer.concat([
    Buffer.from("SSHSIG"),
    field("counterfoil"),
    field(""),
    field(hash),
    field(sha256(MANIFEST)),
  ]);
  const tail = Buffer.from([flags, 0, 0, 0, 9]);
  const asked = Buffer.concat([sha256(application), tail, sha256(data)]);
  const signature = Buffer.concat([field(kind), field(sign(null, asked, privateKey)), tail]);
  const armored = ARMOR(
    Buffer.concat([
      Buffer.from("SSHSIG\0\0\0\u0001", "latin1"),
      field(blob),
      field("counterfoil"),
      field(""),
      field(hash),
      field(signature),
    ]),
  );
  return { line: `${kind} ${blob.toString("base64")} token`, armored };
}

describe("a security key", () => {
  it("counts when it was touched", () => {
    const { line, armored } = bySecurityKey(1);
    assert.equal(verifyManifest(MANIFEST, armored, [known(line)]), known(line).fingerprint);
  });

  it("does not count when nobody touched it, or for other bytes", () => {
    const untouched = bySecurityKey(0);
    assert.throws(
      () => verifyManifest(MANIFEST, untouched.armored, [known(untouched.line)]),
      refusedAs("weak-signature"),
    );
    const { line, armored } = bySecurityKey(5);
    assert.throws(
      () => verifyManifest(Buffer.from("else"), armored, [known(line)]),
      refusedAs("altered-manifest"),
    );
  });
});
