import type { Instant } from "../../domain/instants.ts";
import { SIGNATURE_NAMESPACE } from "./manifests.ts";

/** A key for the file, and from when to when what it signed counts. */
export interface AllowedSigner {
  readonly type: string;
  /** Base64. */
  readonly blob: string;
  readonly validFrom: Instant;
  readonly validUntil: Instant | null;
}

/** `YYYYMMDDHHMMSSZ`, in which OpenSSH reads UTC. */
const stamp = (at: Instant): string => `${at.slice(0, 19).replace(/[-T:]/g, "")}Z`;

/** One word between quotation marks; what could end it is left out. */
const word = (text: string): string => text.replace(/[^\w.@+-]/g, "_");

function line(principal: string, { type, blob, validFrom, validUntil }: AllowedSigner): string {
  const options = [
    `namespaces="${SIGNATURE_NAMESPACE}"`,
    `valid-after="${stamp(validFrom)}"`,
    ...(validUntil === null ? [] : [`valid-before="${stamp(validUntil)}"`]),
  ];
  return `${word(principal)} ${options.join(",")} ${type} ${blob}`;
}

/** Revoked before it came into force, or in the same second: OpenSSH calls such a line broken. */
const everCounted = ({ validFrom, validUntil }: AllowedSigner): boolean =>
  validUntil === null || stamp(validFrom) < stamp(validUntil);

/**
 * A file for `ssh-keygen -Y verify -f FILE -I PRINCIPAL -n counterfoil`, revoked keys with their end: what they signed before it
 * is checked with `-O verify-time`. Names that people gave their keys are not in it. For OpenSSH 9.1 and later: before, no time could
 * be given in UTC. Source: ssh-keygen(1), ALLOWED SIGNERS.
 */
export const allowedSigners = (principal: string, signers: readonly AllowedSigner[]): string =>
  signers
    .filter(everCounted)
    .map((signer) => `${line(principal, signer)}\n`)
    .join("");
