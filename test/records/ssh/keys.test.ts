import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import fc from "fast-check";
import { canonicalJson } from "../../../functions/domain/canonical.ts";
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

  it("that is a private key in any other form is refused as loudly, and not repeated", () => {
    const { path } = keygen.make("ed25519");
    const bare = readFileSync(path, "utf8").split("\n").slice(1, -2);
    const forms = [
      bare.join(""),
      bare.join("\n"),
      "PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: none\r\nPrivate-Lines: 1\r\nc2VjcmV0",
      "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nc2VjcmV0",
      "-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0",
    ];
    for (const form of forms) assert.throws(() => parsePublicKey(form), refused("bad-signer", /PRIVATE key/));
  });

  it("is not repeated where it is of no known form: it may be a secret", () => {
    const secret = "c2VjcmV0".repeat(4);
    for (const text of [secret, `MIIE${secret}`, `ssh-ed25519\n${secret}`, "x".repeat(100_000)])
      assert.throws(
        () => parsePublicKey(text),
        (error) => error instanceof SignatureRefused && !error.message.includes(text.slice(-20)),
      );
  });

  it("is read behind options with spaces, and between tabs", () => {
    const { line, fingerprint } = keygen.make("ed25519");
    for (const other of [
      `command="echo \\"a b\\"",no-pty ${line}`,
      line.replaceAll(" ", "\t"),
      line.replaceAll(" ", "   "),
    ])
      assert.equal(parsePublicKey(other).fingerprint, fingerprint);
  });

  it("that is a certificate is refused: keys are registered one by one", () => {
    const [authority, { path }] = [keygen.make("ed25519"), keygen.make("ed25519")];
    execFileSync("ssh-keygen", ["-q", "-s", authority.path, "-I", "alice", "-n", "alice", `${path}.pub`]);
    const line = readFileSync(`${path}-cert.pub`, "utf8");
    assert.throws(() => parsePublicKey(line), refused("bad-signer", /ssh-ed25519-cert-v01@openssh.com/));
  });

  it("keeps of its comment what no terminal obeys and the ledger can hold", () => {
    const { line } = keygen.make("ed25519");
    const bare = line.split(" ").slice(0, 2).join(" ");
    const comment = (text: string): string => parsePublicKey(`${bare} ${text}`).comment;
    assert.equal(comment("Zoë's laptop 😀"), "Zoë's laptop 😀");
    assert.equal(comment("a\u001b[2Jb\u202ec"), "a\\u{1b}[2Jb\\u{202e}c");
    assert.doesNotThrow(() => canonicalJson(comment(`${"a".repeat(99)}😀`)));
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 150 }), (text) => {
        fc.pre(!/[\n\r\u2028\u2029]/.test(text));
        assert.doesNotMatch(comment(text), /[\p{C}\p{Zl}\p{Zp}]/u);
      }),
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
