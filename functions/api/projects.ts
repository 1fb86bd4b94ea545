import { type Enrolment, isSelfClaimed } from "../domain/enrolments.ts";
import { isProjectName, normalizeProject, type ProjectName } from "../domain/names.ts";
import { quoted } from "../records/quoted.ts";
import { Refused } from "./problems.ts";
import type { ApiPorts } from "./seams.ts";

/** A project's name as somebody typed it, normalised. Throws `Refused`. */
export function projectNamed(typed: string): ProjectName {
  if (!isProjectName(typed))
    throw new Refused(
      "bad-project-name",
      `${quoted(typed)}: letters, digits, ".", "_" and "-", beginning and ending with a letter or digit.`,
    );
  return normalizeProject(typed);
}

/** A project that somebody watches. */
export interface Watched {
  readonly project: ProjectName;
  /** As they are stored, the oldest first; those that ended among them. */
  readonly enrolments: readonly Enrolment[];
  readonly isSelfClaimed: (enrolment: string | null) => boolean;
}

const order = ({ enrolledAt, id }: Enrolment): string => `${enrolledAt} ${id}`;

/** The same, of a project that somebody watches. Throws `Refused`. */
export async function watchedProject(
  typed: string,
  ports: { readonly enrolments: Pick<ApiPorts["enrolments"], "ofProject"> },
): Promise<Watched> {
  const project = projectNamed(typed);
  const enrolments = await ports.enrolments.ofProject(project);
  if (enrolments.length === 0)
    throw new Refused(
      "not-enrolled",
      `Nobody has enrolled ${project} here. Its operator can: counterfoil enrol ${project}.`,
    );
  const claimed = new Set(enrolments.filter(isSelfClaimed).map(({ id }) => id));
  return {
    project,
    enrolments: enrolments.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)),
    isSelfClaimed: (enrolment) => enrolment !== null && claimed.has(enrolment),
  };
}
