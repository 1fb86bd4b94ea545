import type { Enrolment } from "../../functions/domain/enrolments.ts";
import { newEnrolment } from "../../functions/domain/enrolments.ts";
import { fact, type Ownership, type ProjectSighting } from "../../functions/domain/facts.ts";
import type { Finding } from "../../functions/domain/findings.ts";
import type { Entry } from "../../functions/domain/journal.ts";
import type { ProjectCase } from "../../functions/domain/occasions.ts";
import type { Look } from "../../functions/domain/pages.ts";
import { projectFindings } from "../../functions/domain/project.ts";
import { entry, look, minute, PROJECT } from "./perfect.ts";

/** One project that was watched from noon on, at serial 100, and of which nothing is to be told; for cases that add to it. */
export const BASELINE_AT = minute(0);
const HEAD = 100;

/** A look so many minutes after noon, at a page of this serial. */
export function sighted(
  state: ProjectSighting["state"],
  minutes: number,
  serial: number | null,
  more: { readonly look?: Partial<Look>; readonly owners?: Ownership; readonly baselineOf?: string[] } = {},
): ProjectSighting {
  const said = {
    kind: "project",
    project: PROJECT,
    look: look({ at: minute(minutes), serial, asked: `change-${minutes}`, ...more.look }),
    state,
    baselineOf: more.baselineOf ?? [],
    head: null,
    reason: null,
    ...(more.owners && { ownership: more.owners }),
  } as const;
  return fact(said);
}

/** The page that became the baseline. */
export const baseline = (state: ProjectSighting["state"] = "active", owners?: Ownership): ProjectSighting =>
  sighted(state, 0, HEAD, { baselineOf: ["developer"], ...(owners && { owners }) });

/** `Owner alice`, … as the index tells it under a serial. */
export const owners = (serial: number, ...roles: string[]): Ownership => ({
  roles: roles.map((each) => {
    const [role = "", user = ""] = each.split(" ");
    return { role, user };
  }),
  organization: null,
  serial,
});

/** An entry about the project itself, so many minutes after noon. */
export const said = (
  text: string,
  serial: number,
  minutes = serial - HEAD,
  spoiled: Partial<Entry> = {},
): Entry => entry(text, serial, { release: null, at: minute(minutes), seenAt: minute(minutes), ...spoiled });

export const projectCase = (spoiled: Partial<ProjectCase> & { enrolment?: Enrolment } = {}): ProjectCase => ({
  enrolment: newEnrolment({ id: "developer", project: PROJECT, enrolledAt: minute(-1) }),
  sightings: [baseline()],
  entries: [],
  began: { head: HEAD, epoch: 1, at: BASELINE_AT },
  now: minute(60),
  ...spoiled,
});

/** What is to be told anew, as `verdict release: note`; of those in `known`, nothing. */
export const toldIn = (
  spoiled: Parameters<typeof projectCase>[0],
  known: readonly Finding[] = [],
): string[] =>
  findingsIn(spoiled, known).map(
    ({ verdict, release, grounds }) =>
      `${verdict}${release === null ? "" : ` ${release}`}: ${grounds.note ?? grounds.entry}`,
  );

export const findingsIn = (
  spoiled: Parameters<typeof projectCase>[0],
  known: readonly Finding[] = [],
): readonly Finding[] =>
  projectFindings(projectCase(spoiled), new Map(known.map((finding) => [finding.id, finding])));
