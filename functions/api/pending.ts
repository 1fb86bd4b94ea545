import type { Hono } from "hono";
import type { Enrolment } from "../domain/enrolments.ts";
import type { Instant } from "../domain/instants.ts";
import { AmendedAnswer } from "../records/answers/enrolments.ts";
import { quoted } from "../records/quoted.ts";
import { amendmentFor, cancelling } from "./amending.ts";
import { amendAndAnswer } from "./describing.ts";
import { Refused } from "./problems.ts";
import { type Route, serve } from "./route.ts";
import type { ApiPorts, ApiSettings } from "./seams.ts";
import { demandWatcherOrOperator } from "./watching.ts";

export const CANCEL: Route = {
  method: "DELETE",
  path: "/v1/projects/{project}/enrolments/{enrolment}/changes/{change}",
  id: "cancel",
  summary: "Take back a change that is not in force yet",
  who: "watcher or operator",
  answers: { 200: { what: "The enrolment as it is.", schema: AmendedAnswer } },
  refuses: ["no-such-change"],
};

export const END: Route = {
  method: "DELETE",
  path: "/v1/projects/{project}/enrolments/{enrolment}",
  id: "end",
  summary: "End the watch, later: until then it can be taken back",
  who: "watcher or operator",
  answers: { 200: { what: "The enrolment, and from when it ends.", schema: AmendedAnswer } },
  refuses: [],
};

function demandPending({ amendments }: Enrolment, change: string): void {
  if (!amendments.some(({ id }) => id === change))
    throw new Refused(
      "no-such-change",
      `${quoted(change)} is not pending: it is in force, was taken back, or never was.`,
    );
}

export function pendingRoutes(app: Hono, ports: ApiPorts, settings: ApiSettings): void {
  serve(app, CANCEL, async (c) => {
    const asking = await demandWatcherOrOperator(c, ports);
    const change = c.req.param("change") ?? "";
    const answer = await amendAndAnswer(asking, ports, (enrolment, now) => {
      demandPending(enrolment, change);
      return [cancelling(enrolment, [change], asking.by, now)];
    });
    return c.json(answer satisfies AmendedAnswer);
  });
  serve(app, END, async (c) => {
    const asking = await demandWatcherOrOperator(c, ports);
    const answer = await amendAndAnswer(asking, ports, (enrolment, now) =>
      ended(enrolment, { by: asking.by, now }, settings),
    );
    return c.json(answer satisfies AmendedAnswer);
  });
}

/** Asked for twice it ends when it was to end first. */
const ended = (
  enrolment: Enrolment,
  asked: { readonly by: string; readonly now: Instant },
  settings: ApiSettings,
) =>
  enrolment.endedAt !== null || enrolment.amendments.some(({ ask }) => ask.kind === "end-enrolment")
    ? []
    : [amendmentFor(enrolment, { kind: "end-enrolment" }, asked, settings)];
