import type { Hono } from "hono";
import { idOf } from "../domain/canonical.ts";
import type { Enrolment } from "../domain/enrolments.ts";
import type { Instant } from "../domain/instants.ts";
import type { LedgerBody } from "../domain/ledger.ts";
import { overlaps, type PolicyChange, parted } from "../domain/policy.ts";
import { AmendedAnswer } from "../records/answers/enrolments.ts";
import { amendmentFor } from "./amending.ts";
import { readJson } from "./bodies.ts";
import { changeIn, PolicyAsked } from "./choosing.ts";
import { amendAndAnswer } from "./describing.ts";
import { parsedBy } from "./enrolling.ts";
import { type Route, serve } from "./route.ts";
import type { ApiPorts, ApiSettings } from "./seams.ts";
import { demandWatcherOf } from "./watching.ts";

export const POLICY: Route = {
  method: "PATCH",
  path: "/v1/projects/{project}/enrolments/{enrolment}/policy",
  id: "policy",
  summary: "Change choices: what makes the monitor quieter waits, all else acts at once",
  who: "watcher",
  body: PolicyAsked,
  answers: { 200: { what: "The enrolment, and what was asked for.", schema: AmendedAnswer } },
  refuses: ["bad-policy", "bad-publisher"],
};

/** What a choice is, or will be once what waits has come into force. */
function coming<T>(current: T, pending: readonly (T | undefined)[]): T {
  return pending.reduce<T>((before, value) => (value === undefined ? before : value), current);
}

/** A choice may be made of parts. */
const isSame = (one: unknown, other: unknown): boolean => idOf(one) === idOf(other);

/**
 * Without what already is so or waits to be, so that asking again asks for nothing. What waits together with a choice that is
 * made anew is taken back with that: asked for again in the same breath, it waits again.
 */
function news(change: PolicyChange, enrolment: Enrolment): PolicyChange {
  const pending = enrolment.amendments.flatMap(({ ask }) => (ask.kind === "policy" ? [ask.policy] : []));
  const fresh = freshIn(change, enrolment, pending);
  const kept = pending.filter((each) => !overlaps(each, fresh));
  const again = freshIn(change, enrolment, kept);
  const deadlines = { ...again.deadlines, ...fresh.deadlines };
  return { ...again, ...fresh, ...(Object.keys(deadlines).length > 0 && { deadlines }) };
}

function freshIn(
  { deadlines, ...choices }: PolicyChange,
  { policy }: Enrolment,
  pending: readonly PolicyChange[],
): PolicyChange {
  const own = Object.entries(choices).filter(([key, value]) => {
    const name = key as keyof typeof choices;
    const waiting = pending.map((each) => each[name]);
    return value !== undefined && !isSame(value, coming(policy[name], waiting));
  });
  const times = Object.entries(deadlines ?? {}).filter(([key, value]) => {
    const name = key as keyof typeof policy.deadlines;
    const waiting = pending.map((each) => each.deadlines?.[name]);
    return value !== undefined && value !== coming(policy.deadlines[name], waiting);
  });
  return {
    ...Object.fromEntries(own),
    ...(times.length > 0 && { deadlines: Object.fromEntries(times) }),
  };
}

const isEmpty = (change: PolicyChange): boolean => Object.keys(change).length === 0;

/** The entries that a change of policy makes: louder at once, quieter later. */
function entriesFor(
  enrolment: Enrolment,
  change: PolicyChange,
  asked: { readonly by: string; readonly now: Instant },
  settings: ApiSettings,
): LedgerBody[] {
  const { louder, quieter } = parted(enrolment.policy, news(change, enrolment));
  const entry = (policy: PolicyChange, isLouder: boolean) =>
    isEmpty(policy)
      ? []
      : [amendmentFor(enrolment, { kind: "policy", policy }, { ...asked, louder: isLouder }, settings)];
  return [...entry(louder, true), ...entry(quieter, false)];
}

export function policyRoutes(app: Hono, ports: ApiPorts, settings: ApiSettings): void {
  serve(app, POLICY, async (c) => {
    const asking = await demandWatcherOf(c, ports);
    const change = changeIn(parsedBy(PolicyAsked, await readJson(c.req.raw), true));
    const answer = await amendAndAnswer(asking, ports, (enrolment, now) =>
      entriesFor(enrolment, change, { by: asking.by, now }, settings),
    );
    return c.json(answer satisfies AmendedAnswer);
  });
}
