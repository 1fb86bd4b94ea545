import type { Hono } from "hono";
import * as z from "zod/mini";
import { after, hours } from "../domain/instants.ts";
import { invitationsSubject } from "../domain/ledger.ts";
import { InvitationsAnswer, InvitedAnswer } from "../records/answers/enrolments.ts";
import { mintKey } from "../records/credentials.ts";
import { readJson } from "./bodies.ts";
import { demandKey } from "./callers.ts";
import { untilUncontended } from "./contention.ts";
import { parsedBy } from "./enrolling.ts";
import { projectNamed } from "./projects.ts";
import { type Route, serve } from "./route.ts";
import type { ApiPorts } from "./seams.ts";

const MOST_DAYS = 30;
const USUAL_DAYS = 7;

const InvitationAsked = z.strictObject({
  project: z.string(),
  days: z._default(z.int().check(z.gte(1), z.lte(MOST_DAYS)), USUAL_DAYS),
});

export const INVITE: Route = {
  method: "POST",
  path: "/v1/invitations",
  id: "invite",
  summary:
    "Let somebody enrol one project, once: their keys are then nobody else's, not the operator's either",
  who: "operator",
  body: InvitationAsked,
  answers: { 201: { what: "The invitation, shown this once.", schema: InvitedAnswer } },
  refuses: ["bad-project-name"],
};

export const INVITATIONS: Route = {
  method: "GET",
  path: "/v1/projects/{project}/invitations",
  id: "invitations",
  summary: "Who was invited to enrol the project, by which key, and whether they did",
  who: "operator",
  answers: { 200: { what: "All of them, the oldest first.", schema: InvitationsAnswer } },
  refuses: ["bad-project-name"],
};

async function invitationsTo(project: string, { ledger, enrolments }: ApiPorts): Promise<InvitationsAnswer> {
  const entries = await ledger.read(invitationsSubject(project));
  const invitations = entries.map(async ({ at, body }) => {
    if (body.kind !== "invited") return [];
    const { credential, expiresAt, by } = body;
    return [{ credential, at, expiresAt, by, used: (await enrolments.credential(credential)) === null }];
  });
  return { project, invitations: (await Promise.all(invitations)).flat() };
}

/** The history first: no invitation ever works that it does not know. */
async function invite(
  ports: ApiPorts,
  { project, days, by }: { readonly project: string; readonly days: number; readonly by: string },
): Promise<InvitedAnswer> {
  const now = ports.clock.now();
  const expiresAt = after(now, hours(24 * days));
  const { key, credential } = mintKey("invitation", { enrolment: null, project }, now, expiresAt);
  const subject = invitationsSubject(project);
  await untilUncontended(async () => {
    const last = (await ports.ledger.read(subject)).at(-1) ?? null;
    const body = { kind: "invited", credential: credential.id, project, expiresAt, by } as const;
    await ports.ledger.append(subject, last, body);
  });
  await ports.enrolments.addCredential(credential);
  await ports.durability.flush();
  return { project, invitation: key, credential: credential.id, expiresAt };
}

export function invitationRoutes(app: Hono, ports: ApiPorts): void {
  serve(app, INVITATIONS, async (c) => {
    await demandKey(c.req.raw, ports, ["operator"]);
    return c.json(await invitationsTo(projectNamed(c.req.param("project") ?? ""), ports));
  });
  serve(app, INVITE, async (c) => {
    const { id: by } = await demandKey(c.req.raw, ports, ["operator"]);
    const { project, days } = parsedBy(InvitationAsked, await readJson(c.req.raw));
    return c.json(await invite(ports, { project: projectNamed(project), days, by }), 201);
  });
}
