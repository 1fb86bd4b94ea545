import type { Context } from "hono";
import type { Finding } from "../domain/findings.ts";
import { demandKey } from "./callers.ts";
import { noSuchFinding } from "./findings.ts";
import { findingOf } from "./locating.ts";
import { type Sight, sightOf } from "./privacy.ts";
import { type Watched, watchedProject } from "./projects.ts";
import type { ApiPorts } from "./seams.ts";

/** A finding, asked about by its own people. */
export interface OwnFinding {
  readonly finding: Finding;
  readonly watched: Watched;
  readonly sight: Sight;
  /** Asked by the operator, and not by its watcher. */
  readonly isOperator: boolean;
}

/**
 * The path's finding, asked about by its watcher or the operator. To others it is as if it were not there. Throws `Refused`.
 */
export async function demandOwnFinding(c: Context, ports: ApiPorts): Promise<OwnFinding> {
  const caller = await demandKey(c.req.raw, ports, ["maintainer", "operator"]);
  const watched = await watchedProject(c.req.param("project") ?? "", ports);
  const sight = sightOf(caller, await ports.view.ofProject(watched.project));
  const finding = await findingOf(c.req.param("finding") ?? "", watched, sight, ports);
  if (finding === null || !sight.isOwn(finding.enrolment)) throw noSuchFinding(watched);
  return { finding, watched, sight, isOperator: caller.kind === "operator" };
}
