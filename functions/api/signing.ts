import { sha256 } from "../domain/digests.ts";
import { type Enrolment, isInForce, type Signer } from "../domain/enrolments.ts";
import type { Instant } from "../domain/instants.ts";
import type { ProjectName } from "../domain/names.ts";
import { parseSubmission } from "../records/formats.ts";
import { splitSigned } from "../records/ssh/manifests.ts";
import { type KnownKey, verifyManifest } from "../records/ssh/sshsig.ts";
import type { Submission } from "../records/submissions.ts";
import { Refused } from "./problems.ts";
import type { Submitted } from "./recording.ts";

const known = ({ fingerprint, blob }: Signer, state: KnownKey["state"]): KnownKey => ({
  fingerprint,
  blob,
  state,
});

/** The enrolment's signing keys, as of `now`; those that wait to come into force are told apart from strangers'. */
function keysOf({ signers, amendments }: Enrolment, now: Instant): KnownKey[] {
  const held = signers.map((signer) => known(signer, isInForce(signer, now) ? "in-force" : "revoked"));
  const pending = amendments.flatMap(({ ask, inForceAt }) =>
    ask.kind === "add-signer" ? { ...known(ask.signer, "pending"), inForceAt } : [],
  );
  return [...held, ...pending];
}

/** What a body says, whoever may have signed it: for those who only ask. Throws `SubmissionRefused`, `SignatureRefused`. */
export const readUnproven = (body: Uint8Array, project: ProjectName): Submission =>
  parseSubmission(splitSigned(body).manifest, project);

/**
 * Reads a submission for an enrolment and proves the signature behind it, where there is one. The manifest is what was
 * signed, to the byte. Throws `SubmissionRefused`, `SignatureRefused`, `Refused` (`signature-required`).
 */
export function readSubmitted(body: Uint8Array, enrolment: Enrolment, now: Instant): Submitted {
  const { manifest: bytes, signature } = splitSigned(body);
  const submission = parseSubmission(bytes, enrolment.project);
  if (signature === null && enrolment.policy.requireSignature)
    throw new Refused(
      "signature-required",
      "This enrolment takes signed submissions only: ssh-keygen -Y sign -n counterfoil, and the signature behind the manifest.",
    );
  const manifest = { digest: sha256(bytes), bytes };
  if (signature === null) return { submission, manifest, signatures: [] };
  const signer = verifyManifest(bytes, signature, keysOf(enrolment, now));
  return { submission, manifest, signatures: [{ signer, armored: signature }] };
}
