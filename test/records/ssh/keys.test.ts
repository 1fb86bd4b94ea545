import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import fc from "fast-check";
import { parsePublicKey } from "../../../functions/records/ssh/keys.ts";
import { SignatureRefused } from "../../../functions/records/ssh/refusals.ts";
import { Keygen } from "./keygen.ts";

const keygen = new Keygen();
after(() => keygen.end());
const refused = (code: string, words: RegExp) => (error: unknown) =>
  error instanceof SignatureRefused && error.code === code && words.test(error.message);

describe("a public key", () => {
  const kinds = [
    ["ed25519"],
    ["ecdsa", "-b", "256"],
    ["ecdsa", "-b", "384"],
    ["ecdsa", "-b", "521"],
    ["rsa"],
  ];
  for (const kind of kinds)
    it(`${kind.join(" ")} is known by the fingerprint that ssh-keygen prints`, () => {
      const { line, fingerprint } = keygen.make(...kind);
      const key = parsePublicKey(line);
      assert.deepEqual([key.fingerprint, key.comment], [fingerprint, "alice@example.org"]);
      assert.equal(`${key.type} ${key.blob} ${key.comment}`, line);
      assert.equal(parsePublicKey(`  no-pty ${line}\n`).fingerprint, fingerprint);
    });

  it("that is a private key is refused loudly: it has left its machine", () => {
    const { path } = keygen.make("ed25519");
    assert.throws(
      () => parsePublicKey(readFileSync(path, "utf8")),
      refused("bad-signer", /PRIVATE key.*make a new one/),
    );
  });

  it("of a kind that is not taken is refused by name", () => {
    const dss = `ssh-dss ${Buffer.concat([Buffer.from([0, 0, 0, 7]), Buffer.from("ssh-dss")]).toString("base64")}`;
    assert.throws(() => parsePublicKey(dss), refused("bad-signer", /ssh-dss.*ssh-ed25519/));
    assert.throws(() => parsePublicKey("ssh-ed25519"), refused("bad-signer", /\.pub/));
    assert.throws(() => parsePublicKey(""), refused("bad-signer", /\.pub/));
  });

  it("of RSA with too few bits is refused", () => {
    assert.throws(
      () => parsePublicKey(keygen.make("rsa", "-b", "1024").line),
      refused("weak-signature", /1024 bits/),
    );
  });

  it("that is cut, lengthened or renamed is refused", () => {
    const { line } = keygen.make("ed25519");
    const [type = "", blob = ""] = line.split(" ");
    const bytes = Buffer.from(blob, "base64");
    const others = [
      `${type} ${blob.slice(0, -4)}`,
      `${type} ${Buffer.concat([bytes, Buffer.from([1])]).toString("base64")}`,
      `ecdsa-sha2-nistp256 ${blob}`,
      `${type} ${blob.replace("A", "!")}`,
    ];
    for (const other of others) assert.throws(() => parsePublicKey(other), refused("bad-signer", /./));
  });

  it("never ends in anything but a key or a refusal", () => {
    const blobs = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString("base64"));
    const types = fc.constantFrom(
      "ssh-ed25519",
      "ssh-rsa",
      "ecdsa-sha2-nistp256",
      "sk-ssh-ed25519@openssh.com",
    );
    fc.assert(
      fc.property(types, blobs, fc.string(), (type, blob, text) => {
        for (const line of [`${type} ${blob}`, text])
          assert.throws(() => parsePublicKey(line), SignatureRefused);
      }),
    );
  });
});
