import type { Context, Hono } from "hono";
import * as z from "zod/mini";
import type { Finding } from "../domain/findings.ts";
import { enrolmentSubject, type LedgerEntry } from "../domain/ledger.ts";
import { findingsIn, subjectOf } from "../domain/told.ts";
import { FindingHistoryAnswer, HistoryAnswer } from "../records/answers/enrolments.ts";
import { queryOf } from "./asking.ts";
import { demandOwnFinding } from "./own-findings.ts";
import { MOST_PER_PAGE, PAGE_ASKED } from "./paging.ts";
import { Refused } from "./problems.ts";
import { type Route, serve } from "./route.ts";
import type { ApiPorts } from "./seams.ts";
import { demandWatcherOrOperator } from "./watching.ts";

const USUAL_PER_PAGE = 200;

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

const stateOf = ({ verdict, state }: Finding): string => `${verdict} is ${state}`;

/** What a person said last of it. */
function wordOn({ acknowledged, resolvedBy }: Finding): string {
  if (resolvedBy !== null) return `: resolved by a person, "${resolvedBy.note}"`;
  return acknowledged === null ? "" : `: acknowledged, "${acknowledged.note}"`;
}

/** What an entry says, in one sentence, and who brought it about. */
function told(body: LedgerEntry["body"]): { by: string | null; what: string } {
  switch (body.kind) {
    case "enrolled":
      return { by: body.by, what: "Enrolled." };
    case "vouched":
      return { by: body.by, what: "The operator vouched for it." };
    case "amended": {
      const { ask, inForceAt, by, id } = body.amendment;
      // As it was told then: what it changes from is no more.
      const note = body.notices.find(({ grounds }) => grounds.change === id)?.grounds.note;
      return { by, what: `${note ?? `Changed: ${ask.kind}.`} In force from ${inForceAt}.` };
    }
    case "cancelled":
      return { by: body.by, what: `Taken back: ${body.amendments.join(", ")}.` };
    case "asked":
      return { by: body.by, what: `Contact ${body.contact} is asked once more.` };
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
    case "judged":
      return { by: null, what: `Judged: ${body.findings.map(stateOf).join(", ")}.` };
    case "sighted":
      return { by: null, what: `Seen: ${(body.findings ?? []).map(stateOf).join(", ")}.` };
    case "told":
      return { by: body.by ?? null, what: `${stateOf(body.finding)}${wordOn(body.finding)}.` };
    default:
      return { by: null, what: `${body.kind}.` };
  }
}

/** An entry as its own people see it. */
export const entryAnswer = ({ number, at, body, hash }: LedgerEntry) => {
  const { by, what } = told(body);
  return { number, at, kind: body.kind, by, what, hash };
};

function after(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (!/^\d{1,15}$/.test(cursor)) throw new Refused("bad-query", "after is not what this list gave as next.");
  return Number(cursor);
}

export const FINDING_HISTORY: Route = {
  method: "GET",
  path: "/v1/projects/{project}/findings/{finding}/history",
  id: "finding-history",
  summary: "What was judged, told and said of a finding, by whom, oldest first",
  who: "watcher or operator",
  answers: { 200: { what: "Every entry about it.", schema: FindingHistoryAnswer } },
  refuses: ["no-such-finding"],
};

const isAbout =
  (id: string) =>
  ({ body }: LedgerEntry): boolean =>
    findingsIn(body).some((finding) => finding.id === id) ||
    (body.kind === "published" && body.finding === id);

/** One judgement may tell of several watchers' findings: the others' are theirs. */
function onlyOf(id: string, entry: LedgerEntry): LedgerEntry {
  const { body } = entry;
  if (body.kind !== "judged" && body.kind !== "sighted") return entry;
  return { ...entry, body: { ...body, findings: findingsIn(body).filter((each) => each.id === id) } };
}

async function findingHistory(c: Context, ports: ApiPorts): Promise<FindingHistoryAnswer> {
  const { finding, watched } = await demandOwnFinding(c, ports);
  const entries = (await ports.ledger.read(subjectOf(finding))).filter(isAbout(finding.id));
  return {
    project: watched.project,
    finding: finding.id,
    entries: entries.map((entry) => entryAnswer(onlyOf(finding.id, entry))),
  };
}

export function historyRoutes(app: Hono, ports: ApiPorts): void {
  serve(app, FINDING_HISTORY, async (c) => c.json(await findingHistory(c, ports)));
  serve(app, HISTORY, async (c) => {
    const { project, enrolment } = await demandWatcherOrOperator(c, ports);
    const asked = queryOf(c, HistoryAsked);
    const most = Number(asked.limit ?? USUAL_PER_PAGE);
    if (most > MOST_PER_PAGE) throw new Refused("bad-query", `limit is at most ${MOST_PER_PAGE}.`);
    const read = await ports.ledger.read(enrolmentSubject(enrolment), after(asked.after), most + 1);
    const entries = read.slice(0, most);
    return c.json({
      project,
      enrolment,
      entries: entries.map(entryAnswer),
      next: read.length > most ? String(entries.at(-1)?.number) : null,
    } satisfies HistoryAnswer);
  });
}
