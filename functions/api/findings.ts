import type { Hono } from "hono";
import * as z from "zod/mini";
import type { Finding } from "../domain/findings.ts";
import { callerOf } from "./callers.ts";
import { sightOf } from "./privacy.ts";
import { Refused } from "./problems.ts";
import { watchedProject } from "./projects.ts";
import type { ApiPorts } from "./seams.ts";

const StateAsked = z.optional(z.enum(["open", "resolved"]));

const newestFirst = (a: Finding, b: Finding): number =>
  a.changedAt === b.changedAt ? (a.id < b.id ? -1 : 1) : a.changedAt < b.changedAt ? 1 : -1;

function stateAsked(query: string | undefined): Finding["state"] | undefined {
  const asked = StateAsked.safeParse(query);
  if (!asked.success) throw new Refused("bad-query", "state is one of open, resolved.");
  return asked.data;
}

/** `GET /v1/projects/{project}/findings`: newest change first; `?state=open` or `resolved` picks. */
export function findingRoutes(app: Hono, ports: ApiPorts): void {
  app.get("/v1/projects/:project/findings", async (c) => {
    const caller = await callerOf(c.req.raw, ports);
    const { project, isSelfClaimed } = await watchedProject(c.req.param("project"), ports);
    const state = stateAsked(c.req.query("state"));
    const rows = await ports.view.ofProject(project);
    const findings = sightOf(caller)
      .findings(await ports.view.findings(project), rows)
      .filter((finding) => state === undefined || finding.state === state)
      // As of now: the operator may have vouched since it was found.
      .map((finding) => ({ ...finding, selfClaimed: isSelfClaimed(finding.enrolment) }));
    return c.json({ project, findings: findings.sort(newestFirst) });
  });
}
