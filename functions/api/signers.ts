import type { Hono } from "hono";
import * as z from "zod/mini";
import { inForce } from "../domain/amendments.ts";
import { type Enrolment, isInForce, type Signer } from "../domain/enrolments.ts";
import type { Instant } from "../domain/instants.ts";
import { AmendedAnswer, SignerAddedAnswer } from "../records/answers/enrolments.ts";
import { quoted } from "../records/quoted.ts";
import { allowedSigners } from "../records/ssh/allowed-signers.ts";
import { amendmentFor } from "./amending.ts";
import { readJson } from "./bodies.ts";
import { amendAndAnswer, signerAnswer } from "./describing.ts";
import { MOST_HELD, parsedBy, SignerLine } from "./enrolling.ts";
import { signerFor } from "./newcomers.ts";
import { Refused } from "./problems.ts";
import { watchedProject } from "./projects.ts";
import { madeOrWaiting } from "./repeating.ts";
import { type Route, serve } from "./route.ts";
import type { ApiPorts, ApiSettings } from "./seams.ts";
import { demandWatcherOf } from "./watching.ts";

const ENROLMENT = "/v1/projects/{project}/enrolments/{enrolment}";

const SignerAsked = z.strictObject({ key: SignerLine });

export const ADD_SIGNER: Route = {
  method: "POST",
  path: `${ENROLMENT}/signers`,
  id: "add-signer",
  summary: "Register an SSH key: what it signs has the authority of a maintainer, later",
  who: "watcher",
  body: SignerAsked,
  answers: { 201: { what: "The key, and from when it counts.", schema: SignerAddedAnswer } },
  refuses: ["bad-signer", "weak-signature", "too-many"],
};

export const END_SIGNER: Route = {
  method: "DELETE",
  path: `${ENROLMENT}/signers/{fingerprint}`,
  id: "end-signer",
  summary: "Revoke a signing key at once",
  who: "watcher",
  answers: { 200: { what: "The enrolment without it.", schema: AmendedAnswer } },
  refuses: ["no-such-signer"],
};

export const ALLOWED_SIGNERS: Route = {
  method: "GET",
  path: `${ENROLMENT}/allowed_signers`,
  id: "allowed-signers",
  summary: "Who may sign, for `ssh-keygen -Y verify -f FILE -I PROJECT -n counterfoil`",
  who: "anybody",
  answers: { 200: { what: "An OpenSSH allowed_signers file.", schema: null, also: ["text/plain"] } },
  refuses: [],
};

const heldNow = ({ signers }: Enrolment, now: Instant): Signer[] =>
  signers.filter((each) => isInForce(each, now));

/** Asked for and not in force yet. */
const pendingOf = ({ amendments }: Enrolment): Signer[] =>
  amendments.flatMap(({ ask }) => (ask.kind === "add-signer" ? [ask.signer] : []));

/** Pending changes by which a key is to come. */
const waitingFor = ({ amendments }: Enrolment, { fingerprint }: Signer): string[] =>
  amendments.flatMap(({ id, ask }) =>
    ask.kind === "add-signer" && ask.signer.fingerprint === fingerprint ? [id] : [],
  );

function demandRoom(enrolment: Enrolment, now: Instant): void {
  if (heldNow(enrolment, now).length + pendingOf(enrolment).length >= MOST_HELD)
    throw new Refused("too-many", `The enrolment has ${MOST_HELD} signing keys. Revoke one first.`);
}

function demandSigner(enrolment: Enrolment, fingerprint: string): void {
  const all = [...enrolment.signers, ...pendingOf(enrolment)];
  if (all.some((each) => each.fingerprint === fingerprint)) return;
  throw new Refused("no-such-signer", `The enrolment has no signing key ${quoted(fingerprint)}.`);
}

/** With the watch ends what its keys sign for it. */
const allowedIn = ({ signers, endedAt }: Enrolment) =>
  signers.map(({ type, blob, addedAt, endsAt }) => ({
    type,
    blob,
    validFrom: addedAt,
    validUntil: endsAt ?? endedAt,
  }));

export function signerRoutes(app: Hono, ports: ApiPorts, settings: ApiSettings): void {
  serve(app, ADD_SIGNER, async (c) => {
    const asking = await demandWatcherOf(c, ports);
    const { key } = parsedBy(SignerAsked, await readJson(c.req.raw));
    const signer = signerFor(key, ports.clock.now());
    const is = (each: Signer): boolean => each.fingerprint === signer.fingerprint;
    let [there, waiting]: [Signer, string[]] = [signer, []];
    const answer = await amendAndAnswer(asking, ports, (enrolment, now) => {
      const known = [...heldNow(enrolment, now), ...pendingOf(enrolment)].find(is);
      [there, waiting] = [known ?? signer, waitingFor(enrolment, signer)];
      if (known !== undefined) return [];
      demandRoom(enrolment, now);
      return [amendmentFor(enrolment, { kind: "add-signer", signer }, { by: asking.by, now }, settings)];
    });
    const changes = madeOrWaiting(answer, waiting);
    return c.json({ signer: signerAnswer(there), changes } satisfies SignerAddedAnswer, 201);
  });
  serve(app, END_SIGNER, async (c) => {
    const asking = await demandWatcherOf(c, ports);
    const fingerprint = c.req.param("fingerprint") ?? "";
    const answer = await amendAndAnswer(asking, ports, (enrolment, now) => {
      demandSigner(enrolment, fingerprint);
      const isThere = [...heldNow(enrolment, now), ...pendingOf(enrolment)].some(
        (each) => each.fingerprint === fingerprint,
      );
      const ask = { kind: "end-signer", fingerprint } as const;
      return isThere ? [amendmentFor(enrolment, ask, { by: asking.by, now }, settings)] : [];
    });
    return c.json(answer satisfies AmendedAnswer);
  });
  serve(app, ALLOWED_SIGNERS, async (c) => {
    const { project, enrolments } = await watchedProject(c.req.param("project") ?? "", ports);
    const stored = enrolments.find(({ id }) => id === c.req.param("enrolment"));
    if (stored === undefined)
      throw new Refused("no-such-enrolment", `${project} has no enrolment of this id.`);
    const signers = allowedIn(inForce(stored, ports.clock.now()));
    return c.text(
      allowedSigners(project, signers) || "# No signing key is registered, or none is in force yet.\n",
    );
  });
}
