import type { Hono } from "hono";
import document from "./openapi.json" with { type: "json" };
import { type Route, serve } from "./route.ts";
import type { ApiSettings } from "./seams.ts";

export const OPENAPI: Route = {
  method: "GET",
  path: "/openapi.json",
  id: "openapi",
  summary: "This document",
  who: "anybody",
  answers: { 200: { what: "OpenAPI 3.1.", schema: null, also: ["application/json"] } },
  refuses: [],
};

/** The document of all routes, written by `npm run openapi` and kept beside the code. */
export function openApiRoutes(app: Hono, { url }: ApiSettings): void {
  serve(app, OPENAPI, async (c) => c.json({ ...document, servers: [{ url }] }));
}
