import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { sha256 } from "../../functions/domain/digests.ts";
import type { Manifest } from "../../functions/ports.ts";
import { type MakeHost, on } from "./host.ts";

const manifest = (text: string, ...signers: string[]): Manifest => {
  const bytes = new TextEncoder().encode(text);
  const signatures = signers.map((signer) => ({ signer, armored: `signed by ${signer}\r\n` }));
  return { digest: sha256(bytes), bytes, signatures };
};

export function manifestsContract(name: string, make: MakeHost): void {
  describe(`${name}: manifests`, () => {
    it(
      "are kept to the byte, empty or with whatever bytes",
      on(make, async ({ manifests }) => {
        const bytes = new Uint8Array([0, 255, 13, 10, 10, 128]);
        const odd = { digest: sha256(bytes), bytes, signatures: [] };
        await manifests.keep("developer", odd);
        await manifests.keep("developer", manifest(""));
        assert.deepEqual(await manifests.kept("developer", odd.digest), odd);
        assert.deepEqual(await manifests.kept("developer", sha256("")), manifest(""));
        assert.equal(await manifests.kept("developer", sha256("other")), null);
      }),
    );

    it(
      "of a mebibyte that nothing compresses are kept whole",
      on(make, async ({ manifests }) => {
        const bytes = new Uint8Array(randomBytes(1024 * 1024));
        const large = { digest: sha256(bytes), bytes, signatures: [] };
        await manifests.keep("developer", large);
        const kept = await manifests.kept("developer", large.digest);
        assert.equal(kept && sha256(kept.bytes), large.digest);
      }),
    );

    it(
      "gather the signatures of everybody who signed them, each as it first came",
      on(make, async ({ manifests }) => {
        const signed = manifest("a  b\n", "SHA256:alice");
        await manifests.keep("developer", manifest("a  b\n"));
        await manifests.keep("developer", signed);
        await manifests.keep("developer", manifest("a  b\n", "SHA256:bob"));
        const other = { ...signed, signatures: [{ signer: "SHA256:alice", armored: "another" }] };
        await manifests.keep("developer", other);
        assert.deepEqual(
          await manifests.kept("developer", signed.digest),
          manifest("a  b\n", "SHA256:alice", "SHA256:bob"),
        );
      }),
    );

    it(
      "of one enrolment are not another's",
      on(make, async ({ manifests }) => {
        await manifests.keep("developer", manifest("mine", "SHA256:alice"));
        assert.equal(await manifests.kept("distribution", sha256("mine")), null);
        await manifests.keep("distribution", manifest("mine"));
        assert.deepEqual(await manifests.kept("distribution", sha256("mine")), manifest("mine"));
      }),
    );
  });
}
