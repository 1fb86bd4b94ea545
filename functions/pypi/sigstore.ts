import { bundleFromJSON } from "@sigstore/bundle";
import { toSignedEntity, toTrustMaterial, VerificationError, Verifier } from "@sigstore/verify";
import { sha256 } from "../domain/digests.ts";
import type { Attested, Provenance } from "../domain/facts.ts";
import { instant } from "../domain/instants.ts";
import { printable } from "./answers.ts";
import { type Attestation, attestationsIn, NotHolding } from "./attestations.ts";
import { demandAgreement, identityOf } from "./claims.ts";
import { statementOf } from "./statements.ts";
import { rootIn, type TrustedRoot } from "./trusted-root.ts";

/** What a provenance object that came whole amounts to. */
export type Examined = Extract<Provenance, { readonly object: unknown }>;

/** Examines a provenance object as it came, about the file of this name. Pure but for its cost: some 6 ms an attestation. */
export type Examine = (body: Uint8Array, file: string) => Examined;

/**
 * Verifies offline, against one trusted root. `verified` means that every attestation in the object is signed by a certificate
 * of that root's authority, which its certificate log promised to take in, that a transparency log of the root took the
 * signature in while the certificate was good, and that what was signed is one statement about this very file. Whose digest
 * it names, and whether anybody expects that publisher, is for the judge.
 */
export function examination(root: TrustedRoot): Examine {
  const verifier = new Verifier(toTrustMaterial(root));
  return (body, file) => {
    const object = sha256(body);
    try {
      const all = attestationsIn(jsonOf(body));
      return { outcome: "verified", attested: all.map((each) => attestedBy(each, file, verifier)), object };
    } catch (error) {
      return { outcome: "refused", reason: reasonOf(error), object };
    }
  };
}

/** The same, under the trusted root in an operator's file, or the bundled one. Throws an `Error` for a file that is none. */
export const examinationUnder = (file: string | undefined): Examine => examination(rootIn(file));

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    throw new NotHolding("it is no JSON", error);
  }
}

function attestedBy({ publisher, bundle }: Attestation, file: string, verifier: Verifier): Attested {
  const read = bundleFromJSON(bundle);
  if (read.content.$case !== "dsseEnvelope") throw new NotHolding("it holds no envelope");
  const identity = identityOf(verifier.verify(toSignedEntity(read)));
  demandAgreement(publisher, identity);
  const statement = statementOf(read.content.dsseEnvelope.payload, file);
  // Only the promise is signed together with its time; without one no time held, and nothing was verified.
  const dated = read.verificationMaterial.tlogEntries.find((entry) => entry.inclusionPromise !== undefined);
  return { ...identity, ...statement, at: instant(Number(dated?.integratedTime) * 1000) };
}

/** What the library's codes mean to somebody who never heard of them. */
const WORDS: Readonly<Record<string, string>> = {
  CERTIFICATE_ERROR: "its certificate is not of Sigstore's authority, or was not good when it was used",
  SIGNATURE_ERROR: "its signature is not of what it claims to sign",
  TIMESTAMP_ERROR: "no log says when it was signed",
  TLOG_BODY_ERROR: "the transparency log's entry is about something else",
  TLOG_ERROR: "its entries of the transparency log do not suffice",
  TLOG_INCLUSION_PROMISE_ERROR: "no trusted transparency log promised to take it in",
  TLOG_INCLUSION_PROOF_ERROR: "the proof that a transparency log took it in does not hold",
  TLOG_MISSING_INCLUSION_ERROR: "nothing shows that a transparency log took it in",
};

/** Foreign bytes can make a parser throw whatever it likes: what is not understood is refused, and never gets through. */
function reasonOf(error: unknown): string {
  if (error instanceof NotHolding) return error.message;
  if (error instanceof VerificationError)
    return WORDS[error.code] ?? `it does not verify: ${printable(error.code)}`;
  return `it cannot be read: ${printable(error instanceof Error ? error.message : String(error))}`;
}
