import type { Credential } from "../domain/enrolments.ts";
import type { Finding } from "../domain/findings.ts";
import type { ArtifactRow } from "../domain/view.ts";
import { withoutIds } from "../records/credentials.ts";

/**
 * What a caller may see of one project. Anybody: what an index page has shown. A maintainer: also everything of their own
 * enrolment, credentials' ids included. The operator: everything. A CI key submits and is otherwise anybody.
 */
export interface Sight {
  readonly rows: (rows: readonly ArtifactRow[]) => ArtifactRow[];
  /** Needs the project's rows: a finding is as public as the artifact it is about. */
  readonly findings: (findings: readonly Finding[], rows: readonly ArtifactRow[]) => Finding[];
}

const isOwn = (caller: Credential | null, enrolment: string | null): boolean =>
  caller?.kind === "operator" ||
  (caller?.kind === "maintainer" && enrolment !== null && caller.enrolment === enrolment);

/** A watcher's credentials are their own business: the note may name one. */
function withoutCredentials({ grounds, ...finding }: Finding): Finding {
  const note = grounds.note && withoutIds(grounds.note);
  return { ...finding, grounds: { ...grounds, note } };
}

const filesShown = (rows: readonly ArtifactRow[]): ReadonlySet<string> =>
  new Set(rows.filter((row) => row.everListed).map((row) => row.file));

export const sightOf = (caller: Credential | null): Sight => ({
  rows: (rows) => rows.filter((row) => row.everListed || isOwn(caller, row.enrolment)),
  findings: (findings, rows) => {
    const shown = filesShown(rows);
    return findings.flatMap((finding) => {
      if (isOwn(caller, finding.enrolment)) return finding;
      return finding.file !== null && shown.has(finding.file) ? withoutCredentials(finding) : [];
    });
  },
});
