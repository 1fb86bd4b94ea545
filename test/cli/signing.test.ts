import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { NotSigned, signManifest } from "../../bin/signing.ts";
import { parsePublicKey } from "../../functions/records/ssh/keys.ts";
import { verifyManifest } from "../../functions/records/ssh/sshsig.ts";
import { newKey } from "./ssh.ts";

const MANIFEST = `${"a".repeat(64)}  lantern-1.0.tar.gz\r\n`;
const notSigned = (words: RegExp) => (error: unknown) =>
  error instanceof NotSigned && words.test(error.message);

/** A machine whose ssh-keygen is this script, or that has none. */
function machineWith(t: TestContext, script: string | null): void {
  const folder = mkdtempSync(join(tmpdir(), "counterfoil-path-"));
  const path = process.env["PATH"];
  t.after(() => {
    process.env["PATH"] = path;
    rmSync(folder, { recursive: true });
  });
  process.env["PATH"] = folder;
  if (script === null) return;
  writeFileSync(join(folder, "ssh-keygen"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "ssh-keygen"), 0o755);
}

suite("signing a manifest", () => {
  for (const type of ["ed25519", "ecdsa", "rsa"] as const)
    test(`with an ${type} key makes a signature over exactly its bytes`, async (t) => {
      const key = newKey(t, type);
      const known = { ...parsePublicKey(key.public), state: "in-force" } as const;
      for (const manifest of [MANIFEST, Buffer.from([0, 255, 13, 10]), Buffer.alloc(1_000_000, "x")]) {
        const armored = await signManifest(key.path, manifest);
        assert.equal(verifyManifest(Buffer.from(manifest), armored, [known]), key.fingerprint);
      }
    });

  test("with a key that is not there says with which", async () => {
    await assert.rejects(
      signManifest("/nonexistent", MANIFEST),
      notSigned(/did not sign with \/nonexistent/),
    );
  });

  test("on a machine without ssh-keygen says what to install", async (t) => {
    machineWith(t, null);
    await assert.rejects(signManifest("key", MANIFEST), notSigned(/not found.*OpenSSH 8\.1 or later/));
  });

  for (const complaint of ["ssh-keygen: illegal option -- Y", "unknown option -- Y"])
    test(`on a machine whose ssh-keygen says "${complaint}" says that it is too old`, async (t) => {
      machineWith(t, `echo "${complaint}" >&2; exit 1`);
      await assert.rejects(
        signManifest("key", MANIFEST),
        notSigned(/cannot sign files.*OpenSSH 8\.1 or later/),
      );
    });

  test("by an ssh-keygen that says nothing, reads nothing or is killed is an error all the same", async (t) => {
    machineWith(t, 'case "$6" in *quiet) exit 0;; *killed) kill -9 $$;; *) exec <&-; exit 255;; esac');
    for (const key of ["quiet", "killed", "deaf"])
      await assert.rejects(
        signManifest(key, Buffer.alloc(2_000_000, "x")),
        notSigned(new RegExp(`did not sign with ${key}`)),
      );
  });
});
