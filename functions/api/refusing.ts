import type { Context, Hono } from "hono";
import { ProblemKindAnswer } from "../records/answers/problems.ts";
import { PublisherRefused, TokenRefused } from "../records/oidc/refusals.ts";
import { SubmissionRefused } from "../records/refusals.ts";
import { SignatureRefused } from "../records/ssh/refusals.ts";
import { PROBLEMS, type Problem, type ProblemCode, problem, Refused } from "./problems.ts";
import { type Route, serve } from "./route.ts";
import type { ApiSettings } from "./seams.ts";

type Addressed = Pick<ApiSettings, "url">;

/** Why the caller must show a key (RFC 6750). */
const challenge = (code: ProblemCode): string =>
  code === "missing-key" ? 'Bearer realm="counterfoil"' : 'Bearer realm="counterfoil", error="invalid_token"';

function answer(c: Context, said: Problem): Response {
  if (said.status === 401) c.header("WWW-Authenticate", challenge(said.code));
  return c.body(JSON.stringify(said), said.status, { "Content-Type": "application/problem+json" });
}

/** An error as the caller is told it: a fault of ours says nothing of itself, its request id leads to the log. */
function problemOf(error: unknown, { url }: Addressed): Problem {
  if (error instanceof Refused || error instanceof SubmissionRefused)
    return problem(url, error.code, error.message, error.line);
  if (error instanceof SignatureRefused || error instanceof TokenRefused || error instanceof PublisherRefused)
    return problem(url, error.code, error.message, null);
  return problem(url, "internal", "Something went wrong here; the log has it under the X-Request-Id.", null);
}

/** A link's token must not come into a log: who reads it there could confirm. */
const TOKEN_IN_PATH = /(\/confirmations\/).*/;

/** Turns everything thrown by a route, and every address that is none, into a problem (RFC 9457). */
export function refuseWithProblems(app: Hono, settings: ApiSettings): void {
  app.onError((error, c) => {
    const said = problemOf(error, settings);
    if (said.code === "internal")
      settings.report({
        requestId: c.res.headers.get("X-Request-Id") ?? "",
        method: c.req.method,
        path: c.req.path.replace(TOKEN_IN_PATH, "$1…"),
        error,
      });
    return answer(c, said);
  });
  app.notFound((c) =>
    answer(c, problem(settings.url, "no-such-route", "The routes are listed in /openapi.json.", null)),
  );
}

/** Refuses every method of a path that its routes, registered before, did not take. */
export function refuseOtherMethods(app: Hono, path: string, allowed: string, { url }: Addressed): void {
  app.all(path, (c) => {
    c.header("Allow", allowed);
    return answer(c, problem(url, "method-not-allowed", `This takes ${allowed}.`, null));
  });
}

export const PROBLEM: Route = {
  method: "GET",
  path: "/v1/problems/{code}",
  id: "problem",
  summary: "What the `type` of a problem leads to",
  who: "anybody",
  answers: { 200: { what: "The code, its status and its title.", schema: ProblemKindAnswer } },
  refuses: ["no-such-route"],
};

export function problemRoutes(app: Hono): void {
  serve(app, PROBLEM, async (c) => {
    const code = c.req.param("code");
    const kind = Object.entries(PROBLEMS).find(([known]) => known === code);
    return kind === undefined
      ? c.notFound()
      : c.json({ code: kind[0], ...kind[1] } satisfies ProblemKindAnswer);
  });
}
