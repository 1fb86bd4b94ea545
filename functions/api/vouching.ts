import type { Hono } from "hono";
import { EnrolmentAnswer } from "../records/answers/enrolments.ts";
import { quoted } from "../records/quoted.ts";
import { amendEnrolment } from "./amending.ts";
import { demandKey } from "./callers.ts";
import { enrolmentAnswer } from "./describing.ts";
import { Refused } from "./problems.ts";
import { projectNamed } from "./projects.ts";
import { type Route, serve } from "./route.ts";
import type { ApiPorts } from "./seams.ts";

export const VOUCH: Route = {
  method: "POST",
  path: "/v1/projects/{project}/enrolments/{enrolment}/vouch",
  id: "vouch",
  summary: "Say that a watcher is who they claim to be",
  who: "operator",
  answers: {
    200: { what: "The enrolment, vouched for; the first instant stays.", schema: EnrolmentAnswer },
  },
  refuses: [],
};

/** For whom was invited there is nothing to do; nor for whom somebody vouched already. */
export function vouchRoutes(app: Hono, ports: ApiPorts): void {
  serve(app, VOUCH, async (c) => {
    const { id: by } = await demandKey(c.req.raw, ports, ["operator"]);
    const project = projectNamed(c.req.param("project") ?? "");
    const enrolment = c.req.param("enrolment") ?? "";
    const known = await ports.enrolments.ofProject(project);
    if (!known.some(({ id }) => id === enrolment))
      throw new Refused("no-such-enrolment", `${project} has no enrolment ${quoted(enrolment)}.`);
    const vouched = await amendEnrolment({ project, enrolment, by }, ports, ({ selfClaimed, vouchedAt }) =>
      selfClaimed && vouchedAt === null ? [{ kind: "vouched", enrolment, by }] : [],
    );
    return c.json((await enrolmentAnswer(vouched, ports)) satisfies EnrolmentAnswer);
  });
}
