import type { Hono } from "hono";
import * as z from "zod/mini";
import {
  type Ask,
  type Credential,
  type Enrolment,
  type HeldCredential,
  isInForce,
} from "../domain/enrolments.ts";
import { after, type Instant } from "../domain/instants.ts";
import type { LedgerBody } from "../domain/ledger.ts";
import { AmendedAnswer, KeyAddedAnswer } from "../records/answers/enrolments.ts";
import { mintKey } from "../records/credentials.ts";
import { inert, quoted } from "../records/quoted.ts";
import { amendmentFor, cancelling } from "./amending.ts";
import { readJson } from "./bodies.ts";
import { isFromBefore } from "./callers.ts";
import { amendAndAnswer } from "./describing.ts";
import { MOST_HELD, NameAsked, parsedBy } from "./enrolling.ts";
import { Refused } from "./problems.ts";
import { type Route, serve } from "./route.ts";
import type { ApiPorts, ApiSettings } from "./seams.ts";
import { type Asking, demandWatcherOf, demandWatcherOrOperator } from "./watching.ts";

const CredentialAsked = z.strictObject({
  kind: z.enum(["maintainer", "ci"]),
  name: z._default(NameAsked, ""),
});

const CREDENTIALS = "/v1/projects/{project}/enrolments/{enrolment}/credentials";

export const ADD_CREDENTIAL: Route = {
  method: "POST",
  path: CREDENTIALS,
  id: "add-credential",
  summary: "Make another key; it works after the delay for what makes the monitor quieter",
  who: "watcher",
  body: CredentialAsked,
  answers: { 201: { what: "The key, shown this once.", schema: KeyAddedAnswer } },
  refuses: ["too-many"],
};

export const ROTATE: Route = {
  method: "POST",
  path: `${CREDENTIALS}/{credential}/rotate`,
  id: "rotate",
  summary: "Make a key in place of another, which works for as long again after the new one does",
  who: "watcher",
  answers: { 201: { what: "The key, shown this once.", schema: KeyAddedAnswer } },
  refuses: ["too-many", "no-such-credential"],
};

export const REVOKE: Route = {
  method: "DELETE",
  path: `${CREDENTIALS}/{credential}`,
  id: "revoke",
  summary: "End a key at once, and take back what it asked for and is not in force yet",
  who: "watcher or operator",
  answers: { 200: { what: "The enrolment without it.", schema: AmendedAnswer } },
  refuses: ["no-such-credential", "last-key"],
};

const heldNow = ({ credentials }: Enrolment, now: Instant): HeldCredential[] =>
  credentials.filter((each) => isInForce(each, now));

function demandRoom(enrolment: Enrolment, now: Instant): void {
  const pending = enrolment.amendments.filter(({ ask }) => ask.kind === "add-credential");
  if (heldNow(enrolment, now).length + pending.length >= MOST_HELD)
    throw new Refused("too-many", `The enrolment has ${MOST_HELD} keys. Revoke one that is not used.`);
}

function demandHeldKey(enrolment: Enrolment, id: string, now: Instant): HeldCredential {
  const held = heldNow(enrolment, now).find((each) => each.id === id);
  if (held === undefined)
    throw new Refused("no-such-credential", `The enrolment holds no key ${quoted(id)} in force.`);
  return held;
}

type Wanted = Pick<HeldCredential, "kind" | "name">;

/** Makes a key that nobody holds yet, and asks for its being held. Stopped in between, it opens nothing. */
async function addKey(
  asking: Asking,
  { ports, settings }: { readonly ports: ApiPorts; readonly settings: ApiSettings },
  { kind, name }: Wanted,
  replaces: (now: Instant) => (Ask & { kind: "add-credential" })["replaces"],
): Promise<KeyAddedAnswer> {
  const at = ports.clock.now();
  demandRoom(asking.now, at);
  const { key, credential } = mintKey(kind, { enrolment: asking.enrolment, project: asking.project }, at);
  const held = { id: credential.id, kind, name, addedAt: at, endsAt: null };
  await ports.enrolments.addCredential(credential);
  const { changes } = await amendAndAnswer(asking, ports, (enrolment, now) => {
    if (isAsked(enrolment, held.id)) return [];
    demandRoom(enrolment, now);
    const ask: Ask = { kind: "add-credential", credential: held, replaces: replaces(now) };
    return [amendmentFor(enrolment, ask, { by: asking.by, now }, settings)];
  });
  return { key, credential: { id: held.id, kind, name }, changes };
}

const isAsked = ({ amendments, credentials }: Enrolment, id: string): boolean =>
  credentials.some((each) => each.id === id) ||
  amendments.some(({ ask }) => ask.kind === "add-credential" && ask.credential.id === id);

/** A key to be ended; `before` is one that came with its enrolment before enrolments held their keys. */
interface Revoked {
  readonly id: string;
  readonly before: HeldCredential | null;
}

function heldBefore(enrolment: Enrolment, id: string, stored: Credential | null): HeldCredential | null {
  const isKnown = isAsked(enrolment, id) || stored?.enrolment !== enrolment.id;
  if (isKnown || stored === null || !isFromBefore(enrolment, stored)) return null;
  const { kind, createdAt } = stored;
  return kind === "maintainer" || kind === "ci"
    ? { id, kind, name: "first", addedAt: createdAt, endsAt: null }
    : null;
}

/** What ends a key, as far as it is not done yet: a thief must not be able to leave changes behind that come true without them. */
function revoking(
  enrolment: Enrolment,
  { id, before }: Revoked,
  { by, now }: { readonly by: string; readonly now: Instant },
  settings: ApiSettings,
): LedgerBody[] {
  const pending = enrolment.amendments.find(
    ({ ask }) => ask.kind === "add-credential" && ask.credential.id === id,
  );
  if (pending !== undefined) return [cancelling(enrolment, [pending.id], by, now)];
  const theirs = enrolment.amendments.filter((each) => each.by === id).map((each) => each.id);
  const taken = theirs.length > 0 ? [cancelling(enrolment, theirs, by, now)] : [];
  const held = enrolment.credentials.find((each) => each.id === id);
  const isOver = before === null && (held === undefined || !isInForce(held, now));
  const ask: Ask = { kind: "end-credential", id, ...(before !== null && { held: before }) };
  return [...taken, ...(isOver ? [] : [amendmentFor(enrolment, ask, { by, now }, settings)])];
}

/** Whoever revoked the last one, thief or not, could not be told apart from the watcher any more: the operator can. */
function demandRevocable(
  enrolment: Enrolment,
  { id, before }: Revoked,
  now: Instant,
  isOperator: boolean,
): void {
  if (before === null && !isAsked(enrolment, id))
    throw new Refused("no-such-credential", `The enrolment has no key ${quoted(id)}.`);
  const maintainers = heldNow(enrolment, now).filter(({ kind }) => kind === "maintainer");
  const isOne = before?.kind === "maintainer" || maintainers.some((each) => each.id === id);
  if (!isOperator && isOne && maintainers.every((each) => each.id === id))
    throw new Refused(
      "last-key",
      "It is the last maintainer key: without it nobody could take anything back. Make another first, or ask the operator.",
    );
}

export function credentialRoutes(app: Hono, ports: ApiPorts, settings: ApiSettings): void {
  const host = { ports, settings };
  serve(app, ADD_CREDENTIAL, async (c) => {
    const asking = await demandWatcherOf(c, ports);
    const { kind, name } = parsedBy(CredentialAsked, await readJson(c.req.raw));
    return c.json(await addKey(asking, host, { kind, name: inert(name) }, () => null), 201);
  });
  serve(app, ROTATE, async (c) => {
    const asking = await demandWatcherOf(c, ports);
    const old = demandHeldKey(asking.now, c.req.param("credential") ?? "", ports.clock.now());
    // As long again: whoever keeps the new one has that time to put it where the old one lies.
    const endsAt = (now: Instant): Instant => after(now, 2 * settings.quieteningMs);
    return c.json(await addKey(asking, host, old, (now) => ({ id: old.id, endsAt: endsAt(now) })), 201);
  });
  serve(app, REVOKE, async (c) => {
    const asking = await demandWatcherOrOperator(c, ports);
    const id = c.req.param("credential") ?? "";
    const stored = await ports.enrolments.credential(id);
    const revoked = (enrolment: Enrolment): Revoked => ({ id, before: heldBefore(enrolment, id, stored) });
    const answer = await amendAndAnswer(asking, ports, (enrolment, now) => {
      demandRevocable(enrolment, revoked(enrolment), now, asking.isOperator);
      return revoking(enrolment, revoked(enrolment), { by: asking.by, now }, settings);
    });
    return c.json(answer satisfies AmendedAnswer);
  });
}
