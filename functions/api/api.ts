import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { acknowledgingRoutes } from "./acknowledging.ts";
import { artifactRoutes } from "./artifacts.ts";
import { confirmingRoutes } from "./confirming.ts";
import { contactRoutes } from "./contacts.ts";
import { credentialRoutes } from "./credentials.ts";
import { drillingRoutes } from "./drilling.ts";
import { enrolmentRoutes } from "./enrolments.ts";
import { evidenceRoutes } from "./evidence.ts";
import { explainingRoutes } from "./explaining.ts";
import { findingRoutes } from "./findings.ts";
import { healthRoutes } from "./health.ts";
import { historyRoutes } from "./history.ts";
import { invitationRoutes } from "./invitations.ts";
import { limitCallers } from "./limiting.ts";
import { manifestRoutes } from "./manifests.ts";
import { openApiRoutes } from "./openapi.ts";
import { pendingRoutes } from "./pending.ts";
import { policyRoutes } from "./policies.ts";
import { publisherRoutes } from "./publishers.ts";
import { recordRoutes } from "./records.ts";
import { problemRoutes, refuseOtherMethods, refuseWithProblems } from "./refusing.ts";
import { honoPath } from "./route.ts";
import { ROUTES } from "./routes.ts";
import type { ApiPorts, ApiSettings } from "./seams.ts";
import { signerRoutes } from "./signers.ts";
import { verifyingRoutes } from "./verifying.ts";
import { vouchRoutes } from "./vouching.ts";
import { withdrawingRoutes } from "./withdrawing.ts";

/** Every path and what it takes. */
function methodsByPath(): ReadonlyMap<string, string> {
  const taken = (methods: readonly string[]): string =>
    [...new Set(methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])))].join(", ");
  const declared = [...Map.groupBy(ROUTES, ({ path }) => honoPath(path))];
  return new Map(
    declared.map(([path, routes]) => [path, taken(routes.map(({ method }) => method))] as const),
  );
}

/**
 * A page in any browser may read what anybody may read. Nothing here goes by cookies, and a key in a header is not let
 * through from a page: whoever can make a page must not be able to use what its reader holds.
 */
const reading = cors({
  origin: "*",
  allowMethods: ["GET", "HEAD"],
  // None at all would let all through.
  allowHeaders: ["Accept"],
  exposeHeaders: ["X-Request-Id", "Retry-After"],
});

/** On every answer: an id to find it in the log, and nothing that a cache or a browser could get wrong. */
function markAnswers(app: Hono): void {
  app.use(async (c, next) => {
    c.header("X-Request-Id", randomUUID());
    c.header("Cache-Control", "no-store");
    c.header("X-Content-Type-Options", "nosniff");
    await next();
  });
}

/**
 * The public API over ports, the same on every host; a host brings the server. What it answers as accepted is durable.
 * Reads need no key, and show with one what `privacy.ts` says.
 */
export function createApi(ports: ApiPorts, settings: ApiSettings): Hono {
  const app = new Hono();
  refuseWithProblems(app, settings);
  markAnswers(app);
  app.use(reading);
  limitCallers(app, settings);
  enrolmentRoutes(app, ports, settings);
  invitationRoutes(app, ports);
  vouchRoutes(app, ports);
  policyRoutes(app, ports, settings);
  credentialRoutes(app, ports, settings);
  signerRoutes(app, ports, settings);
  publisherRoutes(app, ports, settings);
  contactRoutes(app, ports, settings);
  confirmingRoutes(app, ports);
  drillingRoutes(app, ports);
  pendingRoutes(app, ports, settings);
  historyRoutes(app, ports);
  recordRoutes(app, ports, settings);
  withdrawingRoutes(app, ports);
  manifestRoutes(app, ports);
  artifactRoutes(app, ports, settings);
  findingRoutes(app, ports);
  explainingRoutes(app, ports);
  evidenceRoutes(app, ports);
  acknowledgingRoutes(app, ports);
  verifyingRoutes(app, ports, settings);
  healthRoutes(app, ports, settings);
  problemRoutes(app);
  openApiRoutes(app, settings);
  for (const [path, allowed] of methodsByPath()) refuseOtherMethods(app, path, allowed, settings);
  return app;
}
