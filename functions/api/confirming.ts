import type { Context, Hono } from "hono";
import { accepts } from "hono/accepts";
import { html } from "hono/html";
import { inForce } from "../domain/amendments.ts";
import { type Contact, type Enrolment, isInForce, isSelfClaimed } from "../domain/enrolments.ts";
import type { Instant } from "../domain/instants.ts";
import { ConfirmedAnswer } from "../records/answers/enrolments.ts";
import { verifyKey } from "../records/credentials.ts";
import { amendEnrolment } from "./amending.ts";
import { PROBLEMS, type ProblemKind, Refused } from "./problems.ts";
import { type Route, serve } from "./route.ts";
import type { ApiPorts } from "./seams.ts";

const PATH = "/v1/confirmations/{token}";
const PAGE = "text/html";
const REFUSES = ["unknown-key", "expired-key", "no-such-contact", "enrolment-ended"] as const;

export const ASKED: Route = {
  method: "GET",
  path: PATH,
  id: "asked",
  summary: "The page with the button that confirms a contact; looking at it confirms nothing",
  who: "anybody",
  answers: { 200: { what: "A page for people.", schema: null, also: [PAGE] } },
  refuses: REFUSES,
};

export const CONFIRM: Route = {
  method: "POST",
  path: PATH,
  id: "confirm",
  summary: "Say that whoever reads at a contact wants to be told",
  who: "anybody",
  answers: {
    200: { what: "Confirmed; the first instant stays.", schema: ConfirmedAnswer, also: [PAGE] },
  },
  refuses: REFUSES,
};

/** What a token leads to. */
interface Found {
  readonly enrolment: Enrolment;
  readonly contact: Contact;
}

/** Throws `Refused`: an unknown token and a wrong one look alike. */
async function foundBy(token: string, ports: ApiPorts): Promise<Found> {
  const credential = await verifyKey(token, (id) => ports.enrolments.credential(id));
  if (credential?.kind !== "contact" || credential.project === null)
    throw new Refused(
      "unknown-key",
      "This link is not one of this monitor's. Copy all of it, or ask for another.",
    );
  const now = ports.clock.now();
  if (credential.expiresAt !== null && credential.expiresAt <= now)
    throw new Refused("expired-key", `This link was good until ${credential.expiresAt}. Ask for another.`);
  const stored = (await ports.enrolments.ofProject(credential.project)).find(
    ({ id }) => id === credential.enrolment,
  );
  const enrolment = stored && inForce(stored, now);
  if (enrolment === undefined)
    throw new Refused("enrolment-ended", `Nobody watches ${credential.project} for you any more.`);
  return { enrolment, contact: demandAsked(enrolment, credential.contact, now) };
}

function demandAsked(enrolment: Enrolment, id: string | undefined, now: Instant): Contact {
  if (enrolment.endedAt !== null)
    throw new Refused("enrolment-ended", `Nobody watches ${enrolment.project} for you any more.`);
  const contact = enrolment.contacts.find((each) => each.id === id);
  if (contact === undefined || !isInForce(contact, now))
    throw new Refused(
      "no-such-contact",
      "This address was taken out again, or its enrolment was never finished.",
    );
  return contact;
}

const STYLE =
  "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:38rem;margin:12vh auto;padding:0 1rem;color:#1a1a1a;background:#fff}" +
  "button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:.4rem;background:#0b5;color:#fff;cursor:pointer}" +
  "code{word-break:break-all}@media(prefers-color-scheme:dark){body{color:#eee;background:#111}}";

/** Nothing but this page's own style and its own form: no script, no picture, in nobody's frame. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

async function page(
  c: Context,
  title: string,
  content: ReturnType<typeof html>,
  status: ProblemKind["status"] | 200 = 200,
): Promise<Response> {
  c.header("Content-Security-Policy", POLICY);
  c.header("Referrer-Policy", "no-referrer");
  return c.html(
    html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>${title}</title><style>${STYLE}</style></head>
<body><h1>${title}</h1>${content}</body></html>`,
    status,
  );
}

/** What strangers call themselves is not repeated over this monitor's name: they could call themselves anything. */
const whose = (enrolment: Enrolment) =>
  isSelfClaimed(enrolment)
    ? html`Nobody but they say who they are; their enrolment is <code>${enrolment.id}</code>.`
    : enrolment.watcher === ""
      ? html`Their enrolment is <code>${enrolment.id}</code>.`
      : html`They call themselves <q>${enrolment.watcher}</q>; their enrolment is <code>${enrolment.id}</code>.`;

const question = ({ enrolment, contact: { address } }: Found) => html`
<p>Counterfoil watches whether PyPI publishes what the developer of <strong>${enrolment.project}</strong> released. Somebody who
watches that project wants alerts of what it finds sent to <code>${address}</code>. ${whose(enrolment)}</p>
<form method="post"><button>Yes, send them here</button></form>
<p>If you do not know what this is about, close this page: nothing is ever sent unless you agree.</p>`;

const thanks = ({ enrolment: { project }, contact: { address } }: Found) => html`
<p>Alerts about <strong>${project}</strong> come to <code>${address}</code> from now on. Whoever watches it can send a drill:
<code>counterfoil drill ${project}</code>.</p>`;

async function confirm({ enrolment, contact }: Found, ports: ApiPorts): Promise<ConfirmedAnswer> {
  const { id, project } = enrolment;
  const asked = { project, enrolment: id, by: contact.id };
  const after = await amendEnrolment(asked, ports, (latest, now) => {
    const { confirmedAt } = demandAsked(latest, contact.id, now);
    return confirmedAt === null ? [{ kind: "confirmed", contact: contact.id }] : [];
  });
  const confirmed = after.contacts.find((each) => each.id === contact.id)?.confirmedAt;
  if (!confirmed) throw new Refused("no-such-contact", "This address was taken out in the meantime.");
  return { project, enrolment: id, contact: contact.id, confirmedAt: confirmed };
}

/** People are told in a page why their link leads nowhere; programs get the problem. */
async function explained(c: Context, answer: () => Promise<Response>): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof Refused) || !isBrowser(c)) throw error;
    const { status } = PROBLEMS[error.code];
    return page(c, "This link leads nowhere", html`<p>${error.message}</p>`, status);
  }
}

const isBrowser = (c: Context): boolean =>
  accepts(c, { header: "Accept", supports: ["application/json", PAGE], default: "application/json" }) ===
  PAGE;

/** Where a host's topic asks contacts by itself, nothing leads here. */
export function confirmingRoutes(app: Hono, ports: ApiPorts): void {
  serve(app, ASKED, (c) =>
    explained(c, async () => {
      const found = await foundBy(c.req.param("token") ?? "", ports);
      return page(c, `Alerts about ${found.enrolment.project}`, question(found));
    }),
  );
  serve(app, CONFIRM, (c) =>
    explained(c, async () => {
      const found = await foundBy(c.req.param("token") ?? "", ports);
      const answer = await confirm(found, ports);
      return isBrowser(c) ? page(c, "Thank you", thanks(found)) : c.json(answer);
    }),
  );
}
