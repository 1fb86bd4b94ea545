import type { Hono } from "hono";
import { change } from "../domain/changes.ts";
import type { Enrolment } from "../domain/enrolments.ts";
import { after, minutes } from "../domain/instants.ts";
import { enrolmentSubject } from "../domain/ledger.ts";
import { mintId, mintKey } from "../records/credentials.ts";
import { readJson } from "./bodies.ts";
import { demandKey } from "./callers.ts";
import { parseEnrolment } from "./enrolling.ts";
import { projectNamed } from "./projects.ts";
import type { ApiPorts, ApiSettings } from "./seams.ts";

/** The enrolment's own change looks at once; the sweep makes good what that look could not. */
const SECOND_LOOK_MS = minutes(10);

/** What the new watcher is told, once: the keys are stored nowhere. */
export interface Enrolled extends Enrolment {
  readonly keys: { readonly maintainer: string; readonly ci: string };
}

/**
 * Enrols, and puts the project on the road. What makes the enrolment be comes first; whatever a crash leaves out behind it
 * is done by the next enrolment of the project or by its next journal entry. Repeating makes a second enrolment, whose
 * verdicts are the same.
 */
async function enrol(
  ports: ApiPorts,
  { sweepMs }: ApiSettings,
  enrolment: Enrolment,
  by: string,
): Promise<Enrolled> {
  const { id, project, enrolledAt } = enrolment;
  const bearer = { enrolment: id, project };
  const maintainer = mintKey("maintainer", bearer, enrolledAt);
  const ci = mintKey("ci", bearer, enrolledAt);
  await ports.enrolments.add(enrolment, [maintainer.credential, ci.credential]);
  await ports.ledger.append(enrolmentSubject(id), null, { kind: "enrolled", enrolment, by });
  await ports.deadlines.putIfAbsent({
    kind: "page",
    project,
    file: "",
    due: after(enrolledAt, Math.min(SECOND_LOOK_MS, sweepMs)),
    sizeBytes: 0,
  });
  await ports.queues.changes.now.send([change({ project, reason: "enrolment", at: enrolledAt })]);
  await ports.durability.flush();
  return { ...enrolment, keys: { maintainer: maintainer.key, ci: ci.key } };
}

const INVITED = { selfClaimed: false, vouchedAt: null } as const;

/** `POST /v1/enrolments`: the operator lets a watcher in. */
export function enrolmentRoutes(app: Hono, ports: ApiPorts, settings: ApiSettings): void {
  app.post("/v1/enrolments", async (c) => {
    const caller = await demandKey(c.req.raw, ports, ["operator"]);
    const asked = parseEnrolment(await readJson(c.req.raw));
    const project = projectNamed(asked.project);
    const enrolledAt = ports.clock.now();
    const enrolment = { id: mintId(), project, policy: asked.policy, enrolledAt, ...INVITED };
    return c.json(await enrol(ports, settings, enrolment, caller.id), 201);
  });
}
