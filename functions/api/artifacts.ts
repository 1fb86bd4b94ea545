import type { Hono } from "hono";
import type { ArtifactRow } from "../domain/view.ts";
import { callerOf } from "./callers.ts";
import { sightOf } from "./privacy.ts";
import { watchedProject } from "./projects.ts";
import type { ApiPorts } from "./seams.ts";

/** A row as it is shown: its project stands above the list, and ledger numbers are nobody's business. */
function shown({ project: _, everListed: __, number: ___, ...row }: ArtifactRow) {
  return row;
}

const order = ({ file, enrolment }: ArtifactRow): string => `${file} ${enrolment}`;
const byFileThenEnrolment = (a: ArtifactRow, b: ArtifactRow): number => (order(a) < order(b) ? -1 : 1);

/** `GET /v1/projects/{project}/artifacts`: what the monitor makes of each artifact, one line per enrolment. */
export function artifactRoutes(app: Hono, ports: ApiPorts): void {
  app.get("/v1/projects/:project/artifacts", async (c) => {
    const caller = await callerOf(c.req.raw, ports);
    const project = await watchedProject(c.req.param("project"), ports);
    const rows = sightOf(caller).rows(await ports.view.ofProject(project));
    return c.json({ project, artifacts: rows.sort(byFileThenEnrolment).map(shown) });
  });
}
