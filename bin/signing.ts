import { spawn, spawnSync } from "node:child_process";
import { SIGNATURE_NAMESPACE } from "../functions/records/ssh/manifests.ts";

/** Nothing was signed, and why. */
export class NotSigned extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "NotSigned";
  }
}

const NEEDED = "OpenSSH 8.1 or later, which this machine needs to sign a manifest";
const MISSING = `ssh-keygen was not found. It comes with ${NEEDED}.`;
const TOO_OLD = `This machine's ssh-keygen cannot sign files. Install ${NEEDED}.`;

/** Asked only once it has failed, and for nothing: whoever knows -Y complains of what is missing behind it. */
const isTooOld = (): boolean => {
  const { stderr } = spawnSync("ssh-keygen", ["-Y", "sign"], { stdio: ["ignore", "ignore", "pipe"] });
  return /(unknown|illegal|invalid|unrecognized) option/i.test(String(stderr));
};

/**
 * Signs a manifest as anybody would, with OpenSSH itself: the key may lie in a file, in an agent or on a security key, and a
 * passphrase is asked for on the terminal. Answers the armored signature. Throws `NotSigned`.
 */
export function signManifest(keyPath: string, manifest: string | Uint8Array): Promise<string> {
  // OpenSSH says "touch your security key" only to an error output that is the terminal itself.
  const child = spawn("ssh-keygen", ["-q", "-Y", "sign", "-n", SIGNATURE_NAMESPACE, "-f", keyPath], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let armored = "";
  child.stdout.setEncoding("latin1").on("data", (text: string) => {
    armored += text;
  });
  // It may refuse before it has read everything.
  child.stdin.on("error", () => {});
  child.stdin.end(manifest);
  return new Promise((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) =>
      reject(new NotSigned(error.code === "ENOENT" ? MISSING : error.message, error)),
    );
    child.on("close", (code) => {
      if (code === 0 && armored.includes("SSH SIGNATURE")) resolve(armored);
      else if (code !== null && code > 0 && isTooOld()) reject(new NotSigned(TOO_OLD));
      else reject(new NotSigned(`ssh-keygen did not sign with ${keyPath}; what it said stands above.`));
    });
  });
}
