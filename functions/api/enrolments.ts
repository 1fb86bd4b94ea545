import type { Context, Hono } from "hono";
import * as z from "zod/mini";
import { inForce } from "../domain/amendments.ts";
import { change } from "../domain/changes.ts";
import {
  type Credential,
  type Enrolment,
  type HeldCredential,
  isSelfClaimed,
  newEnrolment,
} from "../domain/enrolments.ts";
import { after, minutes } from "../domain/instants.ts";
import { enrolmentSubject } from "../domain/ledger.ts";
import type { ProjectName } from "../domain/names.ts";
import { amended, DEFAULT_POLICY } from "../domain/policy.ts";
import { Conflict } from "../ports.ts";
import { EnrolledAnswer, EnrolmentAnswer, EnrolmentsAnswer } from "../records/answers/enrolments.ts";
import { mintId, mintKey } from "../records/credentials.ts";
import { inert } from "../records/quoted.ts";
import { queryOf } from "./asking.ts";
import { readJson } from "./bodies.ts";
import { bearerIn, callerOf, demandKey } from "./callers.ts";
import { changeIn } from "./choosing.ts";
import { enrolmentAnswer, knownEnrolment } from "./describing.ts";
import { EnrolmentAsked, parsedBy } from "./enrolling.ts";
import { asked as askedContact, contactFor, publisherFor, signerFor } from "./newcomers.ts";
import { PAGE_ASKED, paged } from "./paging.ts";
import { Refused } from "./problems.ts";
import { projectNamed, watchedProject } from "./projects.ts";
import { type Route, serve } from "./route.ts";
import type { ApiPorts, ApiSettings } from "./seams.ts";
import { demandWatcherOrOperator } from "./watching.ts";

export const ENROL: Route = {
  method: "POST",
  path: "/v1/enrolments",
  id: "enrol",
  summary: "Have a project watched",
  who: "whoever enrols",
  body: EnrolmentAsked,
  answers: { 201: { what: "The enrolment and its two keys, shown this once.", schema: EnrolledAnswer } },
  refuses: [
    "missing-key",
    "wrong-key-kind",
    "wrong-project-key",
    "bad-project-name",
    "bad-policy",
    "bad-contact",
    "unreachable-contact",
    "bad-signer",
    "weak-signature",
    "bad-publisher",
    "too-many-enrolments",
  ],
};

const EnrolmentsAsked = z.strictObject(PAGE_ASKED);

export const ENROLMENTS: Route = {
  method: "GET",
  path: "/v1/projects/{project}/enrolments",
  id: "enrolments",
  summary: "Who watches a project; one's own in full",
  who: "anybody",
  query: EnrolmentsAsked,
  answers: { 200: { what: "A page, the oldest first.", schema: EnrolmentsAnswer } },
  refuses: [],
};

export const ENROLMENT: Route = {
  method: "GET",
  path: "/v1/projects/{project}/enrolments/{enrolment}",
  id: "enrolment",
  summary: "One's own enrolment, with what is pending",
  who: "watcher or operator",
  answers: { 200: { what: "The enrolment as it is now.", schema: EnrolmentAnswer } },
  refuses: [],
};

/** The enrolment's own change looks at once; the sweep makes good what that look could not. */
const SECOND_LOOK_MS = minutes(10);

/** Who lets a watcher in. */
interface Admission {
  readonly by: string;
  readonly selfClaimed: boolean;
  /** The invitation, used up by enrolling. */
  readonly invitation: Credential | null;
}

/** Without a key a watcher lets themselves in where registration is open; else by the operator's or an invitation. Throws `Refused`. */
async function admit(request: Request, ports: ApiPorts, { registration }: ApiSettings): Promise<Admission> {
  if (registration === "open" && bearerIn(request) === null)
    return { by: "anybody", selfClaimed: true, invitation: null };
  const caller = await demandKey(request, ports, ["operator", "invitation"]);
  return { by: caller.id, selfClaimed: false, invitation: caller.kind === "invitation" ? caller : null };
}

/**
 * The most self-claimed enrolments of one project; those invited or vouched for do not count and are never refused. Each
 * adds its judgement and its findings (2.5 KB each) to every ledger entry of the project's artifacts, and an entry has a
 * limit: strangers must not be able to exceed it and so silence everybody else. Counted before adding, so that requests
 * under way at once may pass it by as many as they are.
 */
export const MOST_SELF_CLAIMED = 10;

/** The most enrolments of one project, whoever let them in: more judgements than theirs fit no ledger entry. */
export const MOST_ENROLMENTS = 100;

async function demandRoom(project: ProjectName, selfClaimed: boolean, ports: ApiPorts): Promise<void> {
  const now = ports.clock.now();
  const stored = (await ports.enrolments.ofProject(project)).map((each) => inForce(each, now));
  const enrolments = stored.filter(({ endedAt }) => endedAt === null);
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

/** What is asked for is in force at once: there is nothing yet that it could make quieter. */
async function enrolmentFor(
  asked: EnrolmentAsked,
  project: ProjectName,
  selfClaimed: boolean,
  host: { readonly ports: ApiPorts; readonly settings: ApiSettings },
): Promise<{ enrolment: Enrolment; keys: EnrolledAnswer["keys"]; credentials: readonly Credential[] }> {
  const [id, enrolledAt] = [mintId(), host.ports.clock.now()];
  const bearer = { enrolment: id, project };
  const minted = (["maintainer", "ci"] as const).map((kind) => ({
    kind,
    ...mintKey(kind, bearer, enrolledAt),
  }));
  const held = minted.map(
    ({ kind, credential }): HeldCredential => ({
      id: credential.id,
      kind,
      name: "first",
      addedAt: enrolledAt,
      endsAt: null,
    }),
  );
  const signers = asked.signers.map((line) => signerFor(line, enrolledAt));
  const enrolment = newEnrolment({
    id,
    project,
    enrolledAt,
    selfClaimed,
    watcher: inert(asked.watcher),
    policy: amended(DEFAULT_POLICY, changeIn(asked.policy)),
    credentials: held,
    signers: [...new Map(signers.map((each) => [each.fingerprint, each])).values()],
    publishers: asked.publishers.map((each) => publisherFor(each, enrolledAt, host.settings)),
  });
  // Asked last, when nothing else can be refused any more.
  const contacts = asked.contacts.map((each) => contactFor(each, enrolledAt));
  const once = new Map(contacts.map((each) => [`${each.kind} ${each.address}`, each]));
  const all = [];
  for (const contact of once.values()) all.push(await askedContact(enrolment, contact, host));
  const [maintainer = "", ci = ""] = minted.map(({ key }) => key);
  return {
    enrolment: { ...enrolment, contacts: all },
    keys: { maintainer, ci },
    credentials: minted.map(({ credential }) => credential),
  };
}

/**
 * Enrols, and puts the project on the road. The history comes first: no enrolment is ever judged for that it does not tell of,
 * and one that it tells of and is not there had its answer lost. What a crash leaves out behind the enrolment is done by the
 * next one of the project or by its next journal entry. Durable when it resolves. Throws `Refused`.
 */
async function enrol(
  ports: ApiPorts,
  { sweepMs }: ApiSettings,
  { enrolment, credentials }: { readonly enrolment: Enrolment; readonly credentials: readonly Credential[] },
  { by, invitation }: Admission,
): Promise<void> {
  const { id, project, enrolledAt } = enrolment;
  await ports.ledger.append(enrolmentSubject(id), null, { kind: "enrolled", enrolment, by });
  try {
    await ports.enrolments.add(enrolment, credentials, invitation?.id ?? null);
  } catch (error) {
    if (!(error instanceof Conflict) || invitation === null) throw error;
    throw new Refused("unknown-key", "The invitation was used in the meantime.");
  }
  const due = after(enrolledAt, Math.min(SECOND_LOOK_MS, sweepMs));
  await ports.deadlines.putIfAbsent({ kind: "page", project, file: "", due, sizeBytes: 0 });
  await ports.queues.changes.now.send([change({ project, reason: "enrolment", at: enrolledAt })]);
  await ports.durability.flush();
}

async function enrolled(c: Context, ports: ApiPorts, settings: ApiSettings): Promise<EnrolledAnswer> {
  const admission = await admit(c.req.raw, ports, settings);
  const asked = parsedBy(EnrolmentAsked, await readJson(c.req.raw));
  const project = projectNamed(asked.project);
  const { invitation, selfClaimed } = admission;
  if (invitation !== null && invitation.project !== project)
    throw new Refused(
      "wrong-project-key",
      `The invitation is for ${invitation.project}, not for ${project}.`,
    );
  await demandRoom(project, selfClaimed, ports);
  const made = await enrolmentFor(asked, project, selfClaimed, { ports, settings });
  await enrol(ports, settings, made, admission);
  return { ...(await enrolmentAnswer(made.enrolment, ports)), keys: made.keys };
}

/** Who watches, what one may know of it, and being let in. */
export function enrolmentRoutes(app: Hono, ports: ApiPorts, settings: ApiSettings): void {
  serve(app, ENROL, async (c) => c.json(await enrolled(c, ports, settings), 201));
  serve(app, ENROLMENTS, async (c) => {
    const caller = await callerOf(c.req.raw, ports);
    const { project, enrolments } = await watchedProject(c.req.param("project") ?? "", ports);
    const order = { name: "enrolments", keyOf: ({ enrolledAt, id }: Enrolment) => [enrolledAt, id] };
    const { items, next } = paged(enrolments, order, queryOf(c, EnrolmentsAsked));
    const now = ports.clock.now();
    const isOwn = ({ id }: Enrolment): boolean =>
      caller?.kind === "operator" || (caller?.kind === "maintainer" && caller.enrolment === id);
    const answers = items.map((stored) => {
      const enrolment = inForce(stored, now);
      return isOwn(enrolment) ? enrolmentAnswer(enrolment, ports) : knownEnrolment(enrolment);
    });
    return c.json({ project, enrolments: await Promise.all(answers), next } satisfies EnrolmentsAnswer);
  });
  serve(app, ENROLMENT, async (c) => {
    const { now } = await demandWatcherOrOperator(c, ports);
    return c.json((await enrolmentAnswer(now, ports)) satisfies EnrolmentAnswer);
  });
}
