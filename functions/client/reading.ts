import type { Digest } from "../domain/digests.ts";
import { ArtifactsAnswer } from "../records/answers/artifacts.ts";
import { ExplanationAnswer } from "../records/answers/explanations.ts";
import { FindingAnswer, FindingsAnswer } from "../records/answers/findings.ts";
import { HealthAnswer } from "../records/answers/health.ts";
import { RecordsAnswer } from "../records/answers/records.ts";
import { VerifyAnswer } from "../records/answers/verify.ts";
import { type Calling, pathOf } from "./calling.ts";

/** Of which records a list shall be. */
export interface RecordsAsked {
  readonly file?: string;
  readonly enrolment?: string;
  /** Those that were taken back too. */
  readonly withdrawn?: boolean;
}

/** What anybody may ask; a key shows more. Lists are whole: all their pages. */
export interface Reading {
  artifacts(project: string): Promise<ArtifactsAnswer>;
  /** Newest first; `state` picks. */
  findings(project: string, state: "open" | "resolved" | null): Promise<FindingsAnswer>;
  /** One finding in words. */
  explanation(project: string, finding: string): Promise<ExplanationAnswer>;
  records(project: string, asked?: RecordsAsked): Promise<RecordsAnswer>;
  /** The bytes of a submission, exactly as they came. */
  manifest(project: string, enrolment: string, digest: Digest): Promise<Uint8Array>;
  /** The armored signature by which this signer signed a manifest. */
  signature(project: string, enrolment: string, digest: Digest, signer: string): Promise<Uint8Array>;
  /** In the form that `ssh-keygen -Y verify` reads. */
  allowedSigners(project: string, enrolment: string): Promise<Uint8Array>;
  /** The monitor's word on a submission's files. */
  verify(project: string, submission: string): Promise<VerifyAnswer>;
  /** Answers also when the monitor is blind. */
  health(): Promise<HealthAnswer>;
}

/** What a person makes of a finding. Needs a maintainer's key of its enrolment, or the operator's. Idempotent. */
export interface Minding {
  acknowledge(project: string, finding: string, note: string | null): Promise<FindingAnswer>;
  resolve(project: string, finding: string, note: string): Promise<FindingAnswer>;
}

export function readingOf({ get, post, bytes, pages }: Calling): Reading {
  return {
    artifacts: async (project) => {
      const all = await pages(pathOf(project, "artifacts"), {}, ArtifactsAnswer);
      const [{ project: name, coverage }] = all;
      return { project: name, artifacts: all.flatMap((page) => page.artifacts), coverage, next: null };
    },
    findings: async (project, state) => {
      const all = await pages(pathOf(project, "findings"), { state }, FindingsAnswer);
      return { project: all[0].project, findings: all.flatMap((page) => page.findings), next: null };
    },
    explanation: (project, finding) =>
      get(pathOf(project, "findings", finding, "explanation"), ExplanationAnswer),
    records: async (project, { file, enrolment, withdrawn } = {}) => {
      const query = { file, enrolment, withdrawn: withdrawn ? "true" : null };
      const all = await pages(pathOf(project, "records"), query, RecordsAnswer);
      return { project: all[0].project, records: all.flatMap((page) => page.records), next: null };
    },
    manifest: (project, enrolment, digest) =>
      bytes(`${pathOf(project, "manifests", digest)}?${new URLSearchParams({ enrolment })}`),
    signature: (project, enrolment, digest, signer) =>
      bytes(
        `${pathOf(project, "manifests", digest, "signature")}?${new URLSearchParams({ enrolment, signer })}`,
      ),
    allowedSigners: (project, enrolment) =>
      bytes(pathOf(project, "enrolments", enrolment, "allowed_signers")),
    verify: (project, submission) => post(pathOf(project, "verify"), submission, VerifyAnswer),
    health: () => get("/v1/health", HealthAnswer, 503),
  };
}

export function mindingOf({ post }: Calling): Minding {
  const of = (project: string, finding: string, what: string): string =>
    pathOf(project, "findings", finding, what);
  return {
    acknowledge: (project, finding, note) =>
      post(of(project, finding, "acknowledge"), note === null ? {} : { note }, FindingAnswer),
    resolve: (project, finding, note) => post(of(project, finding, "resolve"), { note }, FindingAnswer),
  };
}
