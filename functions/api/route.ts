import type { Context, Hono } from "hono";
import type * as z from "zod/mini";
import type { ProblemCode } from "./problems.ts";

/** Who may ask. `watcher` holds a maintainer key of the very enrolment; `member` holds any key of it, or a token it expects. */
export type Audience =
  | "anybody"
  | "operator"
  | "watcher"
  | "watcher or operator"
  | "member"
  | "whoever enrols";

/** One answer that is no refusal. */
export interface Answer {
  /** In a few words, for the document. */
  readonly what: string;
  /** The JSON that is answered; `null` for an answer that is not JSON. */
  readonly schema: z.ZodMiniType | null;
  /** Other forms in which it is answered, as media types. */
  readonly also?: readonly string[];
}

/**
 * One route, as data: what is registered, what docs and OpenAPI say, and what tests hold the answers against. Every route
 * may also refuse with `internal`, `throttled` and `unavailable`.
 */
export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With OpenAPI's braces: `/v1/projects/{project}/records`. */
  readonly path: `/${string}`;
  readonly id: string;
  readonly summary: string;
  readonly who: Audience;
  /** An object schema of texts: every query parameter is one. */
  readonly query?: z.ZodMiniType;
  /** JSON by a schema, or a submission in any of its formats. */
  readonly body?: z.ZodMiniType | "submission";
  readonly answers: Readonly<Record<number, Answer>>;
  readonly refuses: readonly ProblemCode[];
}

/** The path as the router writes it. */
export const honoPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1");

/** Registers a route's handler. What the handler throws is answered as a problem. */
export function serve(app: Hono, route: Route, handler: (c: Context) => Promise<Response>): void {
  app.on(route.method, honoPath(route.path), handler);
}
