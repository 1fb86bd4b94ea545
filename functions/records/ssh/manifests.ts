import { SignatureRefused } from "./refusals.ts";
import { NotWire } from "./wire.ts";

/** What signatures are made for, so that one for a mail or a commit is none for a release. */
export const SIGNATURE_NAMESPACE = "counterfoil";

const BEGIN = "-----BEGIN SSH SIGNATURE-----";
const END = "-----END SSH SIGNATURE-----";
const MOST_ARMORED_CHARS = 20_000;
const LF = 0x0a;

/** A submission's body: what was signed to the byte, and the armored signature that came behind it. */
export interface Signed {
  readonly manifest: Uint8Array;
  readonly signature: string | null;
}

/** Where a line begins with the armor's first line, or -1. */
function beginIn(body: Buffer): number {
  for (let at = body.indexOf(BEGIN); at !== -1; at = body.indexOf(BEGIN, at + 1))
    if (at === 0 || body[at - 1] === LF) return at;
  return -1;
}

function refuse(message: string, cause?: unknown): never {
  throw new SignatureRefused("bad-signature", message, cause);
}

/** What can be handed out again: one armor that can be read, and nothing else. */
function demandOneArmor(signature: string): void {
  if (signature.indexOf(BEGIN, 1) !== -1)
    refuse("Two signatures follow the manifest; one at a time is taken.");
  try {
    unarmored(signature);
  } catch (error) {
    refuse("The signature behind the manifest is not whole, or something follows it.", error);
  }
}

/**
 * Takes a manifest and the signature behind it apart, as `cat SHA256SUMS SHA256SUMS.sig` puts them together. The manifest is
 * every byte before the armor: what is signed is what is there, line ends and all. The armor's own line ends become LF, for
 * OpenSSH before 9.5 reads no other. Throws `SignatureRefused`.
 */
export function splitSigned(body: Uint8Array): Signed {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const begin = beginIn(bytes);
  if (begin === -1) return { manifest: body, signature: null };
  if (bytes.length - begin > MOST_ARMORED_CHARS)
    refuse("What follows the manifest is too long for one signature.");
  const armored = bytes.subarray(begin).toString("latin1").trimEnd().replaceAll("\r\n", "\n");
  demandOneArmor(armored);
  return { manifest: body.subarray(0, begin), signature: `${armored}\n` };
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The bytes inside the armor. Throws `NotWire`. */
export function unarmored(armored: string): Buffer {
  const lines = armored.trim().split(/\r?\n/);
  if (armored.length > MOST_ARMORED_CHARS || lines[0] !== BEGIN || lines.at(-1) !== END)
    throw new NotWire("it has no armor");
  const text = lines.slice(1, -1).join("");
  const bytes = Buffer.from(text, "base64");
  if (!BASE64.test(text) || bytes.toString("base64") !== text) throw new NotWire("its armor is broken");
  return bytes;
}
