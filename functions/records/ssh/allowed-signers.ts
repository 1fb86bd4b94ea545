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

/**
 * A file for `ssh-keygen -Y verify -f FILE -I PRINCIPAL -n counterfoil`, revoked keys with their end: what they signed before it
 * is checked with `-O verify-time`. Names that people gave their keys are not in it. Source: ssh-keygen(1), ALLOWED SIGNERS.
 */
export const allowedSigners = (principal: string, signers: readonly AllowedSigner[]): string =>
  signers.map((signer) => `${line(principal, signer)}\n`).join("");
