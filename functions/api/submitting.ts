import type { Context } from "hono";
import { inForce } from "../domain/amendments.ts";
import {
  type Enrolment,
  isInForce,
  isSelfClaimed,
  type Publisher,
  type Recorded,
} from "../domain/enrolments.ts";
import type { Instant } from "../domain/instants.ts";
import type { Job } from "../domain/ledger.ts";
import type { Claims } from "../records/oidc/claims.ts";
import { publisherFor } from "../records/oidc/publishers.ts";
import { TokenRefused } from "../records/oidc/refusals.ts";
import { looksLikeToken, type TokenVerifier } from "../records/oidc/tokens.ts";
import { bearerIn, demandKey } from "./callers.ts";
import { Refused } from "./problems.ts";
import { projectNamed, watchedProject } from "./projects.ts";
import type { ApiPorts } from "./seams.ts";

/** Who says what they released: for which enrolment, by what, and how strongly. */
export interface Submitter {
  /** As it is in force now. */
  readonly enrolment: Enrolment;
  readonly stored: Enrolment;
  /** As the history tells it: a credential's id, or `publisher` and its id. */
  readonly by: string;
  /** Id of the credential, or of the publisher. */
  readonly credential: string;
  readonly authority: Recorded["authority"];
  /** The CI job that holds the token, where it is one. */
  readonly job: Job | null;
}

/** The path's project, and the enrolment of it that the key is of. Throws `Refused`. */
async function byKey(
  c: Context,
  ports: ApiPorts,
  kinds: readonly ("maintainer" | "ci")[],
): Promise<Submitter> {
  const project = projectNamed(c.req.param("project") ?? "");
  const { id, kind, ...key } = await demandKey(c.req.raw, ports, kinds);
  if (key.project !== project)
    throw new Refused("wrong-project-key", `The key is for ${key.project}, not for ${project}.`);
  const stored = (await ports.enrolments.ofProject(project)).find((each) => each.id === key.enrolment);
  if (stored === undefined) throw new Refused("unknown-key", "The enrolment of this key is not there.");
  const enrolment = inForce(stored, ports.clock.now());
  const authority = kind === "ci" ? "ci" : "maintainer";
  return { enrolment, stored, by: id, credential: id, authority, job: null };
}

/** The enrolment whose maintainer asks. Throws `Refused`. */
export const demandMaintainer = (c: Context, ports: ApiPorts): Promise<Submitter> =>
  byKey(c, ports, ["maintainer"]);

/** Who may submit records for the project; `asked` is the enrolment for which they mean to. Throws `Refused`, `TokenRefused`. */
export async function demandSubmitter(
  c: Context,
  ports: ApiPorts,
  tokens: TokenVerifier,
  asked: string | null,
): Promise<Submitter> {
  const bearer = bearerIn(c.req.raw);
  if (bearer !== null && looksLikeToken(bearer))
    return byToken(c.req.param("project") ?? "", ports, await tokens.verify(bearer), asked);
  const by = await byKey(c, ports, ["maintainer", "ci"]);
  if (asked !== null && asked !== by.enrolment.id)
    throw new Refused("wrong-project-key", "The key is for another enrolment than the query names.");
  return by;
}

const jobOf = (claims: Claims): Job => {
  const { provider, subject, repository, ref, workflow, sha, environment, run, tokenId } = claims;
  return { provider, subject, repository, ref, workflow, sha, environment, run, tokenId };
};

async function byToken(
  typed: string,
  ports: ApiPorts,
  claims: Claims,
  asked: string | null,
): Promise<Submitter> {
  const now = ports.clock.now();
  const { project, enrolments } = await watchedProject(typed, ports);
  const current = enrolments.map((each) => inForce(each, now)).filter(({ endedAt }) => endedAt === null);
  const candidates = current.filter(({ id }) => asked === null || id === asked);
  if (candidates.length === 0)
    throw new Refused("no-such-enrolment", `${project} has no such enrolment that takes records.`);
  for (const enrolment of vouchedFirst(candidates)) {
    const publisher = fitting(claims, publishersOf(enrolment, now));
    if (publisher === null) continue;
    const { id } = publisher;
    const stored = enrolments.find((each) => each.id === enrolment.id) ?? enrolment;
    const by = `publisher ${id}`;
    return { enrolment, stored, by, credential: id, authority: "ci", job: jobOf(claims) };
  }
  // Throws, and says what does not fit.
  publisherFor(
    claims,
    candidates.flatMap((enrolment) => publishersOf(enrolment, now)),
  );
  throw new Error("no enrolment's publisher fits a token that fits one of all of them");
}

/**
 * Anybody may enrol a project where registration is open, and expect its developer's CI as a publisher. So that what the CI
 * says does not end up with them, whoever was invited or vouched for comes first, and then whoever came first.
 */
const vouchedFirst = (enrolments: readonly Enrolment[]): readonly Enrolment[] =>
  enrolments.toSorted((a, b) => Number(isSelfClaimed(a)) - Number(isSelfClaimed(b)));

const publishersOf = ({ publishers }: Enrolment, now: Instant): Publisher[] =>
  publishers.filter((publisher) => isInForce(publisher, now));

function fitting(claims: Claims, publishers: readonly Publisher[]): Publisher | null {
  try {
    return publisherFor(claims, publishers);
  } catch (error) {
    if (error instanceof TokenRefused) return null;
    throw error;
  }
}
