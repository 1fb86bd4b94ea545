/** Keys and signatures by the real ssh-keygen. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

export interface SshKeyPair {
  /** The private key's file; the public one's has `.pub` behind it. */
  readonly path: string;
  /** Type and key, without a comment. */
  readonly public: string;
  /** As ssh-keygen -l prints it. */
  readonly fingerprint: string;
}

const keygen = (...args: readonly string[]): string => execFileSync("ssh-keygen", args, { encoding: "utf8" });

/** A new key without a passphrase, gone after the test. */
export function newKey(t: TestContext, type: "ed25519" | "ecdsa" | "rsa" = "ed25519"): SshKeyPair {
  const folder = mkdtempSync(join(tmpdir(), "counterfoil-ssh-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "key");
  keygen("-q", "-t", type, "-N", "", "-C", "", "-f", path);
  return {
    path,
    public: readFileSync(`${path}.pub`, "utf8").trim(),
    fingerprint: keygen("-l", "-f", path).split(" ")[1] ?? "",
  };
}

/** Signs a file as a person would; the signature lies beside it, in the path that is answered. */
export function signFile({ path }: SshKeyPair, file: string, namespace = "counterfoil"): string {
  keygen("-q", "-Y", "sign", "-n", namespace, "-f", path, file);
  return `${file}.sig`;
}

/** Whether ssh-keygen finds a signature right, by an allowed_signers file. */
export function verifies(
  manifest: Uint8Array,
  signature: string,
  by: { readonly file: string; readonly principal: string },
): boolean {
  try {
    const args = ["-Y", "verify", "-n", "counterfoil", "-f", by.file, "-I", by.principal, "-s", signature];
    execFileSync("ssh-keygen", args, { input: manifest, stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
}
