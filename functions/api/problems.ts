import type { PublisherCode, TokenCode } from "../records/oidc/refusals.ts";
import type { SubmissionCode } from "../records/refusals.ts";
import type { SignatureCode } from "../records/ssh/refusals.ts";

/** Every reason for a refusal. Closed: clients may switch over it. */
export type ProblemCode =
  | SubmissionCode
  | TokenCode
  | PublisherCode
  | SignatureCode
  | "signature-required"
  | "missing-key"
  | "unknown-key"
  | "expired-key"
  | "revoked-key"
  | "pending-key"
  | "enrolment-ended"
  | "no-such-contact"
  | "no-such-signer"
  | "no-such-publisher"
  | "no-contact"
  | "too-soon"
  | "last-key"
  | "bad-contact"
  | "unreachable-contact"
  | "no-such-change"
  | "no-such-credential"
  | "too-many"
  | "wrong-key-kind"
  | "wrong-project-key"
  | "bad-project-name"
  | "bad-request"
  | "unknown-field"
  | "bad-policy"
  | "bad-query"
  | "not-enrolled"
  | "no-such-enrolment"
  | "too-many-enrolments"
  | "too-many-records"
  | "was-withdrawn"
  | "no-such-record"
  | "no-such-manifest"
  | "no-such-finding"
  | "no-such-evidence"
  | "range-needed"
  | "not-vouched"
  | "bad-range"
  | "already-resolved"
  | "no-such-route"
  | "method-not-allowed"
  /** These two are said by what stands before the API, where something does. */
  | "throttled"
  | "unavailable"
  | "internal";

/** What is the same for every problem of one code. */
export interface ProblemKind {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 416 | 422 | 429 | 500 | 503;
  readonly title: string;
}

export const PROBLEMS: Readonly<Record<ProblemCode, ProblemKind>> = {
  "empty-submission": { status: 422, title: "The submission names no file" },
  "too-large": { status: 413, title: "The body is too large" },
  "too-many-files": { status: 422, title: "The submission names too many files" },
  "not-utf8": { status: 400, title: "The body is not UTF-8, nor marked as UTF-16" },
  "bad-toml": { status: 400, title: "The body is not TOML" },
  "bad-json": { status: 400, title: "The body is not JSON" },
  "bad-entry": { status: 422, title: "An entry does not have the form of one" },
  "unparsable-line": { status: 422, title: "A line is in no known format" },
  "bad-digest": { status: 422, title: "A digest is not a SHA-256" },
  "no-digest": { status: 422, title: "A file is named without a digest" },
  "other-algorithm": { status: 422, title: "A digest is by another algorithm than SHA-256" },
  "cut-short": { status: 422, title: "PowerShell cut a path to fit its table" },
  "no-file-name": { status: 422, title: "A digest is given without a file's name" },
  "bad-file-name": { status: 422, title: "A file name cannot be one" },
  "wrong-project": { status: 422, title: "A file does not belong to the project" },
  "two-digests": { status: 422, title: "A file has two digests" },
  "bad-token": { status: 401, title: "The token proves nothing" },
  "unknown-issuer": { status: 401, title: "The token is by nobody whom this monitor knows" },
  "expired-token": { status: 401, title: "The token is not in its time" },
  "wrong-audience": { status: 401, title: "The token was made for somebody else" },
  "token-not-bound": { status: 403, title: "No publisher of the project fits the token" },
  "issuer-unreachable": { status: 503, title: "The token cannot be checked at this moment" },
  "bad-publisher": { status: 422, title: "This cannot be a publisher" },
  "bad-signature": { status: 422, title: "This is no OpenSSH signature" },
  "bad-signer": { status: 422, title: "This is no key to sign with" },
  "wrong-namespace": { status: 422, title: "The signature was made for something else" },
  "weak-signature": { status: 422, title: "The signature is of a kind that can be forged" },
  "altered-manifest": { status: 422, title: "The signature is over other bytes" },
  "unknown-signer": { status: 403, title: "The key that signed is not registered" },
  "revoked-signer": { status: 403, title: "The key that signed was revoked" },
  "signer-pending": { status: 403, title: "The key that signed is not in force yet" },
  "signature-required": { status: 403, title: "The enrolment takes signed submissions only" },
  "missing-key": { status: 401, title: "A key is needed" },
  "unknown-key": { status: 401, title: "The key is not known" },
  "expired-key": { status: 401, title: "The key's time is over" },
  "revoked-key": { status: 401, title: "The key was revoked" },
  "pending-key": { status: 403, title: "The key is not in force yet" },
  "enrolment-ended": { status: 409, title: "The enrolment has ended" },
  "bad-contact": { status: 422, title: "This cannot be a contact" },
  "unreachable-contact": { status: 422, title: "This monitor does not reach such a contact" },
  "no-such-contact": { status: 404, title: "The enrolment has no such contact" },
  "no-such-signer": { status: 404, title: "The enrolment has no such signing key" },
  "no-such-publisher": { status: 404, title: "The enrolment has no such publisher" },
  "no-contact": { status: 409, title: "Nobody would be told" },
  "too-soon": { status: 429, title: "Not so soon again" },
  "last-key": { status: 409, title: "It is the last maintainer key" },
  "no-such-change": { status: 404, title: "No such change is pending" },
  "no-such-credential": { status: 404, title: "The enrolment holds no such key" },
  "too-many": { status: 409, title: "The enrolment holds too many of these" },
  "wrong-key-kind": { status: 403, title: "A key of this kind may not do this" },
  "wrong-project-key": { status: 403, title: "The key is for another project or enrolment" },
  "bad-project-name": { status: 400, title: "This cannot be a project's name" },
  "bad-request": { status: 422, title: "The request does not have the form expected" },
  "unknown-field": { status: 422, title: "The request has a field of no meaning" },
  "bad-policy": { status: 422, title: "The policy is outside its bounds" },
  "bad-query": { status: 400, title: "The query says something of no meaning" },
  "not-enrolled": { status: 404, title: "Nobody watches this project" },
  "no-such-enrolment": { status: 404, title: "The project has no such enrolment" },
  "too-many-enrolments": { status: 409, title: "The project has too many enrolments" },
  "too-many-records": { status: 409, title: "The file has too many records" },
  "was-withdrawn": { status: 409, title: "The record was withdrawn" },
  "no-such-record": { status: 404, title: "There is no such record" },
  "no-such-manifest": { status: 404, title: "There is no such manifest" },
  "no-such-finding": { status: 404, title: "The project has no such finding" },
  "no-such-evidence": { status: 404, title: "Nothing of this digest is kept of the finding" },
  "range-needed": { status: 400, title: "It is too large for one answer" },
  "not-vouched": { status: 403, title: "The operator has not vouched for the enrolment" },
  "bad-range": { status: 416, title: "The range is of no byte" },
  "already-resolved": { status: 409, title: "The finding is resolved" },
  "no-such-route": { status: 404, title: "There is nothing here" },
  "method-not-allowed": { status: 405, title: "Not with this method" },
  throttled: { status: 429, title: "Too many requests" },
  unavailable: { status: 503, title: "Not at this moment" },
  internal: { status: 500, title: "A fault of ours" },
};

/** An answer that refuses, as RFC 9457 has it. `type` is where the API says what the code means. */
export interface Problem extends ProblemKind {
  readonly type: string;
  readonly code: ProblemCode;
  readonly detail: string;
  /** 1-based line of the submission, where one is to blame. */
  readonly line?: number;
}

/** Thrown by a route to refuse. Nothing was stored. */
export class Refused extends Error {
  readonly code: ProblemCode;
  readonly line: number | null;
  constructor(code: ProblemCode, message: string, line: number | null = null) {
    super(message);
    this.name = "Refused";
    this.code = code;
    this.line = line;
  }
}

/** The problem as it is answered by the API at `url`. */
export const problem = (url: string, code: ProblemCode, detail: string, line: number | null): Problem => ({
  type: `${url}/v1/problems/${code}`,
  ...PROBLEMS[code],
  code,
  detail,
  ...(line === null ? {} : { line }),
});
