import type { Hono } from "hono";
import * as z from "zod/mini";
import { watchingAt } from "../domain/amendments.ts";
import { coverageOf } from "../domain/coverage.ts";
import { after } from "../domain/instants.ts";
import type { ArtifactRow } from "../domain/view.ts";
import { type ArtifactAnswer, ArtifactsAnswer } from "../records/answers/artifacts.ts";
import { queryOf } from "./asking.ts";
import { callerOf } from "./callers.ts";
import { type Order, PAGE_ASKED, paged } from "./paging.ts";
import { sightOf } from "./privacy.ts";
import { type Watched, watchedProject } from "./projects.ts";
import type { Route } from "./route.ts";
import { serve } from "./route.ts";
import type { ApiPorts, ApiSettings } from "./seams.ts";

const ArtifactsQuery = z.strictObject({ ...PAGE_ASKED, file: z.optional(z.string()) });

export const ARTIFACTS: Route = {
  method: "GET",
  path: "/v1/projects/{project}/artifacts",
  id: "artifacts",
  summary: "What the monitor makes of each artifact, one line per enrolment",
  who: "anybody",
  query: ArtifactsQuery,
  answers: {
    200: { what: "Those that a page has shown; with a key also one's own", schema: ArtifactsAnswer },
  },
  refuses: [],
};

/** A row as it is shown: its project stands above the list, and ledger numbers are nobody's business. */
function shown(
  { project: _, everListed: __, number: ___, enrolment, provenance, ...row }: ArtifactRow,
  watched: Watched,
): ArtifactAnswer {
  const selfClaimed = watched.isSelfClaimed(enrolment);
  return { enrolment, selfClaimed, ...row, provenance: provenance ?? null };
}

const ORDER: Order<ArtifactRow> = { name: "artifacts", keyOf: ({ file, enrolment }) => [file, enrolment] };

export function artifactRoutes(app: Hono, ports: ApiPorts, settings: ApiSettings): void {
  serve(app, ARTIFACTS, async (c) => {
    const { file, ...page } = queryOf(c, ArtifactsQuery);
    const caller = await callerOf(c.req.raw, ports);
    const watched = await watchedProject(c.req.param("project") ?? "", ports);
    const { project } = watched;
    const seen = sightOf(caller, await ports.view.ofProject(project)).rows();
    const rows = seen.filter((row) => file === undefined || row.file === file);
    const { items, next } = paged(rows, ORDER, page);
    const now = ports.clock.now();
    const answer: z.infer<typeof ArtifactsAnswer> = {
      project,
      artifacts: items.map((row) => shown(row, watched)),
      coverage: coverageOf(seen, after(now, -settings.rehashMs), watchingAt(watched.enrolments, now)),
      next,
    };
    return c.json(answer);
  });
}
