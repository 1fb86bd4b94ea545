import * as z from "zod/mini";
import { between, type Claims, Commit, Id, orNone, readBy, Subject, Text } from "./claims.ts";
import { type Issuer, siteOf } from "./issuers.ts";

/** https://docs.github.com/en/actions/reference/security/oidc */
const Token = z.object({
  sub: Subject,
  repository: z.string().check(z.regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/)),
  repository_owner_id: Id,
  ref: orNone(Text),
  sha: Commit,
  workflow_ref: Text,
  job_workflow_ref: Text,
  environment: orNone(Text),
  event_name: Text,
  run_id: orNone(Id),
  run_attempt: orNone(Id),
  jti: orNone(Text),
});
type Token = z.output<typeof Token>;

/**
 * `workflow_ref` is the file that began the run, `job_workflow_ref` the file that holds the job. They differ when the job
 * lies in a reusable workflow; then somebody else's file may speak for this repository, or this repository's file may be
 * run on anybody's behalf. One file, of this repository, as it is at the commit that runs, or none.
 */
function workflowOf({ repository, ref, sha, workflow_ref, job_workflow_ref }: Token): string | null {
  const ends = [ref, sha].flatMap((at) => (at === null ? [] : [`@${at}`]));
  const [begun, held] = [workflow_ref, job_workflow_ref].map((text) =>
    between(text, `${repository}/.github/workflows/`, ends),
  );
  return begun !== undefined && begun === held ? begun : null;
}

function runOf({ repository, run_id, run_attempt }: Token, issuer: Issuer): string | null {
  if (run_id === null) return null;
  const attempt = run_attempt === null ? "" : `/attempts/${run_attempt}`;
  return `${siteOf(issuer)}/${repository}/actions/runs/${run_id}${attempt}`;
}

/** What a token of GitHub Actions says. Throws `TokenRefused`. */
export function githubClaims(payload: unknown, issuer: Issuer): Claims {
  const token = readBy(Token, payload);
  return {
    provider: "github",
    issuer: issuer.issuer,
    subject: token.sub,
    repository: token.repository,
    ownerId: token.repository_owner_id,
    ref: token.ref,
    workflow: workflowOf(token),
    definedIn: token.job_workflow_ref,
    environment: token.environment,
    event: token.event_name,
    sha: token.sha,
    run: runOf(token, issuer),
    tokenId: token.jti,
  };
}
