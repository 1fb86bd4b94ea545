import type { Hono } from "hono";
import { change } from "../domain/changes.ts";
import { type Enrolment, isSelfClaimed } from "../domain/enrolments.ts";
import { after, minutes } from "../domain/instants.ts";
import { enrolmentSubject } from "../domain/ledger.ts";
import type { ProjectName } from "../domain/names.ts";
import { mintId, mintKey } from "../records/credentials.ts";
import { readJson } from "./bodies.ts";
import { demandKey } from "./callers.ts";
import { parseEnrolment } from "./enrolling.ts";
import { Refused } from "./problems.ts";
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

/** Who lets a watcher in. */
interface Admission {
  readonly by: string;
  readonly selfClaimed: boolean;
}

/** Without a key a watcher lets themselves in where registration is open; a key must be the operator's. Throws `Refused`. */
async function admit(request: Request, ports: ApiPorts, { registration }: ApiSettings): Promise<Admission> {
  const isAnybody = !request.headers.has("authorization");
  if (registration === "open" && isAnybody) return { by: "anybody", selfClaimed: true };
  return { by: (await demandKey(request, ports, ["operator"])).id, selfClaimed: false };
}

/**
 * The most self-claimed enrolments of one project; those invited or vouched for do not count and are never refused. Each
 * adds its judgement and its findings (2.5 KB each) to every ledger entry of the project's artifacts, and an entry has a
 * limit: strangers must not be able to exceed it and so silence everybody else. Counted before adding, so that requests
 * under way at once may pass it by as many as they are. How many projects anybody enrols, and how fast, is the gateway's to
 * throttle: on AWS by API Gateway's rate and burst for the stage, on the embedded host by a proxy in front of it.
 */
export const MOST_SELF_CLAIMED = 10;

/** The most enrolments of one project, whoever let them in: more judgements than theirs fit no ledger entry. */
export const MOST_ENROLMENTS = 100;

async function demandRoom(project: ProjectName, selfClaimed: boolean, ports: ApiPorts): Promise<void> {
  const enrolments = await ports.enrolments.ofProject(project);
  if (enrolments.length >= MOST_ENROLMENTS)
    throw new Refused(
      "too-many-enrolments",
      `${project} has ${enrolments.length}; more cannot be judged for.`,
    );
  const claimed = enrolments.filter(isSelfClaimed);
  if (selfClaimed && claimed.length >= MOST_SELF_CLAIMED)
    throw new Refused(
      "too-many-enrolments",
      `${project} has ${claimed.length} that nobody vouched for yet. The operator can vouch for one, or enrol you.`,
    );
}

/** `POST /v1/enrolments`: the operator lets a watcher in, or where registration is open a watcher lets themselves in. */
export function enrolmentRoutes(app: Hono, ports: ApiPorts, settings: ApiSettings): void {
  app.post("/v1/enrolments", async (c) => {
    const { by, selfClaimed } = await admit(c.req.raw, ports, settings);
    const asked = parseEnrolment(await readJson(c.req.raw));
    const project = projectNamed(asked.project);
    await demandRoom(project, selfClaimed, ports);
    const enrolledAt = ports.clock.now();
    const enrolment = {
      id: mintId(),
      project,
      policy: asked.policy,
      enrolledAt,
      selfClaimed,
      vouchedAt: null,
    };
    return c.json(await enrol(ports, settings, enrolment, by), 201);
  });
}
