/** The real ssh-keygen, in a folder of its own. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Pair {
  /** Path of the private key. */
  readonly path: string;
  /** The line of the .pub file. */
  readonly line: string;
  readonly fingerprint: string;
}

/** Keys and signatures as people have them; everything is gone with `end`. */
export class Keygen {
  readonly folder = mkdtempSync(join(tmpdir(), "counterfoil-keys-"));
  #made = 0;

  make(...kind: string[]): Pair {
    this.#made += 1;
    const path = join(this.folder, `key-${this.#made}`);
    execFileSync("ssh-keygen", ["-q", "-N", "", "-C", "alice@example.org", "-f", path, "-t", ...kind]);
    const listed = execFileSync("ssh-keygen", ["-l", "-f", `${path}.pub`], { encoding: "utf8" });
    const line = readFileSync(`${path}.pub`, "utf8").trim();
    return { path, line, fingerprint: listed.split(" ")[1] ?? "" };
  }

  sign({ path }: Pair, text: string | Uint8Array, namespace = "counterfoil", ...options: string[]): string {
    const asked = ["-q", "-Y", "sign", "-n", namespace, "-f", path, ...options];
    return execFileSync("ssh-keygen", asked, { input: Buffer.from(text), encoding: "utf8" });
  }

  /** Whether stock tools accept it; what they say where they do not. */
  check(allowed: string, principal: string, text: string, armored: string, ...options: string[]): string {
    const [signers, signature] = [join(this.folder, "allowed_signers"), join(this.folder, "manifest.sig")];
    writeFileSync(signers, allowed);
    writeFileSync(signature, armored);
    const asked = ["-Y", "verify", "-f", signers, "-I", principal, "-n", "counterfoil", "-s", signature];
    try {
      return execFileSync("ssh-keygen", [...asked, ...options], {
        input: text,
        encoding: "utf8",
        stdio: "pipe",
      });
    } catch (error) {
      return `refused: ${String((error as { stderr?: unknown }).stderr)}`;
    }
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
