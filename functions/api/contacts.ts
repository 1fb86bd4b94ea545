import type { Context, Hono } from "hono";
import { type Contact, type Enrolment, isInForce } from "../domain/enrolments.ts";
import { between, type Instant, minutes } from "../domain/instants.ts";
import { AmendedAnswer, ContactAddedAnswer, ContactAskedAnswer } from "../records/answers/enrolments.ts";
import { quoted } from "../records/quoted.ts";
import { amendmentFor, cancelling } from "./amending.ts";
import { readJson } from "./bodies.ts";
import { amendAndAnswer, contactAnswer } from "./describing.ts";
import { ContactAsked, MOST_CONTACTS, parsedBy } from "./enrolling.ts";
import { asked, contactFor } from "./newcomers.ts";
import { Refused } from "./problems.ts";
import { madeOrWaiting } from "./repeating.ts";
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

/** When each contact was asked in the last minute, as this process remembers: it keeps fingers off a button, and needs no more. */
class Questions {
  readonly #askedAt = new Map<string, Instant>();

  /** How long the contact is to be left alone; 0 when it may be asked. */
  pauseMs(contact: string, now: Instant): number {
    const last = this.#askedAt.get(contact);
    return last === undefined ? 0 : Math.max(0, ASK_AGAIN_MS - between(last, now));
  }

  note(contact: string, now: Instant): void {
    for (const id of this.#askedAt.keys()) if (this.pauseMs(id, now) === 0) this.#askedAt.delete(id);
    this.#askedAt.set(contact, now);
  }
}

/** What adding a contact needs of its host. */
interface ContactHost {
  readonly ports: ApiPorts;
  readonly settings: ApiSettings;
  readonly questions: Questions;
}

/** Asks a contact, and remembers when. Throws `Refused`. */
async function question(asking: Asking, contact: Contact, host: ContactHost): Promise<Contact> {
  const reached = await asked({ id: asking.enrolment, project: asking.project }, contact, host);
  host.questions.note(contact.id, host.ports.clock.now());
  return reached;
}

/**
 * Adds a contact that was asked. The same address again is the same contact: asked again if it has not confirmed and was not
 * asked just now, and kept if it was to end.
 */
async function addContact(asking: Asking, wanted: Contact, host: ContactHost): Promise<ContactAddedAnswer> {
  const { ports, settings, questions } = host;
  const { by } = asking;
  const at = ports.clock.now();
  const known = held(asking.now, at).find((each) => isSame(each, wanted));
  if (known === undefined) demandRoom(asking.now, at);
  const confirmed = await ports.channels.confirmed(known === undefined ? [] : [known]);
  const isAnswered = known !== undefined && (confirmed.has(known.id) || questions.pauseMs(known.id, at) > 0);
  const reached = isAnswered ? known : await question(asking, known ?? wanted, host);
  let contact = reached;
  const { changes } = await amendAndAnswer(asking, ports, (enrolment, now) => {
    const there = held(enrolment, now).find((each) => isSame(each, reached));
    // Two at once: the one that came first stays, and only its link leads somewhere.
    contact = there ?? reached;
    const ends = endsOf(enrolment, contact.id);
    if (ends.length > 0) return [cancelling(enrolment, ends, by, now)];
    if (there !== undefined) return [];
    demandRoom(enrolment, now);
    return [amendmentFor(enrolment, { kind: "add-contact", contact }, { by, now }, settings)];
  });
  return { contact: contactAnswer(contact, confirmed), changes };
}

/** Asks again what was asked before. Throws `Refused`. */
async function askAgain(c: Context, asking: Asking, host: ContactHost): Promise<ContactAskedAnswer> {
  const { ports, questions } = host;
  const now = ports.clock.now();
  const contact = demandContact(asking.now, c.req.param("contact") ?? "", now);
  const pauseMs = questions.pauseMs(contact.id, now);
  if (pauseMs > 0) {
    c.header("Retry-After", String(Math.ceil(pauseMs / 1000)));
    throw new Refused("too-soon", "The contact was asked less than a minute ago. Look there first.");
  }
  await question(asking, contact, host);
  await ports.durability.flush();
  return { contact: contactAnswer(contact, await ports.channels.confirmed([contact])) };
}

/** Pending changes by which a contact is to end. */
const endsOf = ({ amendments }: Enrolment, id: string): string[] =>
  amendments.flatMap((each) => (each.ask.kind === "end-contact" && each.ask.id === id ? [each.id] : []));

export function contactRoutes(app: Hono, ports: ApiPorts, settings: ApiSettings): void {
  const host: ContactHost = { ports, settings, questions: new Questions() };
  serve(app, ADD_CONTACT, async (c) => {
    const asking = await demandWatcherOf(c, ports);
    const wanted = contactFor(parsedBy(ContactAsked, await readJson(c.req.raw)), ports.clock.now());
    return c.json(await addContact(asking, wanted, host), 201);
  });
  serve(app, END_CONTACT, async (c) => {
    const asking = await demandWatcherOf(c, ports);
    const id = c.req.param("contact") ?? "";
    let waiting: string[] = [];
    const answer = await amendAndAnswer(asking, ports, (enrolment, now) => {
      demandContact(enrolment, id, now);
      waiting = endsOf(enrolment, id);
      if (waiting.length > 0) return [];
      return [amendmentFor(enrolment, { kind: "end-contact", id }, { by: asking.by, now }, settings)];
    });
    const changes = madeOrWaiting(answer, waiting);
    return c.json({ ...answer, changes } satisfies AmendedAnswer);
  });
  serve(app, ASK_CONTACT, async (c) => {
    const asking = await demandWatcherOf(c, ports);
    return c.json(await askAgain(c, asking, host));
  });
}
