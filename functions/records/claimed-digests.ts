import { type Digest, parseDigest } from "../domain/digests.ts";
import { quoted } from "./quoted.ts";
import { refusal } from "./refusals.ts";
import type { Place } from "./submissions.ts";

/** Whose digests have so many hexadecimal digits; BLAKE2b and others share some, and are refused all the same. */
const ALGORITHM_BY_DIGITS: Readonly<Record<number, string>> = {
  32: "MD5",
  40: "SHA-1",
  56: "SHA-224",
  96: "SHA-384",
  128: "SHA-512",
};

/** SHA-256 as tools spell it: `SHA256` (BSD, PowerShell), `SHA2-256` (OpenSSL 3), `sha256` (Python). */
export const isSha256 = (algorithm: string): boolean => /^sha-?(2-)?256$/i.test(algorithm);

const TAGGED = /^([a-z][a-z0-9/_-]*):(.*)$/is;

const onlySha256 = (what: string): string =>
  `${what}, and only SHA-256 establishes a match; sha256sum prints it.`;

/** The algorithm that the number of digits gives away, unless it is SHA-256's or nobody's. */
const algorithmOf = (hex: string): string | undefined =>
  /^[0-9a-f]+$/i.test(hex) ? ALGORITHM_BY_DIGITS[hex.length] : undefined;

/**
 * The digest that a submission writes as 64 hexadecimal digits, tagged (`sha256:…`) or bare; `algorithm` is what the
 * format says of it elsewhere. Throws `SubmissionRefused`: `other-algorithm` tells a digest of another kind from a typo.
 */
export function readDigest(text: string, place: Place, algorithm: string | null = null): Digest {
  const [, tag = algorithm, hex = text] = TAGGED.exec(text) ?? [];
  if (tag !== null && !isSha256(tag))
    throw refusal("other-algorithm", onlySha256(`This digest is by ${quoted(tag)}`), place);
  const other = tag === null ? algorithmOf(hex) : undefined;
  if (other !== undefined)
    throw refusal("other-algorithm", onlySha256(`${quoted(hex)} is as long as ${other}`), place);
  const digest = parseDigest(`sha256:${hex}`);
  if (digest !== null) return digest;
  const sentence = `A SHA-256 digest has 64 hexadecimal digits, and this has not: ${quoted(text)}.`;
  throw refusal("bad-digest", sentence, place);
}

/**
 * The SHA-256 in a file object's `hashes` (PEP 691, PEP 751), as it is written: other algorithms beside it are of no
 * interest, and no stand-in for it (`other-algorithm`). `undefined` where there is no hash at all.
 */
export function sha256Among(hashes: Readonly<Record<string, unknown>>, place: Place): string | undefined {
  const text = hashes["sha256"];
  if (typeof text === "string") return text;
  if (text !== undefined) throw refusal("bad-digest", "The sha256 given is no text.", place);
  const [other] = Object.keys(hashes);
  if (other === undefined) return undefined;
  throw refusal("other-algorithm", onlySha256(`There is a digest by ${quoted(other)} here`), place);
}
