import type { Credential, Recorded } from "../domain/enrolments.ts";
import type { Acknowledgement, Finding } from "../domain/findings.ts";
import { isOfProject } from "../domain/told.ts";
import type { ArtifactRow } from "../domain/view.ts";
import { withoutIds } from "../records/credentials.ts";

/** Who acknowledged or resolved, and with what words, is the watcher's own business. */
export interface ShownAcknowledgement {
  readonly at: string;
  readonly by: string | null;
  readonly note: string | null;
}

/** A finding as a caller may see it. Whom it is told to is nobody's business. */
export interface ShownFinding extends Omit<Finding, "to" | "acknowledged" | "resolvedBy"> {
  readonly acknowledged: ShownAcknowledgement | null;
  readonly resolvedBy: ShownAcknowledgement | null;
}

/**
 * What a caller may see of one project. Anybody: what an index page has shown. A maintainer: also everything of their own
 * enrolment, credentials' ids included. The operator: everything. A CI key, or a CI provider's token, submits and
 * is otherwise anybody.
 */
export interface Sight {
  /** Everything of this enrolment is the caller's to see; with `null`, what is about the monitor and not about a watcher. */
  readonly isOwn: (enrolment: string | null) => boolean;
  /** Whether a page has shown the file: if not, it does not exist for whoever does not own what is said of it. */
  readonly isShown: (file: string) => boolean;
  readonly rows: () => ArtifactRow[];
  readonly findings: (findings: readonly Finding[]) => ShownFinding[];
  readonly records: <R extends Pick<Recorded, "file" | "enrolment">>(records: readonly R[]) => R[];
}

const isOwn = (caller: Credential | null, enrolment: string | null): boolean =>
  caller?.kind === "operator" ||
  (caller?.kind === "maintainer" && enrolment !== null && caller.enrolment === enrolment);

/** In whose note there is what people said of a record, or whom their policy expects. */
const OWN_NOTES: ReadonlySet<Finding["verdict"]> = new Set([
  "record-changed",
  "record-contested",
  "provenance-lost",
  "provenance-changed",
]);

/** Of other findings the note may name a credential. */
const strangersNote = ({ verdict, grounds: { note } }: Finding): string | null =>
  OWN_NOTES.has(verdict) ? null : note && withoutIds(note);

const anonymous = (said: Acknowledgement | null): ShownAcknowledgement | null =>
  said && { at: said.at, by: null, note: null };

const ownFinding = ({ to: _, ...finding }: Finding): ShownFinding => finding;

/** Whose key did it, and the change that it asked for, are not for them. */
function strangersFinding(finding: Finding): ShownFinding {
  const { by: _, change: __, ...grounds } = finding.grounds;
  return {
    ...ownFinding(finding),
    acknowledged: anonymous(finding.acknowledged),
    resolvedBy: anonymous(finding.resolvedBy),
    grounds: { ...grounds, note: strangersNote(finding) },
  };
}

/** What the caller may see, given all of the project's rows. */
export function sightOf(caller: Credential | null, rows: readonly ArtifactRow[]): Sight {
  const shown = new Set(rows.filter((row) => row.everListed).map((row) => row.file));
  const isTheirs = (enrolment: string | null): boolean => isOwn(caller, enrolment);
  const sees = ({ file, enrolment }: { file: string | null; enrolment: string | null }): boolean =>
    isTheirs(enrolment) || (file !== null && shown.has(file));
  // The index tells it to anybody, as long as it tells of the project at all.
  const isPublic = ({ verdict }: Finding): boolean => shown.size > 0 && isOfProject(verdict);
  return {
    isOwn: isTheirs,
    isShown: (file) => shown.has(file),
    rows: () => rows.filter((row) => row.everListed || isTheirs(row.enrolment)),
    findings: (findings) =>
      findings
        .filter((each) => sees(each) || isPublic(each))
        .map((each) => (isTheirs(each.enrolment) ? ownFinding(each) : strangersFinding(each))),
    records: (records) => records.filter(sees),
  };
}
