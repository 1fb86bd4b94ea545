import type { Credential, CredentialKind } from "../domain/enrolments.ts";
import type { ProjectName } from "../domain/names.ts";
import { verifyKey } from "../records/credentials.ts";
import { Refused } from "./problems.ts";
import type { ApiPorts } from "./seams.ts";

const BEARER = /^Bearer +(\S+)$/i;

/** Who is asking: the credential their key proves, or `null` for anybody. Throws `Refused` for a key that proves nothing. */
export async function callerOf(request: Request, ports: ApiPorts): Promise<Credential | null> {
  const header = request.headers.get("authorization");
  if (header === null) return null;
  const key = BEARER.exec(header.trim())?.[1] ?? "";
  const credential = await verifyKey(key, (id) => ports.enrolments.credential(id));
  if (credential === null)
    throw new Refused("unknown-key", "The key in the Authorization header is not one of this monitor's.");
  return credential;
}

/** The caller, who must hold a key of one of these kinds. Throws `Refused`. */
export async function demandKey(
  request: Request,
  ports: ApiPorts,
  kinds: readonly CredentialKind[],
): Promise<Credential> {
  const wanted = kinds.join(" or ");
  const caller = await callerOf(request, ports);
  if (caller === null)
    throw new Refused("missing-key", `Send a key of kind ${wanted}: "Authorization: Bearer cf_…".`);
  if (!kinds.includes(caller.kind))
    throw new Refused(
      "wrong-key-kind",
      `This takes a key of kind ${wanted}; yours is of kind ${caller.kind}.`,
    );
  return caller;
}

/** A submitter: a credential that belongs to an enrolment of this very project, with the authority of its kind. */
export interface Submitter {
  readonly credential: string;
  readonly enrolment: string;
  readonly authority: "ci" | "maintainer";
}

/** Who may submit records for the project. Throws `Refused`. */
export async function demandSubmitter(
  request: Request,
  ports: ApiPorts,
  project: ProjectName,
): Promise<Submitter> {
  const { id, kind, enrolment, ...caller } = await demandKey(request, ports, ["maintainer", "ci"]);
  if (caller.project !== project || enrolment === null)
    throw new Refused("wrong-project-key", `The key is for ${caller.project}, not for ${project}.`);
  return { credential: id, enrolment, authority: kind === "ci" ? "ci" : "maintainer" };
}
