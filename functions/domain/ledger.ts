import { digestOf } from "./canonical.ts";
import type { Digest } from "./digests.ts";
import type { Amendment, Baseline, Enrolment, Recorded } from "./enrolments.ts";
import type { ArtifactFact, ProjectSighting } from "./facts.ts";
import type { Finding } from "./findings.ts";
import type { Instant } from "./instants.ts";
import type { Judgement } from "./judge.ts";
import type { ProjectName } from "./names.ts";

/** What the ledger is numbered by: one artifact, project, release, enrolment, or the monitor itself. */
export type Subject = string;

export const artifactSubject = (project: ProjectName, file: string): Subject => `artifact/${project}/${file}`;
export const projectSubject = (project: ProjectName): Subject => `project/${project}`;
export const releaseSubject = (project: ProjectName, release: string): Subject =>
  `release/${project}/${release}`;
export const enrolmentSubject = (id: string): Subject => `enrolment/${id}`;
export const baselineSubject = (id: string): Subject => `enrolment/${id}/baseline`;
export const invitationsSubject = (project: ProjectName): Subject => `invitations/${project}`;
export const MONITOR: Subject = "monitor";

/** A CI job, as its provider's token tells of it: foreign text, cut and inert. */
export interface Job {
  readonly provider: string;
  readonly subject: string;
  readonly repository: string;
  readonly ref: string | null;
  readonly workflow: string | null;
  readonly sha: string | null;
  readonly environment: string | null;
  /** Where to look at the run. */
  readonly run: string | null;
  /** The token's own id, where it has one. */
  readonly tokenId: string | null;
}

/** Everything that ever happened is one of these. */
export type LedgerBody =
  /** A fact, what it made of the artifact for each enrolment, and the findings that changed: one append, so never half. */
  | {
      readonly kind: "judged";
      readonly fact: ArtifactFact;
      readonly judgements: readonly Judgement[];
      readonly findings: readonly Finding[];
    }
  /** What was seen of a project, and what that and its entries gave to tell. Histories from before say nothing of findings. */
  | {
      readonly kind: "sighted";
      readonly fact: ProjectSighting;
      readonly findings?: readonly Finding[];
    }
  | { readonly kind: "first-seen"; readonly at: Instant }
  /** `by` is the id of the operator's credential, or `anybody` for whoever enrolled without one. */
  | { readonly kind: "enrolled"; readonly enrolment: Enrolment; readonly by: string }
  /** The operator vouched for a self-claimed enrolment; before it took effect. `by` is the id of the credential. */
  | { readonly kind: "vouched"; readonly enrolment: string; readonly by: string }
  /** Something about the enrolment shall change, at once or at its time; `supersedes` names what it takes back. */
  | {
      readonly kind: "amended";
      readonly amendment: Amendment;
      readonly supersedes: readonly string[];
      readonly notices: readonly Finding[];
    }
  /** What was asked for and not in force yet was taken back. `by` as in an amendment. */
  | {
      readonly kind: "cancelled";
      readonly amendments: readonly string[];
      readonly by: string;
      readonly notices: readonly Finding[];
    }
  /** A contact is asked once more over its own channel whether it wants to be told. */
  | { readonly kind: "asked"; readonly contact: string; readonly by: string }
  /** A contact said over its own channel that it wants to be told. */
  | { readonly kind: "confirmed"; readonly contact: string }
  | { readonly kind: "drilled"; readonly finding: Finding; readonly by: string }
  | { readonly kind: "baseline"; readonly baseline: Baseline }
  | {
      readonly kind: "recorded";
      readonly manifest: Digest;
      readonly records: readonly Recorded[];
      readonly by: string;
      /** What the CI provider's token said of the job, where it was one. */
      readonly job?: Job;
    }
  | {
      readonly kind: "withdrawn";
      readonly records: readonly Recorded[];
      readonly by: string;
      readonly reason: string;
    }
  | { readonly kind: "published"; readonly alert: string; readonly finding: string; readonly state: string }
  /** A finding that needs nothing from the index, or what a person made of one; `by` is theirs, where it was a person. */
  | { readonly kind: "told"; readonly finding: Finding; readonly by?: string }
  /** The operator lets somebody enrol the project: the id of the credential, never the secret. */
  | {
      readonly kind: "invited";
      readonly credential: string;
      readonly project: ProjectName;
      readonly expiresAt: Instant;
      readonly by: string;
    }
  | { readonly kind: "epoch"; readonly epoch: number; readonly head: number; readonly by: string }
  /** The operator's key was made, or made anew; the one before stopped working. Ids of credentials, never secrets. */
  | {
      readonly kind: "operator-key";
      readonly credential: string;
      readonly replaces: string | null;
      readonly by: string;
    };

/** One entry of the append-only history, chained to the one before it (a tamper-evident log needs no migration). */
export interface LedgerEntry {
  readonly subject: Subject;
  /** 1, 2, 3 … per subject, without gaps. */
  readonly number: number;
  /** The hash of the entry before; `null` for number 1. */
  readonly previous: Digest | null;
  readonly at: Instant;
  readonly body: LedgerBody;
  /** SHA-256 of the canonical JSON of everything above. */
  readonly hash: Digest;
}

/** Chains a body behind the subject's last entry. */
export function chained(
  subject: Subject,
  last: LedgerEntry | null,
  at: Instant,
  body: LedgerBody,
): LedgerEntry {
  const said = { subject, number: (last?.number ?? 0) + 1, previous: last?.hash ?? null, at, body };
  return { ...said, hash: digestOf(said) };
}

/** Whether an entry's hash is the hash of what it says. */
export const isIntact = ({ hash, ...said }: LedgerEntry): boolean => digestOf(said) === hash;

/** The first entry whose number, link or hash does not follow, or `null` when the chain is whole. */
export function brokenAt(entries: readonly LedgerEntry[]): LedgerEntry | null {
  let last: LedgerEntry | null = null;
  for (const entry of entries) {
    const follows = entry.number === (last?.number ?? 0) + 1 && entry.previous === (last?.hash ?? null);
    if (!follows || !isIntact(entry)) return entry;
    last = entry;
  }
  return null;
}
