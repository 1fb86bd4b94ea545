import * as z from "zod/mini";
import { between, type Claims, Commit, Id, orNone, readBy, Subject, Text } from "./claims.ts";
import { type Issuer, siteOf } from "./issuers.ts";

/** https://docs.gitlab.com/ci/secrets/id_token_authentication/ */
const Token = z.object({
  sub: Subject,
  project_path: z.string().check(z.maxLength(512), z.regex(/^[\w.-]+(\/[\w.-]+)+$/)),
  namespace_id: Id,
  ref: Text,
  ref_type: z.enum(["branch", "tag"]),
  ref_path: Text,
  sha: Commit,
  /** `null` when the pipeline is defined in another project, or at some URL. */
  ci_config_ref_uri: orNone(Text),
  environment: orNone(Text),
  pipeline_source: Text,
  job_id: orNone(Id),
  jti: orNone(Text),
});
type Token = z.output<typeof Token>;

/**
 * The ref in full. A merge request's pipeline calls itself a branch by the name of the request's source, which in a fork
 * anybody chooses (`main`, say): only `ref_path` tells, so the two must agree.
 */
function refOf({ ref, ref_type, ref_path }: Token): string | null {
  const full = `refs/${ref_type === "tag" ? "tags" : "heads"}/${ref}`;
  return full === ref_path ? full : null;
}

function workflowOf({ project_path, ref_path, sha, ci_config_ref_uri }: Token, site: string): string | null {
  if (ci_config_ref_uri === null) return null;
  const project = `${site.replace(/^https?:\/\//, "")}/${project_path}//`;
  return between(ci_config_ref_uri, project, [`@${ref_path}`, `@${sha}`]);
}

/** What a token of GitLab CI says. Throws `TokenRefused`. */
export function gitlabClaims(payload: unknown, issuer: Issuer): Claims {
  const token = readBy(Token, payload);
  const site = siteOf(issuer);
  return {
    provider: "gitlab",
    issuer: issuer.issuer,
    subject: token.sub,
    repository: token.project_path,
    ownerId: token.namespace_id,
    ref: refOf(token),
    workflow: workflowOf(token, site),
    definedIn: token.ci_config_ref_uri ?? "a pipeline definition outside the project",
    environment: token.environment,
    event: token.pipeline_source,
    sha: token.sha,
    run: token.job_id === null ? null : `${site}/${token.project_path}/-/jobs/${token.job_id}`,
    tokenId: token.jti,
  };
}
