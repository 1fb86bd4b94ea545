import type { Hono } from "hono";
import { isInForce } from "../domain/enrolments.ts";
import { alertId } from "../domain/findings.ts";
import { between, type Instant, minutes } from "../domain/instants.ts";
import { enrolmentSubject } from "../domain/ledger.ts";
import { aboutDrill } from "../domain/notices.ts";
import { DrillAnswer } from "../records/answers/enrolments.ts";
import { amendEnrolment } from "./amending.ts";
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

/** When the last drill of the last minute was; the ledger has it, so that every process knows. */
async function lastDrill({ enrolment, now }: Asking, ports: ApiPorts): Promise<Instant | null> {
  const from = Math.max(0, now.number - RECENT);
  const entries = await ports.ledger.read(enrolmentSubject(enrolment), from);
  return entries.findLast(({ body }) => body.kind === "drilled")?.at ?? null;
}

async function drill(asking: Asking, ports: ApiPorts): Promise<DrillAnswer> {
  const now = ports.clock.now();
  const last = await lastDrill(asking, ports);
  if (last !== null && between(last, now) < AGAIN_MS)
    throw new Refused("too-soon", `The last drill was at ${last}. One a minute is enough for any pager.`);
  const contacts = asking.now.contacts.filter((each) => isInForce(each, now));
  const confirmed = await ports.channels.confirmed(contacts);
  if (confirmed.size === 0)
    throw new Refused(
      "no-contact",
      "No contact of this enrolment has confirmed: nobody but the operator is told anything. Add one, or ask it again.",
    );
  const finding = aboutDrill(asking.now, now, asking.by);
  await amendEnrolment(asking, ports, () => [{ kind: "drilled", finding, by: asking.by }]);
  return {
    contacts: contacts.map(({ id, address }) => ({ id, address, confirmed: confirmed.has(id) })),
    alert: alertId(finding),
  };
}

export function drillingRoutes(app: Hono, ports: ApiPorts): void {
  serve(app, DRILL, async (c) => c.json(await drill(await demandWatcherOf(c, ports), ports), 202));
}
