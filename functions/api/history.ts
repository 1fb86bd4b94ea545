import type { Hono } from "hono";
import * as z from "zod/mini";
import type { Enrolment } from "../domain/enrolments.ts";
import { enrolmentSubject, type LedgerEntry } from "../domain/ledger.ts";
import { inWords } from "../domain/notices.ts";
import { HistoryAnswer } from "../records/answers/enrolments.ts";
import { queryOf } from "./asking.ts";
import { MOST_PER_PAGE, PAGE_ASKED } from "./paging.ts";
import { Refused } from "./problems.ts";
import { type Route, serve } from "./route.ts";
import type { ApiPorts } from "./seams.ts";
import { demandWatcherOrOperator } from "./watching.ts";

const USUAL_PER_PAGE = 100;

const HistoryAsked = z.strictObject(PAGE_ASKED);

export const HISTORY: Route = {
  method: "GET",
  path: "/v1/projects/{project}/enrolments/{enrolment}/history",
  id: "history",
  summary: "Everything that was written of the enrolment, by whom, oldest first",
  who: "watcher or operator",
  query: HistoryAsked,
  answers: { 200: { what: "A page of entries.", schema: HistoryAnswer } },
  refuses: [],
};

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

/** What an entry says, in one sentence, and who brought it about. */
function told(body: LedgerEntry["body"], enrolment: Enrolment): { by: string | null; what: string } {
  switch (body.kind) {
    case "enrolled":
      return { by: body.by, what: "Enrolled." };
    case "vouched":
      return { by: body.by, what: "The operator vouched for it." };
    case "amended": {
      const { ask, inForceAt, by, id } = body.amendment;
      return { by, what: `${inWords(ask, enrolment)} In force from ${inForceAt}; change ${id}.` };
    }
    case "cancelled":
      return { by: body.by, what: `Taken back: ${body.amendments.join(", ")}.` };
    case "confirmed":
      return { by: null, what: `Contact ${body.contact} confirmed.` };
    case "recorded":
      return {
        by: body.by,
        what: `${counted(body.records.length, "record")} made, manifest ${body.manifest}${body.job?.run ? `, by ${body.job.run}` : ""}.`,
      };
    case "withdrawn":
      return { by: body.by, what: `${counted(body.records.length, "record")} withdrawn: ${body.reason}` };
    case "drilled":
      return { by: body.by, what: "Drill." };
    case "published":
      return { by: null, what: `Told: alert ${body.alert}.` };
    case "told":
      return { by: body.by ?? null, what: `Finding ${body.finding.verdict} is ${body.finding.state}.` };
    default:
      return { by: null, what: `${body.kind}.` };
  }
}

const entryAnswer = ({ number, at, body, hash }: LedgerEntry, enrolment: Enrolment) => {
  const { by, what } = told(body, enrolment);
  return { number, at, kind: body.kind, by, what, hash };
};

function after(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (!/^\d{1,15}$/.test(cursor)) throw new Refused("bad-query", "after is not what this list gave as next.");
  return Number(cursor);
}

export function historyRoutes(app: Hono, ports: ApiPorts): void {
  serve(app, HISTORY, async (c) => {
    const { project, enrolment, now } = await demandWatcherOrOperator(c, ports);
    const asked = queryOf(c, HistoryAsked);
    const most = Math.min(Number(asked.limit ?? USUAL_PER_PAGE), MOST_PER_PAGE);
    const entries = await ports.ledger.read(enrolmentSubject(enrolment), after(asked.after), most);
    const last = entries.at(-1);
    return c.json({
      project,
      enrolment,
      entries: entries.map((entry) => entryAnswer(entry, now)),
      next: entries.length === most && last !== undefined ? String(last.number) : null,
    } satisfies HistoryAnswer);
  });
}
