import type { Hono } from "hono";
import * as z from "zod/mini";
import { FindingAnswer, FindingsAnswer } from "../records/answers/findings.ts";
import { queryOf } from "./asking.ts";
import { callerOf } from "./callers.ts";
import { findingOf } from "./locating.ts";
import { type Order, PAGE_ASKED, paged } from "./paging.ts";
import { type ShownFinding, sightOf } from "./privacy.ts";
import { Refused } from "./problems.ts";
import { type Watched, watchedProject } from "./projects.ts";
import { type Route, serve } from "./route.ts";
import type { ApiPorts } from "./seams.ts";

const FindingsQuery = z.strictObject({ ...PAGE_ASKED, state: z.optional(z.enum(["open", "resolved"])) });

export const FINDINGS: Route = {
  method: "GET",
  path: "/v1/projects/{project}/findings",
  id: "findings",
  summary: "Findings, the newest change first",
  who: "anybody",
  query: FindingsQuery,
  answers: {
    200: { what: "Those about what a page has shown; with a key also one's own", schema: FindingsAnswer },
  },
  refuses: [],
};

export const FINDING: Route = {
  method: "GET",
  path: "/v1/projects/{project}/findings/{finding}",
  id: "finding",
  summary: "One finding in its latest state",
  who: "anybody",
  answers: { 200: { what: "The finding", schema: FindingAnswer } },
  refuses: ["no-such-finding"],
};

const NEWEST_FIRST: Order<ShownFinding> = {
  name: "findings",
  keyOf: ({ changedAt, id }) => [changedAt, id],
  newestFirst: true,
};

/** As of now: the operator may have vouched since it was found. */
export const asOfNow = (
  { grounds, ...finding }: ShownFinding,
  { isSelfClaimed }: Watched,
): FindingAnswer => ({
  ...finding,
  selfClaimed: isSelfClaimed(finding.enrolment),
  grounds: { ...grounds, recorded: [...grounds.recorded], before: [...grounds.before] },
});

export function findingRoutes(app: Hono, ports: ApiPorts): void {
  serve(app, FINDINGS, async (c) => {
    const { state, ...page } = queryOf(c, FindingsQuery);
    const caller = await callerOf(c.req.raw, ports);
    const watched = await watchedProject(c.req.param("project") ?? "", ports);
    const { project } = watched;
    const sight = sightOf(caller, await ports.view.ofProject(project));
    const findings = sight
      .findings(await ports.view.findings(project))
      .filter((finding) => state === undefined || finding.state === state);
    const { items, next } = paged(findings, NEWEST_FIRST, page);
    const answer: FindingsAnswer = { project, findings: items.map((each) => asOfNow(each, watched)), next };
    return c.json(answer);
  });
  serve(app, FINDING, async (c) => {
    const caller = await callerOf(c.req.raw, ports);
    const watched = await watchedProject(c.req.param("project") ?? "", ports);
    const sight = sightOf(caller, await ports.view.ofProject(watched.project));
    const known = await findingOf(c.req.param("finding") ?? "", watched, sight, ports);
    const [finding] = known === null ? [] : sight.findings([known]);
    if (finding === undefined) throw noSuchFinding(watched);
    return c.json(asOfNow(finding, watched));
  });
}

/** Says the same of what is not there and of what the caller may not see. */
export const noSuchFinding = ({ project }: Watched): Refused =>
  new Refused("no-such-finding", `${project} has no finding of this id that you may see.`);
