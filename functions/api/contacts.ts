import type { Hono } from "hono";
import { type Contact, type Enrolment, isInForce } from "../domain/enrolments.ts";
import { between, type Instant, minutes } from "../domain/instants.ts";
import { AmendedAnswer, ContactAddedAnswer, ContactAskedAnswer } from "../records/answers/enrolments.ts";
import { quoted } from "../records/quoted.ts";
import { amendmentFor } from "./amending.ts";
import { readJson } from "./bodies.ts";
import { amendAndAnswer, contactAnswer } from "./describing.ts";
import { ContactAsked, MOST_CONTACTS, parsedBy } from "./enrolling.ts";
import { asked, contactFor } from "./newcomers.ts";
import { Refused } from "./problems.ts";
import { type Route, serve } from "./route.ts";
import type { ApiPorts, ApiSettings } from "./seams.ts";
import { type Asking, demandWatcherOf } from "./watching.ts";

const CONTACTS = "/v1/projects/{project}/enrolments/{enrolment}/contacts";

export const ADD_CONTACT: Route = {
  method: "POST",
  path: CONTACTS,
  id: "add-contact",
  summary: "Have somebody told of this enrolment's findings, once they confirmed over their own channel",
  who: "watcher",
  body: ContactAsked,
  answers: { 201: { what: "The contact, which was asked.", schema: ContactAddedAnswer } },
  refuses: ["bad-contact", "unreachable-contact", "too-many"],
};

export const END_CONTACT: Route = {
  method: "DELETE",
  path: `${CONTACTS}/{contact}`,
  id: "end-contact",
  summary: "Have a contact told no more, later: told of it now",
  who: "watcher",
  answers: { 200: { what: "The enrolment, and from when it ends.", schema: AmendedAnswer } },
  refuses: ["no-such-contact"],
};

export const ASK_CONTACT: Route = {
  method: "POST",
  path: `${CONTACTS}/{contact}/ask`,
  id: "ask-contact",
  summary: "Ask a contact again whether it wants to be told",
  who: "watcher",
  answers: { 200: { what: "The contact, which was asked.", schema: ContactAskedAnswer } },
  refuses: ["no-such-contact", "unreachable-contact", "too-soon"],
};

/** A mailbox is not to be filled by whoever holds a key. */
const ASK_AGAIN_MS = minutes(1);

const held = ({ contacts }: Enrolment, now: Instant): Contact[] =>
  contacts.filter((each) => isInForce(each, now));

function demandContact(enrolment: Enrolment, id: string, now: Instant): Contact {
  const contact = held(enrolment, now).find((each) => each.id === id);
  if (contact === undefined)
    throw new Refused("no-such-contact", `The enrolment has no contact ${quoted(id)}.`);
  return contact;
}

const isSame = (one: Contact, other: Contact): boolean =>
  one.kind === other.kind && one.address === other.address;

/** Two in flight at once must not both come in as the tenth. */
function demandRoom(enrolment: Enrolment, now: Instant): void {
  if (held(enrolment, now).length >= MOST_CONTACTS)
    throw new Refused("too-many", `The enrolment has ${MOST_CONTACTS} contacts. End one first.`);
}

/** When each contact was last asked, as this process remembers: it keeps fingers off a button, and needs no more. */
class Questions {
  readonly #askedAt = new Map<string, Instant>();

  demandPause(contact: string, now: Instant): void {
    const last = this.#askedAt.get(contact);
    if (last !== undefined && between(last, now) < ASK_AGAIN_MS)
      throw new Refused("too-soon", "The contact was asked less than a minute ago. Look there first.");
    this.#askedAt.set(contact, now);
  }
}

/** What adding a contact needs of its host. */
interface ContactHost {
  readonly ports: ApiPorts;
  readonly settings: ApiSettings;
  readonly questions: Questions;
}

/** Adds a contact that was asked; the same address again is the same contact, asked again if it has not confirmed yet. */
async function addContact(asking: Asking, wanted: Contact, host: ContactHost): Promise<ContactAddedAnswer> {
  const { ports, settings, questions } = host;
  const now = ports.clock.now();
  const known = held(asking.now, now).find((each) => isSame(each, wanted));
  const confirmed = await ports.channels.confirmed(known === undefined ? [] : [known]);
  if (known !== undefined && confirmed.has(known.id))
    return { contact: contactAnswer(known, confirmed), changes: [] };
  if (known === undefined) demandRoom(asking.now, now);
  else questions.demandPause(known.id, now);
  const contact = await asked({ id: asking.enrolment, project: asking.project }, known ?? wanted, host);
  const { changes } = await amendAndAnswer(asking, ports, (enrolment, at) => {
    if (held(enrolment, at).some((each) => isSame(each, contact))) return [];
    demandRoom(enrolment, at);
    const ask = { kind: "add-contact", contact } as const;
    return [amendmentFor(enrolment, ask, { by: asking.by, now: at }, settings)];
  });
  return { contact: contactAnswer(contact, confirmed), changes };
}

const isEnding = ({ amendments }: Enrolment, id: string): boolean =>
  amendments.some(({ ask }) => ask.kind === "end-contact" && ask.id === id);

export function contactRoutes(app: Hono, ports: ApiPorts, settings: ApiSettings): void {
  const questions = new Questions();
  const host = { ports, settings, questions };
  serve(app, ADD_CONTACT, async (c) => {
    const asking = await demandWatcherOf(c, ports);
    const wanted = contactFor(parsedBy(ContactAsked, await readJson(c.req.raw)), ports.clock.now());
    return c.json(await addContact(asking, wanted, host), 201);
  });
  serve(app, END_CONTACT, async (c) => {
    const asking = await demandWatcherOf(c, ports);
    const id = c.req.param("contact") ?? "";
    const answer = await amendAndAnswer(asking, ports, (enrolment, now) => {
      demandContact(enrolment, id, now);
      if (isEnding(enrolment, id)) return [];
      return [amendmentFor(enrolment, { kind: "end-contact", id }, { by: asking.by, now }, settings)];
    });
    return c.json(answer satisfies AmendedAnswer);
  });
  serve(app, ASK_CONTACT, async (c) => {
    const asking = await demandWatcherOf(c, ports);
    const now = ports.clock.now();
    const contact = demandContact(asking.now, c.req.param("contact") ?? "", now);
    questions.demandPause(contact.id, now);
    await asked({ id: asking.enrolment, project: asking.project }, contact, host);
    await ports.durability.flush();
    const confirmed = await ports.channels.confirmed([contact]);
    return c.json({ contact: contactAnswer(contact, confirmed) } satisfies ContactAskedAnswer);
  });
}
