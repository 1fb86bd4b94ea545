import { alertId, type Finding } from "./findings.ts";
import {
  artifactSubject,
  enrolmentSubject,
  type LedgerEntry,
  MONITOR,
  projectSubject,
  type Subject,
} from "./ledger.ts";
import type { ProjectVerdict, Verdict } from "./verdicts.ts";

const OF_PROJECT: Readonly<Record<ProjectVerdict, true>> = {
  quarantined: true,
  archived: true,
  "ownership-changed": true,
};

/** Whether it is said of a project as a whole. */
export const isOfProject = (verdict: Verdict): boolean => Object.hasOwn(OF_PROJECT, verdict);

/** Where a finding's history is: its artifact's, its project's, its enrolment's, or the monitor's own. */
export function subjectOf({
  project,
  file,
  enrolment,
  verdict,
}: Pick<Finding, "project" | "file" | "enrolment" | "verdict">): Subject {
  if (project !== null && file !== null) return artifactSubject(project, file);
  if (project !== null && isOfProject(verdict)) return projectSubject(project);
  return enrolment === null ? MONITOR : enrolmentSubject(enrolment);
}

/** The findings whose state an entry tells. */
export function findingsIn(body: LedgerEntry["body"]): readonly Finding[] {
  switch (body.kind) {
    case "judged":
      return body.findings;
    case "sighted":
      return body.findings ?? [];
    case "told":
    case "drilled":
      return [body.finding];
    case "amended":
    case "cancelled":
      return body.notices;
    default:
      return [];
  }
}

/** The latest state of each finding of a subject, by id. */
export const findingsOf = (history: readonly LedgerEntry[]): ReadonlyMap<string, Finding> =>
  new Map(history.flatMap(({ body }) => findingsIn(body).map((each) => [each.id, each] as const)));

/** Whether this state of the finding was published; a crash may have come between publishing and saying so. */
export const isPublished = (history: readonly LedgerEntry[], finding: Finding): boolean =>
  history.some(({ body }) => body.kind === "published" && body.alert === alertId(finding));
