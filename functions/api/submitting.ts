import type { Context } from "hono";
import { inForce } from "../domain/amendments.ts";
import type { Enrolment, Recorded } from "../domain/enrolments.ts";
import type { Job } from "../domain/ledger.ts";
import type { ProjectName } from "../domain/names.ts";
import { demandKey } from "./callers.ts";
import { Refused } from "./problems.ts";
import { projectNamed } from "./projects.ts";
import type { ApiPorts } from "./seams.ts";

/** Who says what they released: for which enrolment, by what, and how strongly. */
export interface Submitter {
  /** As it is in force now. */
  readonly enrolment: Enrolment;
  /** As the history tells it: a credential's id, or `publisher` and its id. */
  readonly by: string;
  /** Id of the credential, or of the publisher. */
  readonly credential: string;
  readonly authority: Recorded["authority"];
  /** The CI job that holds the token, where it is one. */
  readonly job: Job | null;
}

async function enrolmentOf(ports: ApiPorts, project: ProjectName, id: string): Promise<Enrolment> {
  const stored = (await ports.enrolments.ofProject(project)).find((each) => each.id === id);
  if (stored === undefined) throw new Refused("no-such-enrolment", `${project} has no enrolment of this id.`);
  return inForce(stored, ports.clock.now());
}

/** Who may submit records for the project. Throws `Refused`. */
export async function demandSubmitter(
  c: Context,
  ports: ApiPorts,
  project: ProjectName,
  asked: string | null,
): Promise<Submitter> {
  const { id, kind, enrolment, ...caller } = await demandKey(c.req.raw, ports, ["maintainer", "ci"]);
  if (caller.project !== project || enrolment === null)
    throw new Refused("wrong-project-key", `The key is for ${caller.project}, not for ${project}.`);
  if (asked !== null && asked !== enrolment)
    throw new Refused("wrong-project-key", "The key is for another enrolment than the query names.");
  const authority = kind === "ci" ? "ci" : "maintainer";
  return {
    enrolment: await enrolmentOf(ports, project, enrolment),
    by: id,
    credential: id,
    authority,
    job: null,
  };
}

/** The enrolment whose maintainer asks. Throws `Refused`. */
export async function demandWatcher(
  c: Context,
  ports: ApiPorts,
): Promise<{ readonly enrolment: Enrolment; readonly by: string }> {
  const project = projectNamed(c.req.param("project") ?? "");
  const { id, enrolment, ...caller } = await demandKey(c.req.raw, ports, ["maintainer"]);
  if (caller.project !== project || enrolment === null)
    throw new Refused("wrong-project-key", `The key is for ${caller.project}, not for ${project}.`);
  return { enrolment: await enrolmentOf(ports, project, enrolment), by: id };
}
