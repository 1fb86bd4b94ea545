import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { inert, quoted } from "../quoted.ts";
import { SignatureRefused } from "./refusals.ts";
import { NotWire, Wire } from "./wire.ts";

/** A public key as people register it. */
export interface SshKey {
  readonly type: string;
  /** The key itself in SSH's wire format, base64. */
  readonly blob: string;
  /** `SHA256:…`, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
  /** Whatever its owner wrote behind it, made inert and cut; no two keys need differ in it. */
  readonly comment: string;
}

/** A public key ready to verify with. */
export interface VerifyingKey {
  readonly type: string;
  readonly key: KeyObject;
  /** What a security key signs for; `null` for a key that lies in a file. */
  readonly application: Uint8Array | null;
}

/** The elliptic curves of OpenSSH's keys. Source: RFC 5656. */
const CURVES: Readonly<Record<string, { readonly crv: string; readonly sizeBytes: number }>> = {
  nistp256: { crv: "P-256", sizeBytes: 32 },
  nistp384: { crv: "P-384", sizeBytes: 48 },
  nistp521: { crv: "P-521", sizeBytes: 66 },
};

const LEAST_RSA_BITS = 2048;
const MOST_RSA_BITS = 16_384;
const ED25519_BYTES = 32;
const UNCOMPRESSED = 4;

const url64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
const fromJwk = (jwk: Record<string, string>): KeyObject => createPublicKey({ key: jwk, format: "jwk" });

function ed25519(wire: Wire): KeyObject {
  const x = wire.string();
  if (x.length !== ED25519_BYTES) throw new NotWire("an Ed25519 key has 32 bytes");
  return fromJwk({ kty: "OKP", crv: "Ed25519", x: url64(x) });
}

function ecdsa(wire: Wire, wanted: string): KeyObject {
  const name = wire.text();
  const curve = name === wanted ? CURVES[name] : undefined;
  if (curve === undefined) throw new NotWire("the key is on another curve than it says");
  const point = wire.string();
  if (point.length !== 1 + 2 * curve.sizeBytes || point[0] !== UNCOMPRESSED)
    throw new NotWire("the key is no point in the form that SSH uses");
  const x = url64(point.subarray(1, 1 + curve.sizeBytes));
  return fromJwk({ kty: "EC", crv: curve.crv, x, y: url64(point.subarray(1 + curve.sizeBytes)) });
}

/** With an exponent of 1 anybody's padding is a signature; an even one has no private key. Source: RFC 8017, section 3.1. */
function demandExponent(e: Buffer): void {
  const least = e.at(-1) ?? 0;
  if (least % 2 === 0 || (e.length === 1 && least === 1))
    throw new SignatureRefused("weak-signature", "The RSA key's exponent lets anybody sign with it.");
}

function rsa(wire: Wire): KeyObject {
  const [e, n] = [wire.mpint(), wire.mpint()];
  demandExponent(e);
  const bits = n.length * 8 - Math.clz32(n[0] ?? 0) + 24;
  if (bits < LEAST_RSA_BITS)
    throw new SignatureRefused(
      "weak-signature",
      `An RSA key of ${bits} bits can be broken; at least ${LEAST_RSA_BITS} are taken.`,
    );
  if (bits > MOST_RSA_BITS) throw new NotWire("an RSA key has at most 16384 bits");
  return fromJwk({ kty: "RSA", n: url64(n), e: url64(e) });
}

interface Read {
  readonly key: KeyObject;
  readonly application: Uint8Array | null;
}

const inFile = (key: KeyObject): Read => ({ key, application: null });

/** The kinds of key that are taken, by the name that OpenSSH gives them. Sources: RFC 8709, 5656, 4253; PROTOCOL.u2f. */
const KINDS: Readonly<Record<string, (wire: Wire) => Read>> = {
  "ssh-ed25519": (wire) => inFile(ed25519(wire)),
  "ecdsa-sha2-nistp256": (wire) => inFile(ecdsa(wire, "nistp256")),
  "ecdsa-sha2-nistp384": (wire) => inFile(ecdsa(wire, "nistp384")),
  "ecdsa-sha2-nistp521": (wire) => inFile(ecdsa(wire, "nistp521")),
  "ssh-rsa": (wire) => inFile(rsa(wire)),
  "sk-ssh-ed25519@openssh.com": (wire) => ({ key: ed25519(wire), application: wire.string() }),
  "sk-ecdsa-sha2-nistp256@openssh.com": (wire) => ({
    key: ecdsa(wire, "nistp256"),
    application: wire.string(),
  }),
};

const TAKEN = "ssh-ed25519, ecdsa-sha2-nistp256, -384 and -521, ssh-rsa and the sk- keys of security keys";

/** Reads a key's wire format to its end. Throws `SignatureRefused` and `NotWire`. */
export function readKey(blob: Uint8Array): VerifyingKey {
  const wire = new Wire(blob);
  const type = wire.text();
  const read = Object.hasOwn(KINDS, type) ? KINDS[type]?.(wire) : undefined;
  if (read === undefined)
    throw new SignatureRefused(
      "bad-signer",
      `${quoted(type)} is no kind of key that is taken: ${TAKEN}. Make one with: ssh-keygen -t ed25519`,
    );
  wire.end();
  return { type, ...read };
}

/** A key's name in lists, alerts and receipts. */
export const fingerprintOf = (blob: Uint8Array): string =>
  `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;

/** In any armor (PEM, SSH2, PuTTY's), or without: what OpenSSH's format begins with, in base64. */
const PRIVATE = /PRIVATE KEY ?----|^PuTTY-User-Key-File-|b3BlbnNzaC1rZXktdjE/;
/** Options may hold spaces between quotation marks. */
const LINE =
  /^(?:(?:"(?:[^"\\]|\\.)*"|[^\s"])+[ \t]+)?((?:sk-)?(?:ssh|ecdsa)-[\w@.-]+)[ \t]+([A-Za-z0-9+/]+={0,2})(?:[ \t]+(.*))?$/;
const MOST_LINE_CHARS = 16_000;
const MOST_COMMENT_CHARS = 100;

function refuse(message: string, cause?: unknown): never {
  throw new SignatureRefused("bad-signer", message, cause);
}

/**
 * Reads one line of an `authorized_keys` or `.pub` file; options in front are dropped, what they allow means nothing here.
 * Throws `SignatureRefused`.
 */
export function parsePublicKey(line: string): SshKey {
  if (PRIVATE.test(line))
    refuse(
      "This is a PRIVATE key. It has left your machine: make a new one with ssh-keygen, stop using this one everywhere, and register the .pub file.",
    );
  const short = line.length > MOST_LINE_CHARS ? "" : line.trim();
  const [, type = "", blob = "", comment = ""] = LINE.exec(short) ?? [];
  // What it says instead is not repeated: it may be a secret in a form unknown here.
  if (type === "") refuse(`This is no line of a .pub file. Taken are ${TAKEN}; certificates are not.`);
  const bytes = Buffer.from(blob, "base64");
  if (bytes.toString("base64") !== blob)
    refuse("The key is not whole: copy the line of the .pub file again.");
  const read = readWhole(bytes);
  if (read.type !== type) refuse(`The line says ${quoted(type)}, the key in it ${quoted(read.type)}.`);
  // Cut first: a character cut in two is made inert with the rest, and would break the ledger's canonical JSON.
  const shown = inert(comment.slice(0, MOST_COMMENT_CHARS));
  return { type, blob, fingerprint: fingerprintOf(bytes), comment: shown };
}

function readWhole(bytes: Uint8Array): VerifyingKey {
  try {
    return readKey(bytes);
  } catch (error) {
    if (error instanceof SignatureRefused) throw error;
    return refuse("The key is not whole: copy the line of the .pub file again.", error);
  }
}
