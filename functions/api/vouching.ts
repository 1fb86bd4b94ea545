import type { Hono } from "hono";
import { type Enrolment, isSelfClaimed } from "../domain/enrolments.ts";
import { enrolmentSubject } from "../domain/ledger.ts";
import type { ProjectName } from "../domain/names.ts";
import { quoted } from "../records/quoted.ts";
import { demandKey } from "./callers.ts";
import { untilUncontended } from "./contention.ts";
import { Refused } from "./problems.ts";
import { projectNamed } from "./projects.ts";
import type { ApiPorts } from "./seams.ts";

const unknown = (project: ProjectName, id: string): Refused =>
  new Refused("no-such-enrolment", `${project} has no enrolment ${quoted(id)}.`);

/** Appends that the operator vouched, once. */
async function tell(ports: ApiPorts, enrolment: string, by: string): Promise<void> {
  const subject = enrolmentSubject(enrolment);
  const history = await ports.ledger.read(subject);
  if (history.some(({ body }) => body.kind === "vouched")) return;
  await ports.ledger.append(subject, history.at(-1) ?? null, { kind: "vouched", enrolment, by });
}

/**
 * The operator vouches for a self-claimed enrolment; for any other there is nothing to do. The history is told first, so
 * that no vouching takes effect that it does not know. Repeatable: after a crash at any point the same request again
 * leaves what one would have left, and the first instant stays. Durable when it resolves. Throws `Refused`.
 */
async function vouch(ports: ApiPorts, project: ProjectName, id: string, by: string): Promise<Enrolment> {
  const known = (await ports.enrolments.ofProject(project)).find((enrolment) => enrolment.id === id);
  if (known === undefined) throw unknown(project, id);
  if (!known.selfClaimed) return known;
  await untilUncontended(() => tell(ports, id, by));
  const vouched = await ports.enrolments.vouch(project, id, ports.clock.now());
  if (vouched === null) throw unknown(project, id);
  await ports.durability.flush();
  return vouched;
}

/** `POST /v1/projects/{project}/enrolments/{id}/vouch`: the operator says that a watcher is who they claim to be. */
export function vouchRoutes(app: Hono, ports: ApiPorts): void {
  app.post("/v1/projects/:project/enrolments/:id/vouch", async (c) => {
    const caller = await demandKey(c.req.raw, ports, ["operator"]);
    const enrolment = await vouch(ports, projectNamed(c.req.param("project")), c.req.param("id"), caller.id);
    return c.json({ ...enrolment, selfClaimed: isSelfClaimed(enrolment) });
  });
}
