/** Signing keys registered through the API. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import type { SignerAddedAnswer } from "../../functions/records/answers/enrolments.ts";
import { parsePublicKey, type SshKey } from "../../functions/records/ssh/keys.ts";
import { done, pathOf } from "./changing.ts";
import { get, type Keys, type World } from "./world.ts";

export interface Line extends SshKey {
  readonly line: string;
}

/** A key that nobody signs with. */
export function newLine(comment = ""): Line {
  const { x = "" } = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
  const field = (bytes: Buffer): Buffer => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(bytes.length);
    return Buffer.concat([size, bytes]);
  };
  const blob = Buffer.concat([field(Buffer.from("ssh-ed25519")), field(Buffer.from(x, "base64url"))]);
  const line = `ssh-ed25519 ${blob.toString("base64")} ${comment}`;
  return { ...parsePublicKey(line), line };
}

export const add = (world: World, own: Keys, key: string): Promise<SignerAddedAnswer> =>
  done<SignerAddedAnswer>(world, "POST", `${pathOf(own)}/signers`, { key: own.maintainer, json: { key } });

export const signerPath = (own: Keys, fingerprint: string): string =>
  `${pathOf(own)}/signers/${encodeURIComponent(fingerprint)}`;

export const end = (world: World, own: Keys, fingerprint: string) =>
  done(world, "DELETE", signerPath(own, fingerprint), { key: own.maintainer });

/** The enrolment's allowed_signers file, as anybody gets it. */
export const allowed = async (world: World, own: Keys): Promise<string> => {
  const answer = await get(world, `${pathOf(own)}/allowed_signers`);
  assert.match(answer.headers.get("Content-Type") ?? "", /^text\/plain/);
  assert.equal(answer.status, 200);
  return answer.text();
};
