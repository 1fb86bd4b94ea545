import { isSelfClaimed } from "./enrolments.ts";
import { type Finding, findingId, threadOf } from "./findings.ts";
import { projectSubject } from "./ledger.ts";
import { NO_GROUNDS } from "./monitor.ts";
import type { Occasion, ProjectCase } from "./occasions.ts";
import { quoted } from "./occasions.ts";
import { ownershipChanges } from "./people.ts";
import { archivings, quarantines } from "./states.ts";
import type { ProjectVerdict, Severity } from "./verdicts.ts";

/** One row: what is told of a project, how gravely, and on which occasions. */
export interface ProjectRow {
  readonly verdict: ProjectVerdict;
  readonly severity: Severity;
  readonly occasions: (of: ProjectCase) => readonly Occasion[];
}

/** The project table. Unlike the tables of artifacts all of its rows speak: none of them says what the project is like now. */
export const PROJECT: readonly ProjectRow[] = [
  { verdict: "quarantined", severity: "notice", occasions: quarantines },
  { verdict: "archived", severity: "notice", occasions: archivings },
  { verdict: "ownership-changed", severity: "warning", occasions: ownershipChanges },
];

/**
 * What is to be told of the project that `known`, by id, does not hold. Pure: the same facts give the same occasions in whatever
 * order and number they came; which of an occasion's names its finding goes by depends on which was known first.
 */
export function projectFindings(of: ProjectCase, known: ReadonlyMap<string, unknown>): readonly Finding[] {
  if (of.enrolment.endedAt !== null) return [];
  return PROJECT.flatMap((row) =>
    row.occasions(of).flatMap((occasion) => {
      const [id, ...others] = occasion.names.map((name) => idOf(of, row, name));
      const isTold = id === undefined || [id, ...others].some((each) => known.has(each));
      return isTold ? [] : [findingOf(of, row, { ...occasion, id })];
    }),
  );
}

const idOf = ({ enrolment }: ProjectCase, { verdict }: ProjectRow, state: string): string =>
  findingId({
    enrolment: enrolment.id,
    subject: projectSubject(enrolment.project),
    verdict,
    digests: [],
    state,
  });

function findingOf(
  { enrolment, now }: ProjectCase,
  { verdict, severity }: ProjectRow,
  { id, release, entry, look, note }: Occasion & { readonly id: string },
): Finding {
  return {
    id,
    enrolment: enrolment.id,
    selfClaimed: isSelfClaimed(enrolment),
    project: enrolment.project,
    file: null,
    release,
    verdict,
    severity,
    topic: "findings",
    state: "open",
    opening: 1,
    openedAt: now,
    changedAt: now,
    thread: threadOf(enrolment.id, enrolment.project, null),
    acknowledged: null,
    resolvedBy: null,
    to: null,
    grounds: {
      ...NO_GROUNDS,
      entry: entry && `${quoted(entry.text)} (serial ${entry.serial})`,
      firstSeen: entry?.seenAt ?? look?.at ?? null,
      page: look?.page ?? null,
      note,
    },
  };
}
