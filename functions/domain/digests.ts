import { createHash } from "node:crypto";

/** An algorithm-tagged hash, `sha256:` and 64 lower-case hex digits. No other algorithm ever establishes a match. */
export type Digest = `sha256:${string}`;

const HEX = /^[0-9a-f]{64}$/;

/** Reads 64 hex digits (either case), with or without the `sha256:` tag; `null` when it is anything else. */
export function parseDigest(text: string): Digest | null {
  const hex = text.toLowerCase().replace(/^sha256:/, "");
  return HEX.test(hex) ? `sha256:${hex}` : null;
}

export const sha256 = (bytes: string | Uint8Array): Digest =>
  `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

export const hexOf = (digest: Digest): string => digest.slice("sha256:".length);

export const isDigest = (text: string): text is Digest =>
  text.startsWith("sha256:") && HEX.test(text.slice(7));
