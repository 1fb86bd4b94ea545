import type { Client } from "../../functions/client/client.ts";
import { ApiRefused, ApiUnreachable } from "../../functions/client/errors.ts";
import { type Digest, parseDigest, sha256 } from "../../functions/domain/digests.ts";
import type { Instant } from "../../functions/domain/instants.ts";
import type { ProjectName } from "../../functions/domain/names.ts";
import type { RecordAnswer } from "../../functions/records/answers/records.ts";
import { parseSubmission } from "../../functions/records/formats.ts";
import { SubmissionRefused } from "../../functions/records/refusals.ts";
import { type SignatureCode, SignatureRefused } from "../../functions/records/ssh/refusals.ts";
import { verifyManifest } from "../../functions/records/ssh/sshsig.ts";
import { Misused } from "../misused.ts";
import { type Allowed, allowedSignersIn, keysAt } from "./allowed-signers.ts";

/** By whose word a key may sign: a file of whoever asks, or the monitor's. */
export type Trust = "pinned" | "served";

/** What became of one signature that a record names. */
export type Checked =
  /** `revokedAt`: since then it signs no more, says the monitor; what was recorded before stands. */
  | { readonly signer: string; readonly trust: Trust; readonly revokedAt: Instant | null }
  | { readonly signer: string; readonly refused: string };

/** The monitor handed out something that does not prove what its record says. */
class Unproven extends Error {}

/** What checking a signature makes somebody's fault other than ours. */
const EXPECTED = [Unproven, ApiRefused, ApiUnreachable, SignatureRefused, SubmissionRefused, Misused];

/** The monitor's words for its own watchers would mislead whoever asks from outside. */
const WORDS: Partial<Readonly<Record<SignatureCode, string>>> = {
  "unknown-signer": "is not among those who may sign.",
  "revoked-signer": "could sign no more when it was recorded.",
  "signer-pending": "could not sign yet when it was recorded.",
};

function wordsFor(error: Error, signer: string): string {
  const words = error instanceof SignatureRefused ? WORDS[error.code] : undefined;
  return words === undefined ? error.message : `${signer} ${words}`;
}

/** Checks the signatures behind records here, with nothing of the monitor's but what was signed and by whom. */
export class SignedManifests {
  readonly #client: Client;
  readonly #project: ProjectName;
  /** `null` takes the monitor's word for who may sign. */
  readonly #pinned: readonly Allowed[] | null;
  readonly #fetched = new Map<string, Promise<Uint8Array>>();

  constructor(client: Client, project: ProjectName, pinned: readonly Allowed[] | null) {
    this.#client = client;
    this.#project = project;
    this.#pinned = pinned;
  }

  /** Every signature of a record, checked over the bytes that name its file and digest. */
  check(record: RecordAnswer): Promise<readonly Checked[]> {
    return Promise.all(record.signers.map((signer) => this.#checkOne(record, signer)));
  }

  async #checkOne(record: RecordAnswer, signer: string): Promise<Checked> {
    try {
      const revokedAt = await this.#prove(record, signer);
      return { signer, trust: this.#pinned === null ? "served" : "pinned", revokedAt };
    } catch (error) {
      if (!(error instanceof Error) || !EXPECTED.some((kind) => error instanceof kind)) throw error;
      return { signer, refused: wordsFor(error, signer) };
    }
  }

  async #prove(
    { enrolment, manifest, file, digest, recordedAt }: RecordAnswer,
    signer: string,
  ): Promise<Instant | null> {
    const named = manifest === null ? null : parseDigest(manifest);
    if (named === null) throw new Unproven("The record names no manifest.");
    const bytes = await this.#once(`${enrolment} ${named}`, () =>
      this.#client.manifest(this.#project, enrolment, named),
    );
    if (sha256(bytes) !== named)
      throw new Unproven("The manifest handed out is not the one that was recorded.");
    demandClaim(bytes, this.#project, file, digest);
    const armored = await this.#once(`${enrolment} ${named} ${signer}`, () =>
      this.#client.signature(this.#project, enrolment, named, signer),
    );
    const allowed = await this.#allowed(enrolment);
    verifyManifest(bytes, new TextDecoder("latin1").decode(armored), keysAt(allowed, recordedAt));
    return this.#pinned === null ? endOf(allowed, signer) : null;
  }

  async #allowed(enrolment: string): Promise<readonly Allowed[]> {
    if (this.#pinned !== null) return this.#pinned;
    const bytes = await this.#once(`${enrolment} signers`, () =>
      this.#client.allowedSigners(this.#project, enrolment),
    );
    return allowedSignersIn(new TextDecoder().decode(bytes), "what the monitor serves");
  }

  /** A release's files share a manifest, and a manifest its signatures. */
  #once(name: string, fetch: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const known = this.#fetched.get(name);
    if (known !== undefined) return known;
    const fetched = fetch();
    this.#fetched.set(name, fetched);
    return fetched;
  }
}

/** Since when a key may sign no more; `null` where it may. */
function endOf(allowed: readonly Allowed[], signer: string): Instant | null {
  const ends = allowed.filter(({ fingerprint }) => fingerprint === signer).map(({ until }) => until);
  return ends.includes(null) ? null : (ends.toSorted().at(-1) ?? null);
}

/** A signature proves what its manifest says, and nothing about a file that is not in it. */
function demandClaim(manifest: Uint8Array, project: ProjectName, file: string, digest: Digest): void {
  const { claims } = parseSubmission(manifest, project);
  if (!claims.some((claim) => claim.file === file && claim.digest === digest))
    throw new Unproven("The signed manifest does not name this file with this digest.");
}
