import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { artifactRoutes } from "./artifacts.ts";
import { enrolmentRoutes } from "./enrolments.ts";
import { findingRoutes } from "./findings.ts";
import { healthRoutes } from "./health.ts";
import { recordRoutes } from "./records.ts";
import { problemRoutes, refuseOtherMethods, refuseWithProblems } from "./refusing.ts";
import type { ApiPorts, ApiSettings } from "./seams.ts";
import { vouchRoutes } from "./vouching.ts";

/** Every path and what it takes. */
const METHODS: Readonly<Record<string, string>> = {
  "/v1/enrolments": "POST",
  "/v1/projects/:project/enrolments/:id/vouch": "POST",
  "/v1/projects/:project/records": "POST",
  "/v1/projects/:project/artifacts": "GET, HEAD",
  "/v1/projects/:project/findings": "GET, HEAD",
  "/v1/health": "GET, HEAD",
  "/v1/problems/:code": "GET, HEAD",
};

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
  enrolmentRoutes(app, ports, settings);
  vouchRoutes(app, ports);
  recordRoutes(app, ports);
  artifactRoutes(app, ports);
  findingRoutes(app, ports);
  healthRoutes(app, ports, settings);
  problemRoutes(app);
  for (const [path, allowed] of Object.entries(METHODS)) refuseOtherMethods(app, path, allowed);
  return app;
}
