import type { PublisherClaims } from "../../domain/enrolments.ts";
import { quoted } from "../quoted.ts";
import type { Claims } from "./claims.ts";
import { TokenRefused } from "./refusals.ts";

/** A field of a publisher that a token's claims are compared with; in the order in which they are told. */
type Field = "ownerId" | "workflow" | "ref" | "environment" | "event";

const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const isOf = (claims: Claims, { provider, issuer, repository }: PublisherClaims): boolean =>
  claims.provider === provider && claims.issuer === issuer && sameName(claims.repository, repository);

/** A `*` at the end stands for anything. `null` demands nothing. */
export const refFits = (wanted: string | null, ref: string | null): boolean =>
  wanted === null ||
  (ref !== null && (wanted.endsWith("*") ? ref.startsWith(wanted.slice(0, -1)) : ref === wanted));

function environmentFits({ provider, environment }: PublisherClaims, claims: Claims): boolean {
  if (environment === null) return true;
  if (claims.environment === null) return false;
  // GitHub does not tell environments apart by case; GitLab does.
  return provider === "github"
    ? sameName(environment, claims.environment)
    : environment === claims.environment;
}

/**
 * Set off by a proposal, which may be a stranger's: nobody releases from one. GitHub gives forks' own pull requests no
 * token; `pull_request_target` has one, on the base's ref, beside code that a stranger wrote.
 */
const isProposal = ({ event }: Claims): boolean => /^(external_)?pull_request|^merge_request/.test(event);

function* misfits(publisher: PublisherClaims, claims: Claims): Generator<Field> {
  if (publisher.ownerId !== null && publisher.ownerId !== claims.ownerId) yield "ownerId";
  // Without a file of its own that runs, whoever wrote the one that does would speak for the repository.
  if (claims.workflow === null || ![null, claims.workflow].includes(publisher.workflow)) yield "workflow";
  if (!refFits(publisher.ref, claims.ref)) yield "ref";
  if (!environmentFits(publisher, claims)) yield "environment";
  if (isProposal(claims)) yield "event";
}

/** Only what the token says itself. */
function said(claims: Claims): string {
  const { repository, ownerId, workflow, definedIn, ref, environment, event } = claims;
  const file =
    workflow === null ? `a job defined in ${quoted(definedIn)}` : `the workflow ${quoted(workflow)}`;
  const where = environment === null ? "no environment" : `the environment ${quoted(environment)}`;
  return `${repository} (owner ${ownerId}), ${file}, on ${ref === null ? "no ref" : quoted(ref)}, in ${where}, set off by ${event}`;
}

/** Who took over an abandoned name learns that it is not the owner who enrolled, and nothing of the rest. */
const tellable = (fields: readonly Field[]): readonly Field[] =>
  fields.includes("ownerId") ? ["ownerId"] : fields;

/**
 * The publisher that a token speaks for: of several, the first. The caller leaves out those not in force. Throws
 * `TokenRefused`; the message says what the token says and which fields of the publisher closest to it did not fit, never
 * what these hold, and to a stranger's repository not even that there is one.
 */
export function publisherFor<P extends PublisherClaims>(claims: Claims, publishers: readonly P[]): P {
  const near = publishers
    .filter((each) => isOf(claims, each))
    .map((publisher) => ({ publisher, fields: [...misfits(publisher, claims)] }));
  const fitting = near.find(({ fields }) => fields.length === 0);
  if (fitting !== undefined) return fitting.publisher;
  const [closest] = near.sort((one, other) => one.fields.length - other.fields.length);
  const differs = closest === undefined ? "repository" : tellable(closest.fields).join(", ");
  throw new TokenRefused(
    "token-not-bound",
    `No publisher of this project fits the token. It speaks for ${said(claims)}. What does not fit: ${differs}.`,
  );
}
