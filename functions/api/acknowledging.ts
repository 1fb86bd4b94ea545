import type { Context, Hono } from "hono";
import * as z from "zod/mini";
import type { Credential } from "../domain/enrolments.ts";
import type { Finding } from "../domain/findings.ts";
import type { Instant } from "../domain/instants.ts";
import { FindingAnswer } from "../records/answers/findings.ts";
import { bodyBy } from "./asking.ts";
import { readJson } from "./bodies.ts";
import { demandKey } from "./callers.ts";
import { asOfNow, noSuchFinding } from "./findings.ts";
import { findingOf } from "./locating.ts";
import { appendState, publish } from "./noticing.ts";
import { sightOf } from "./privacy.ts";
import { Refused } from "./problems.ts";
import { watchedProject } from "./projects.ts";
import { type Route, serve } from "./route.ts";
import type { ApiPorts } from "./seams.ts";

const MOST_NOTE_CHARS = 500;

const Noted = z.strictObject({ note: z.optional(z.string().check(z.maxLength(MOST_NOTE_CHARS))) });
const Reasoned = z.strictObject({ note: z.string().check(z.minLength(1), z.maxLength(MOST_NOTE_CHARS)) });

export const ACKNOWLEDGE: Route = {
  method: "POST",
  path: "/v1/projects/{project}/findings/{finding}/acknowledge",
  id: "acknowledge",
  summary: "Say that somebody has seen a finding; it stays open",
  who: "watcher or operator",
  body: Noted,
  answers: { 200: { what: "The finding, acknowledged; the first word stays", schema: FindingAnswer } },
  refuses: ["no-such-finding", "already-resolved"],
};

export const RESOLVE: Route = {
  method: "POST",
  path: "/v1/projects/{project}/findings/{finding}/resolve",
  id: "resolve",
  summary: "Say that a finding is over, and why",
  who: "watcher or operator",
  body: Reasoned,
  answers: { 200: { what: "The finding, resolved; the first word stays", schema: FindingAnswer } },
  refuses: ["no-such-finding", "already-resolved"],
};

/** Who says something of a finding, and when. */
interface Word {
  readonly at: Instant;
  readonly by: string;
  readonly note: string;
}

const isOver = ({ verdict, changedAt }: Finding): Refused =>
  new Refused("already-resolved", `\`${verdict}\` has been over since ${changedAt}.`);

/** The finding with this word; `null` where somebody said so before. Throws `Refused`. */
function acknowledged(finding: Finding, word: Word): Finding | null {
  if (finding.acknowledged !== null) return null;
  if (finding.state === "resolved") throw isOver(finding);
  return { ...finding, acknowledged: word };
}

function resolved(finding: Finding, word: Word): Finding | null {
  if (finding.resolvedBy !== null) return null;
  if (finding.state === "resolved") throw isOver(finding);
  return { ...finding, state: "resolved", changedAt: word.at, resolvedBy: word };
}

/** The finding that a request is about, for those who may speak of it. Throws `Refused`. */
async function demandFinding(c: Context, by: Credential, ports: ApiPorts): Promise<Demanded> {
  const watched = await watchedProject(c.req.param("project") ?? "", ports);
  const sight = sightOf(by, await ports.view.ofProject(watched.project));
  const finding = await findingOf(c.req.param("finding") ?? "", watched, sight, ports);
  if (finding === null || sight.findings([finding]).length === 0) throw noSuchFinding(watched);
  if (!sight.isOwn(finding.enrolment))
    throw new Refused("wrong-project-key", "The finding is another watcher's: theirs alone to speak of.");
  const answered = (latest: Finding) => sight.findings([latest]).map((each) => asOfNow(each, watched))[0];
  return { finding, answered };
}

interface Demanded {
  readonly finding: Finding;
  /** As its owner is answered. */
  readonly answered: (latest: Finding) => FindingAnswer | undefined;
}

/**
 * A person's word on a finding. It is written into the history of the finding's subject first, beside what was judged; a
 * resolution is then told like any other, so that nobody ends a finding in silence. Repeatable; durable when it resolves.
 */
export function acknowledgingRoutes(app: Hono, ports: ApiPorts): void {
  const saying = (
    route: Route,
    Body: z.ZodMiniType<{ note?: string | undefined }>,
    said: (finding: Finding, word: Word) => Finding | null,
  ): void =>
    serve(app, route, async (c) => {
      const { id: by, ...caller } = await demandKey(c.req.raw, ports, ["maintainer", "operator"]);
      const { finding, answered } = await demandFinding(c, { id: by, ...caller }, ports);
      const { note = "" } = bodyBy(Body, await readJson(c.req.raw, {}));
      const word = { at: ports.clock.now(), by, note };
      const told = await appendState(finding, by, ports, (latest) => said(latest ?? finding, word));
      if (told !== null) await publish(told, ports);
      await ports.durability.flush();
      return c.json(answered(told?.finding ?? finding));
    });
  saying(ACKNOWLEDGE, Noted, acknowledged);
  saying(RESOLVE, Reasoned, resolved);
}
