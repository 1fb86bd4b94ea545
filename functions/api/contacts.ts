import type { Context, Hono } from "hono";
import { type Contact, type Enrolment, isInForce } from "../domain/enrolments.ts";
import { after, between, type Instant, minutes } from "../domain/instants.ts";
import { AmendedAnswer, ContactAddedAnswer, ContactAskedAnswer } from "../records/answers/enrolments.ts";
import { quoted } from "../records/quoted.ts";
import { amendEnrolment, amendmentFor, cancelling } from "./amending.ts";
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

/**
 * The pause before a contact is asked again; each is twice as long as the one before. A mailbox is not to be filled by whoever
 * holds a key, and where registration is open anybody does: so it is a dozen questions in a day, whoever asks.
 */
const PAUSE_MS = minutes(1);

/** How long a contact is to be left alone; 0 when it may be asked. */
function pauseMs({ addedAt, asked }: Contact, now: Instant): number {
  const waitMs = PAUSE_MS * 2 ** Math.max(0, (asked?.times ?? 0) - 1);
  return Math.max(0, waitMs - between(asked?.at ?? addedAt, now));
}

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

interface ContactHost {
  readonly ports: ApiPorts;
  readonly settings: ApiSettings;
}

/** Asks what is written down already, so that no process forgets it. Throws `Refused`. */
async function question(asking: Asking, contact: Contact, host: ContactHost): Promise<void> {
  await asked({ id: asking.enrolment, project: asking.project }, contact, host);
  await host.ports.durability.flush();
}

/** Adds a contact that was asked. Throws `Refused`. */
async function addContact(asking: Asking, wanted: Contact, host: ContactHost): Promise<ContactAddedAnswer> {
  const { ports, settings } = host;
  const { by, now: before } = asking;
  demandRoom(before, ports.clock.now());
  const reached = await asked({ id: before.id, project: before.project }, wanted, host);
  let contact = reached;
  const { changes } = await amendAndAnswer(asking, ports, (enrolment, now) => {
    // Two at once: the one that came first stays, and only its link leads somewhere.
    contact = held(enrolment, now).find((each) => isSame(each, reached)) ?? reached;
    if (contact !== reached) return [];
    demandRoom(enrolment, now);
    return [amendmentFor(enrolment, { kind: "add-contact", contact }, { by, now }, settings)];
  });
  return { contact: contactAnswer(contact, new Set()), changes };
}

/** The same address again is the same contact: asked again if it has not confirmed, in its time, and kept if it was to end. */
async function keepContact(asking: Asking, known: Contact, host: ContactHost): Promise<ContactAddedAnswer> {
  const { ports } = host;
  const { by } = asking;
  const confirmed = await ports.channels.confirmed([known]);
  let isDue = false;
  const { changes } = await amendAndAnswer(asking, ports, (enrolment, now) => {
    const contact = demandContact(enrolment, known.id, now);
    isDue = !confirmed.has(known.id) && pauseMs(contact, now) === 0;
    const ends = endsOf(enrolment, known.id);
    const kept = ends.length > 0 ? [cancelling(enrolment, ends, by, now)] : [];
    return [...kept, ...(isDue ? [{ kind: "asked", contact: known.id, by } as const] : [])];
  });
  if (isDue) await question(asking, known, host);
  return { contact: contactAnswer(known, confirmed), changes };
}

/** Asks again what was asked before; of who confirmed there is nothing to ask. Throws `Refused`. */
async function askAgain(c: Context, asking: Asking, host: ContactHost): Promise<ContactAskedAnswer> {
  const { ports } = host;
  const known = demandContact(asking.now, c.req.param("contact") ?? "", ports.clock.now());
  const confirmed = await ports.channels.confirmed([known]);
  if (!confirmed.has(known.id)) {
    await amendEnrolment(asking, ports, (enrolment, now) => {
      demandPause(c, demandContact(enrolment, known.id, now), now);
      return [{ kind: "asked", contact: known.id, by: asking.by }];
    });
    await question(asking, known, host);
  }
  return { contact: contactAnswer(known, confirmed) };
}

function demandPause(c: Context, contact: Contact, now: Instant): void {
  const leftMs = pauseMs(contact, now);
  if (leftMs === 0) return;
  c.header("Retry-After", String(Math.ceil(leftMs / 1000)));
  const last = contact.asked?.at ?? contact.addedAt;
  throw new Refused(
    "too-soon",
    `The contact was asked at ${last}, and may be asked again at ${after(now, leftMs)}. Look there first.`,
  );
}

/** Pending changes by which a contact is to end. */
const endsOf = ({ amendments }: Enrolment, id: string): string[] =>
  amendments.flatMap((each) => (each.ask.kind === "end-contact" && each.ask.id === id ? [each.id] : []));

export function contactRoutes(app: Hono, ports: ApiPorts, settings: ApiSettings): void {
  const host: ContactHost = { ports, settings };
  serve(app, ADD_CONTACT, async (c) => {
    const asking = await demandWatcherOf(c, ports);
    const now = ports.clock.now();
    const wanted = contactFor(parsedBy(ContactAsked, await readJson(c.req.raw)), now);
    const known = held(asking.now, now).find((each) => isSame(each, wanted));
    const answer = known === undefined ? addContact(asking, wanted, host) : keepContact(asking, known, host);
    return c.json(await answer, 201);
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
