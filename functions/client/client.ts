import type * as z from "zod/mini";
import type { ProjectName } from "../domain/names.ts";
import type { Policy } from "../domain/policy.ts";
import type { Receipt } from "../records/receipts.ts";
import {
  ArtifactsAnswer,
  EnrolledAnswer,
  FindingsAnswer,
  HealthAnswer,
  ReceiptAnswer,
  VouchedAnswer,
} from "./answers.ts";
import { ask, type Connection } from "./asking.ts";

/** Every question of the API, typed. All throw `ApiRefused` or `ApiUnreachable`. */
export interface Client {
  /** Needs the operator's key; where registration is open, without a key it makes a self-claimed enrolment. */
  enrol(project: string, policy: Partial<Policy>): Promise<EnrolledAnswer>;
  /** Needs the operator's key. Idempotent. */
  vouch(project: string, enrolment: string): Promise<VouchedAnswer>;
  /** `manifest` in any format the API reads. Needs a maintainer's or CI key. */
  record(project: ProjectName, manifest: string): Promise<Receipt>;
  artifacts(project: string): Promise<ArtifactsAnswer>;
  /** Newest first; `state` picks. */
  findings(project: string, state: "open" | "resolved" | null): Promise<FindingsAnswer>;
  /** Answers also when the monitor is blind. */
  health(): Promise<HealthAnswer>;
}

const pathOf = (project: string, resource: string): string =>
  `/v1/projects/${encodeURIComponent(project)}/${resource}`;

export function createClient(connection: Connection): Client {
  const read = <S extends z.ZodMiniType>(path: string, schema: S) =>
    ask(connection, { method: "GET", path, alsoAnswers: 503 }, schema);
  const write = <S extends z.ZodMiniType>(path: string, body: string, schema: S) =>
    ask(connection, { method: "POST", path, body }, schema);
  return {
    enrol: (project, policy) => write("/v1/enrolments", JSON.stringify({ project, policy }), EnrolledAnswer),
    vouch: (project, enrolment) =>
      write(pathOf(project, `enrolments/${encodeURIComponent(enrolment)}/vouch`), "", VouchedAnswer),
    record: (project, manifest) => write(pathOf(project, "records"), manifest, ReceiptAnswer),
    artifacts: (project) => read(pathOf(project, "artifacts"), ArtifactsAnswer),
    findings: (project, state) =>
      read(pathOf(project, `findings${state === null ? "" : `?state=${state}`}`), FindingsAnswer),
    health: () => read("/v1/health", HealthAnswer),
  };
}
