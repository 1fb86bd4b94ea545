import type { Finding } from "../domain/findings.ts";
import { enrolmentSubject } from "../domain/ledger.ts";
import { findingsOf, subjectOf } from "../domain/told.ts";
import type { Sight } from "./privacy.ts";
import type { Watched } from "./projects.ts";
import type { ApiPorts } from "./seams.ts";

/**
 * A finding by its id, in its latest state: the view says where to look, and the history of that place says what is so. Those
 * about an enrolment itself are in no list: they are looked for in the histories of the caller's own.
 */
export async function findingOf(
  id: string,
  { project, enrolments }: Watched,
  { isOwn }: Sight,
  { view, ledger }: ApiPorts,
): Promise<Finding | null> {
  const listed = (await view.findings(project)).find((finding) => finding.id === id);
  const subjects =
    listed === undefined
      ? enrolments.filter((each) => isOwn(each.id)).map((each) => enrolmentSubject(each.id))
      : [subjectOf(listed)];
  for (const subject of subjects) {
    const finding = findingsOf(await ledger.read(subject)).get(id);
    if (finding !== undefined) return finding;
  }
  return listed ?? null;
}
