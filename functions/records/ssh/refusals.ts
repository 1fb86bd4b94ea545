/** Why a signature, or a key to check it with, was refused. Closed: the API publishes these words. */
export type SignatureCode =
  | "bad-signature"
  | "bad-signer"
  | "wrong-namespace"
  | "weak-signature"
  | "unknown-signer"
  | "revoked-signer"
  | "signer-pending"
  | "altered-manifest";

/** A signature that proves nothing, or a key that cannot be registered. Nothing was stored. */
export class SignatureRefused extends Error {
  readonly code: SignatureCode;
  constructor(code: SignatureCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "SignatureRefused";
    this.code = code;
  }
}
