import { constants, createHash, verify } from "node:crypto";
import { quoted } from "../quoted.ts";
import { fingerprintOf, readKey, type VerifyingKey } from "./keys.ts";
import { SIGNATURE_NAMESPACE, unarmored } from "./manifests.ts";
import { SignatureRefused } from "./refusals.ts";
import { field, NotWire, Wire } from "./wire.ts";

/** A registered key, and whether what it signs counts now. */
export interface KnownKey {
  readonly fingerprint: string;
  /** Base64, as in a .pub file. */
  readonly blob: string;
  readonly state: "in-force" | "pending" | "revoked";
  /** From when a pending one counts, where that is known. */
  readonly inForceAt?: string;
}

const MAGIC = "SSHSIG";
const VERSION = 1;
const HASHES = new Set(["sha256", "sha512"]);
const USER_PRESENT = 1;

/** What an armored signature says of itself. Source: PROTOCOL.sshsig of OpenSSH. */
interface Said {
  readonly blob: Buffer;
  readonly namespace: string;
  readonly hash: string;
  readonly signature: Buffer;
}

function read(armored: string): Said {
  const wire = new Wire(unarmored(armored));
  if (wire.take(MAGIC.length).toString("latin1") !== MAGIC) throw new NotWire("it is no SSHSIG");
  if (wire.uint32() !== VERSION) throw new NotWire("it is of another version");
  const [blob, namespace] = [wire.string(), wire.text()];
  // OpenSSH signs and checks as if it were empty: what stood here would be nobody's word, or refused there and taken here.
  if (wire.string().length > 0) throw new NotWire("its reserved field is in use");
  const [hash, signature] = [wire.text(), wire.string()];
  wire.end();
  return { blob, namespace, hash, signature };
}

/** The bytes that were really signed. */
const signedBytes = (manifest: Uint8Array, { namespace, hash }: Said): Buffer =>
  Buffer.concat([
    Buffer.from(MAGIC),
    field(Buffer.from(namespace, "latin1")),
    field(""),
    field(hash),
    field(createHash(hash).update(manifest).digest()),
  ]);

const sha256 = (bytes: Uint8Array | string): Buffer => createHash("sha256").update(bytes).digest();

/** A number at its full length: SSH, and agents that sign, leave out the zeros in front. */
function padded(part: Buffer, sizeBytes: number): Buffer {
  if (part.length > sizeBytes) throw new NotWire("a part of the signature is too long");
  return Buffer.concat([Buffer.alloc(sizeBytes - part.length), part]);
}

/** r and s of one length each, as node:crypto wants them. */
function fixed(signature: Buffer, sizeBytes: number): Buffer {
  const wire = new Wire(signature);
  const parts = [wire.mpint(), wire.mpint()].map((part) => padded(part, sizeBytes));
  wire.end();
  return Buffer.concat(parts);
}

type Check = (data: Buffer, wire: Wire, by: VerifyingKey) => boolean;

const ED25519_SIGNATURE_BYTES = 64;

function isByEd25519(data: Buffer, signature: Buffer, { key }: VerifyingKey): boolean {
  if (signature.length !== ED25519_SIGNATURE_BYTES) throw new NotWire("an Ed25519 signature has 64 bytes");
  return verify(null, data, key, signature);
}

const ed25519: Check = (data, wire, by) => {
  const signature = wire.string();
  wire.end();
  return isByEd25519(data, signature, by);
};

const ecdsa =
  (hash: string, sizeBytes: number): Check =>
  (data, wire, { key }) => {
    const signature = fixed(wire.string(), sizeBytes);
    wire.end();
    return verify(hash, data, { key, dsaEncoding: "ieee-p1363" }, signature);
  };

const rsa =
  (hash: string): Check =>
  (data, wire, { key }) => {
    const modulusBytes = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
    const signature = padded(wire.string(), modulusBytes);
    wire.end();
    return verify(hash, data, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
  };

/**
 * A security key signs what it was asked for, that somebody touched it, and how often it was used. Without a touch, whoever
 * sits at the machine could sign. Source: PROTOCOL.u2f of OpenSSH.
 */
const touched =
  (check: (data: Buffer, signature: Buffer, by: VerifyingKey) => boolean): Check =>
  (data, wire, by) => {
    const signature = wire.string();
    const [flags, counter] = [wire.take(1), wire.take(4)];
    wire.end();
    if (((flags[0] ?? 0) & USER_PRESENT) === 0)
      throw new SignatureRefused("weak-signature", "The security key was not touched for this signature.");
    const asked = Buffer.concat([sha256(by.application ?? ""), flags, counter, sha256(data)]);
    return check(asked, signature, by);
  };

const P256_BYTES = 32;

/** By the signature's own kind: with what key it may be made, and how it is checked. Sources: RFC 8332, 5656, 8709. */
const CHECKS: Readonly<Record<string, { readonly key: string; readonly check: Check }>> = {
  "ssh-ed25519": { key: "ssh-ed25519", check: ed25519 },
  "rsa-sha2-256": { key: "ssh-rsa", check: rsa("sha256") },
  "rsa-sha2-512": { key: "ssh-rsa", check: rsa("sha512") },
  "ecdsa-sha2-nistp256": { key: "ecdsa-sha2-nistp256", check: ecdsa("sha256", P256_BYTES) },
  "ecdsa-sha2-nistp384": { key: "ecdsa-sha2-nistp384", check: ecdsa("sha384", 48) },
  "ecdsa-sha2-nistp521": { key: "ecdsa-sha2-nistp521", check: ecdsa("sha512", 66) },
  "sk-ssh-ed25519@openssh.com": {
    key: "sk-ssh-ed25519@openssh.com",
    check: touched(isByEd25519),
  },
  "sk-ecdsa-sha2-nistp256@openssh.com": {
    key: "sk-ecdsa-sha2-nistp256@openssh.com",
    check: touched((data, signature, { key }) =>
      verify("sha256", data, { key, dsaEncoding: "ieee-p1363" }, fixed(signature, P256_BYTES)),
    ),
  },
};

function refuse(code: SignatureRefused["code"], message: string): never {
  throw new SignatureRefused(code, message);
}

function demandNamespace({ namespace }: Said): void {
  if (namespace !== SIGNATURE_NAMESPACE)
    refuse(
      "wrong-namespace",
      `The signature was made for ${quoted(namespace)}. Sign with: ssh-keygen -Y sign -n ${SIGNATURE_NAMESPACE} -f KEY SHA256SUMS`,
    );
}

function demandHash({ hash }: Said): void {
  if (!HASHES.has(hash))
    refuse("weak-signature", `The signature is over ${quoted(hash)}; sha256 and sha512 are taken.`);
}

function demandKnown({ blob }: Said, keys: readonly KnownKey[]): KnownKey {
  const fingerprint = fingerprintOf(blob);
  const known = keys.filter(
    (each) => each.fingerprint === fingerprint && each.blob === blob.toString("base64"),
  );
  const inForce = known.find(({ state }) => state === "in-force");
  if (inForce !== undefined) return inForce;
  const pending = known.find(({ state }) => state === "pending");
  if (pending !== undefined) {
    const when = pending.inForceAt === undefined ? "later" : `from ${pending.inForceAt} on`;
    refuse("signer-pending", `${fingerprint} is registered, and counts ${when}.`);
  }
  if (known.length > 0) refuse("revoked-signer", `${fingerprint} was revoked: what it signs counts no more.`);
  return refuse(
    "unknown-signer",
    `${fingerprint} is not registered for this enrolment. A maintainer can register it; it counts after the delay for what makes the monitor quieter.`,
  );
}

function isRight(manifest: Uint8Array, said: Said): boolean {
  const by = readKey(said.blob);
  const wire = new Wire(said.signature);
  const kind = wire.text();
  const { key, check } = (Object.hasOwn(CHECKS, kind) ? CHECKS[kind] : undefined) ?? {};
  if (check === undefined || key !== by.type)
    refuse("weak-signature", `A signature of kind ${quoted(kind)} by a key of kind ${by.type} is not taken.`);
  return check(signedBytes(manifest, said), wire, by);
}

/** What is malformed anywhere inside is one refusal; no byte of a stranger's ends in a fault of ours. */
function malformed(error: unknown): never {
  if (error instanceof SignatureRefused) throw error;
  throw new SignatureRefused(
    "bad-signature",
    "This is not a whole OpenSSH signature, as `ssh-keygen -Y sign` writes it.",
    error,
  );
}

/**
 * Checks a signature over exactly these bytes and answers the fingerprint of the key that made it, which is one of `keys` and
 * in force. Throws `SignatureRefused`, and nothing else for any input.
 */
export function verifyManifest(manifest: Uint8Array, armored: string, keys: readonly KnownKey[]): string {
  try {
    const said = read(armored);
    demandNamespace(said);
    demandHash(said);
    const { fingerprint } = demandKnown(said, keys);
    if (!isRight(manifest, said))
      refuse(
        "altered-manifest",
        `${fingerprint} signed something else than these bytes: the manifest was changed after it was signed.`,
      );
    return fingerprint;
  } catch (error) {
    return malformed(error);
  }
}

/** Who made a signature, as it says itself; nothing is proven by it. Throws `SignatureRefused`. */
export function claimedSigner(armored: string): string {
  try {
    return fingerprintOf(read(armored).blob);
  } catch (error) {
    return malformed(error);
  }
}
