import { randomBytes, timingSafeEqual } from "node:crypto";
import { type Digest, sha256 } from "../domain/digests.ts";
import type { Credential, CredentialKind } from "../domain/enrolments.ts";
import type { Instant } from "../domain/instants.ts";
import type { ProjectName } from "../domain/names.ts";

/** What a key says of itself. Nothing of it is believed before `verifyKey`. */
export interface KeyParts {
  readonly kind: CredentialKind;
  readonly id: string;
  readonly secret: string;
}

/** A credential to be stored, and its key, which exists only here: whoever is shown it keeps it. */
export interface Minted {
  readonly key: string;
  readonly credential: Credential;
}

/** Whom a credential stands for; both `null` for the operator. */
export interface Bearer {
  readonly enrolment: string | null;
  readonly project: ProjectName | null;
}

/** Finds a stored credential by its id. */
export type CredentialLookup = (id: string) => Promise<Credential | null>;

const KEY = /^cf_(operator|maintainer|ci|invitation|contact)_([0-9a-f]{16})_([0-9a-f]{64})$/;

/** Compared with when the id is unknown, so that a stranger cannot time which ids exist. Nothing hashes to it. */
const NOBODY: Digest = `sha256:${"0".repeat(64)}`;

/** An id that nobody can guess or collide with, in 16 hex digits. */
export const mintId = (): string => randomBytes(8).toString("hex");

/** The text without whatever may be such an id: for those who need not know whose key it speaks of. */
export const withoutIds = (text: string): string => text.replace(/\b[0-9a-f]{16}\b/g, "…");

/** Makes a key with a 256-bit secret. Only the SHA-256 of the secret is for storing. */
export function mintKey(
  kind: CredentialKind,
  bearer: Bearer,
  createdAt: Instant,
  expiresAt: Instant | null = null,
): Minted {
  const id = mintId();
  const secret = randomBytes(32).toString("hex");
  const made = { secret: sha256(secret), createdAt, expiresAt, lastUsedAt: null };
  const credential: Credential = { id, kind, ...bearer, ...made };
  return { key: `cf_${kind}_${id}_${secret}`, credential };
}

/** Takes a key apart, or `null` when it does not have the form of one. */
export function parseKey(text: string): KeyParts | null {
  const [, kind, id, secret] = KEY.exec(text) ?? [];
  if (id === undefined || secret === undefined) return null;
  return { kind: kind as CredentialKind, id, secret };
}

const sameDigest = (one: Digest, other: Digest): boolean =>
  timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** The credential that a key proves, or `null`. Takes as long for an unknown id as for a wrong secret. */
export async function verifyKey(text: string, lookup: CredentialLookup): Promise<Credential | null> {
  const parts = parseKey(text);
  if (parts === null) return null;
  const stored = await lookup(parts.id);
  const proven = sameDigest(sha256(parts.secret), stored?.secret ?? NOBODY);
  return proven && stored?.kind === parts.kind ? stored : null;
}
