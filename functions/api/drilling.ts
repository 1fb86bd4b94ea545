import type { Context, Hono } from "hono";
import { isInForce } from "../domain/enrolments.ts";
import { alertId } from "../domain/findings.ts";
import { between, minutes } from "../domain/instants.ts";
import { enrolmentSubject, type LedgerEntry } from "../domain/ledger.ts";
import { aboutDrill } from "../domain/notices.ts";
import { Conflict } from "../ports.ts";
import { DrillAnswer } from "../records/answers/enrolments.ts";
import { amendEnrolment } from "./amending.ts";
import { untilUncontended } from "./contention.ts";
import { Refused } from "./problems.ts";
import { type Route, serve } from "./route.ts";
import type { ApiPorts } from "./seams.ts";
import { type Asking, demandWatcherOf } from "./watching.ts";

export const DRILL: Route = {
  method: "POST",
  path: "/v1/projects/{project}/enrolments/{enrolment}/drill",
  id: "drill",
  summary: "Send one marked test alert to this enrolment's contacts",
  who: "watcher",
  answers: { 202: { what: "Who is sent it.", schema: DrillAnswer } },
  refuses: ["too-soon", "no-contact"],
};

const AGAIN_MS = minutes(1);
/** More than the entries that a minute of recording leaves behind. */
const RECENT = 200;

/** What was written lately; the ledger has the last drill, so that every process knows of it. */
const recentEntries = ({ enrolment, now }: Asking, { ledger }: ApiPorts): Promise<readonly LedgerEntry[]> =>
  ledger.read(enrolmentSubject(enrolment), Math.max(0, now.number - RECENT));

function demandPause(c: Context, recent: readonly LedgerEntry[], { clock }: ApiPorts): void {
  const last = recent.findLast(({ body }) => body.kind === "drilled");
  if (last === undefined) return;
  const pauseMs = AGAIN_MS - between(last.at, clock.now());
  if (pauseMs <= 0) return;
  c.header("Retry-After", String(Math.ceil(pauseMs / 1000)));
  throw new Refused("too-soon", `The last drill was at ${last.at}. One a minute is enough for any pager.`);
}

/**
 * Sends one. What is refused is refused behind the repair of what a crash left: a drill whose answer was lost is told then,
 * though it is too soon for another. Throws `Refused`, and `Conflict` when somebody wrote to the history since it was read:
 * that may be a drill.
 */
async function drill(c: Context, asking: Asking, ports: ApiPorts): Promise<DrillAnswer> {
  const recent = await recentEntries(asking, ports);
  const now = ports.clock.now();
  const contacts = asking.now.contacts.filter((each) => isInForce(each, now));
  const confirmed = await ports.channels.confirmed(contacts);
  const finding = aboutDrill(asking.now, now, asking.by);
  let isStale = false;
  await amendEnrolment(asking, ports, ({ number }) => {
    isStale = number !== (recent.at(-1)?.number ?? number);
    if (isStale) return [];
    demandPause(c, recent, ports);
    demandSomebody(confirmed);
    return [{ kind: "drilled", finding, by: asking.by }];
  });
  if (isStale) throw new Conflict(enrolmentSubject(asking.enrolment));
  return {
    contacts: contacts.map(({ id, address }) => ({ id, address, confirmed: confirmed.has(id) })),
    alert: alertId(finding),
  };
}

function demandSomebody(confirmed: ReadonlySet<string>): void {
  if (confirmed.size === 0)
    throw new Refused(
      "no-contact",
      "No contact of this enrolment has confirmed: nobody but the operator is told anything. Add one, or ask it again.",
    );
}

export function drillingRoutes(app: Hono, ports: ApiPorts): void {
  serve(app, DRILL, async (c) => {
    const asking = await demandWatcherOf(c, ports);
    return c.json(await untilUncontended(() => drill(c, asking, ports)), 202);
  });
}
