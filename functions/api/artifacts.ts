import type { Hono } from "hono";
import type { ArtifactRow } from "../domain/view.ts";
import { callerOf } from "./callers.ts";
import { sightOf } from "./privacy.ts";
import { type Watched, watchedProject } from "./projects.ts";
import type { ApiPorts } from "./seams.ts";

/** A row as it is shown: its project stands above the list, and ledger numbers are nobody's business. */
function shown(
  { project: _, everListed: __, number: ___, enrolment, ...row }: ArtifactRow,
  watched: Watched,
) {
  return { enrolment, selfClaimed: watched.isSelfClaimed(enrolment), ...row };
}

const order = ({ file, enrolment }: ArtifactRow): string => `${file} ${enrolment}`;
const byFileThenEnrolment = (a: ArtifactRow, b: ArtifactRow): number => (order(a) < order(b) ? -1 : 1);

/** `GET /v1/projects/{project}/artifacts`: what the monitor makes of each artifact, one line per enrolment. */
export function artifactRoutes(app: Hono, ports: ApiPorts): void {
  app.get("/v1/projects/:project/artifacts", async (c) => {
    const caller = await callerOf(c.req.raw, ports);
    const watched = await watchedProject(c.req.param("project"), ports);
    const { project } = watched;
    const rows = sightOf(caller).rows(await ports.view.ofProject(project));
    const artifacts = rows.sort(byFileThenEnrolment).map((row) => shown(row, watched));
    return c.json({ project, artifacts });
  });
}
