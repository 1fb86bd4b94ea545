import { inForce } from "../domain/amendments.ts";
import { type Credential, type CredentialKind, type Enrolment, isInForce } from "../domain/enrolments.ts";
import { between, hours, type Instant } from "../domain/instants.ts";
import { verifyKey } from "../records/credentials.ts";
import { looksLikeToken } from "../records/oidc/tokens.ts";
import { Refused } from "./problems.ts";
import type { ApiPorts } from "./seams.ts";

const BEARER = /^Bearer +(\S+)$/i;

/** A use so soon after the one noted is not noted again: who asks every second must not cost a write every second. */
const NOTED_AGAIN_MS = hours(1);

type CallerPorts = Pick<ApiPorts, "enrolments" | "clock">;

/** What was sent as proof; `null` where nothing was. */
export function bearerIn(request: Request): string | null {
  const header = request.headers.get("authorization");
  return header === null ? null : (BEARER.exec(header.trim())?.[1] ?? "");
}

/** An invitation is gone once it was used: whoever it was meant for must hear that somebody else may have. */
const unknown = (bearer: string): string =>
  bearer.startsWith("cf_invitation_")
    ? "The invitation is not one of this monitor's, or was used: it enrols once. If you did not use it, tell the operator: somebody else enrolled with it."
    : "The key in the Authorization header is not one of this monitor's.";

/**
 * Who is asking: the credential that their key proves and that counts now, or `null` for anybody. A CI provider's token is
 * anybody's here: it submits, and sees nothing more. Throws `Refused` for a key that proves nothing.
 */
export async function callerOf(request: Request, ports: CallerPorts): Promise<Credential | null> {
  const bearer = bearerIn(request);
  if (bearer === null || looksLikeToken(bearer)) return null;
  const credential = await verifyKey(bearer, (id) => ports.enrolments.credential(id));
  if (credential === null) throw new Refused("unknown-key", unknown(bearer));
  const now = ports.clock.now();
  demandUnexpired(credential, now);
  await demandHeld(credential, now, ports);
  await noteUse(credential, now, ports);
  return credential;
}

function demandUnexpired({ kind, expiresAt }: Credential, now: Instant): void {
  if (expiresAt !== null && expiresAt <= now)
    throw new Refused("expired-key", `The ${kind} was good until ${expiresAt}. Ask for another one.`);
}

/** A key counts as long as its enrolment holds it: that is where it is revoked, and where a new one waits. */
async function demandHeld(credential: Credential, now: Instant, ports: CallerPorts): Promise<void> {
  const { id, kind, project, enrolment: of } = credential;
  if (project === null || of === null || kind === "contact") return;
  const stored = (await ports.enrolments.ofProject(project)).find((each) => each.id === of);
  if (stored === undefined) throw new Refused("unknown-key", "The enrolment of this key is not there.");
  const enrolment = inForce(stored, now);
  if (enrolment.endedAt !== null)
    throw new Refused("enrolment-ended", `The enrolment of this key ended at ${enrolment.endedAt}.`);
  const held = enrolment.credentials.find((each) => each.id === id);
  if (held === undefined && isFromBefore(enrolment, credential)) return;
  if (held === undefined) return refuseUnheld(enrolment, id);
  if (!isInForce(held, now))
    throw new Refused("revoked-key", `The key was revoked; it ended at ${held.endsAt}.`);
}

/**
 * Whether a key came with its enrolment before enrolments held their keys by name: then none that it holds came with it. Adding
 * a key must not end those, or whoever stole one could lock the others out.
 */
export const isFromBefore = (
  { credentials, enrolledAt }: Enrolment,
  { createdAt }: Pick<Credential, "createdAt">,
): boolean => createdAt <= enrolledAt && credentials.every(({ addedAt }) => addedAt > enrolledAt);

function refuseUnheld({ amendments }: Enrolment, id: string): never {
  const pending = amendments.find(({ ask }) => ask.kind === "add-credential" && ask.credential.id === id);
  if (pending === undefined)
    throw new Refused("revoked-key", "The key was taken back before it came into force.");
  throw new Refused(
    "pending-key",
    `The key works from ${pending.inForceAt} on: until then whoever did not ask for it can take it back.`,
  );
}

async function noteUse({ id, lastUsedAt }: Credential, now: Instant, ports: CallerPorts): Promise<void> {
  if (lastUsedAt !== null && between(lastUsedAt, now) < NOTED_AGAIN_MS) return;
  // The next use is noted then. It is no reason to refuse a release's records.
  await ports.enrolments.noteUse(id, now).catch(() => undefined);
}

/** The caller, who must hold a key of one of these kinds. Throws `Refused`. */
export async function demandKey(
  request: Request,
  ports: CallerPorts,
  kinds: readonly CredentialKind[],
): Promise<Credential> {
  const wanted = kinds.join(" or ");
  const caller = await callerOf(request, ports);
  if (caller === null && bearerIn(request) !== null)
    throw new Refused("wrong-key-kind", `This takes a key of kind ${wanted}, and no token.`);
  if (caller === null)
    throw new Refused("missing-key", `Send a key of kind ${wanted}: "Authorization: Bearer cf_…".`);
  if (!kinds.includes(caller.kind))
    throw new Refused(
      "wrong-key-kind",
      `This takes a key of kind ${wanted}; yours is of kind ${caller.kind}.`,
    );
  return caller;
}
