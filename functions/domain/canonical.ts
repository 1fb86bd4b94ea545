import canonicalize from "canonicalize";
import { type Digest, hexOf, sha256 } from "./digests.ts";

/**
 * JSON in the one spelling that everybody computes alike (RFC 8785), so that ids and the ledger's chain can be
 * recomputed years later by other software. Throws on what JSON cannot say (functions, NaN).
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("not representable as JSON");
  return text;
}

export const digestOf = (value: unknown): Digest => sha256(canonicalJson(value));

/** A deterministic id: the hex SHA-256 of the value's canonical JSON. */
export const idOf = (value: unknown): string => hexOf(digestOf(value));
