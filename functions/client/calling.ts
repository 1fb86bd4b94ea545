import type * as z from "zod/mini";
import { ask, askBytes, askPart, type Body, type Connection, type Part } from "./asking.ts";
import { everyPage, queryOf } from "./paging.ts";

/** The ways of asking one monitor. All throw `ApiRefused` or `ApiUnreachable`. */
export interface Calling {
  get<S extends z.ZodMiniType>(path: string, schema: S, alsoAnswers?: number): Promise<z.infer<S>>;
  post<S extends z.ZodMiniType>(path: string, body: Body, schema: S): Promise<z.infer<S>>;
  patch<S extends z.ZodMiniType>(path: string, body: object, schema: S): Promise<z.infer<S>>;
  remove<S extends z.ZodMiniType>(path: string, schema: S): Promise<z.infer<S>>;
  /** What is no JSON, as it came. */
  bytes(path: string): Promise<Uint8Array>;
  /** A part of what is large, from an offset on. */
  part(path: string, from: number): Promise<Part>;
  /** Every page of a list. */
  pages<S extends z.ZodMiniType<{ readonly next: string | null }>>(
    path: string,
    query: Readonly<Record<string, string | null | undefined>>,
    schema: S,
  ): Promise<readonly [z.infer<S>, ...z.infer<S>[]]>;
}

export function callingOf(connection: Connection): Calling {
  const get: Calling["get"] = (path, schema, alsoAnswers) =>
    ask(connection, { method: "GET", path, ...(alsoAnswers !== undefined && { alsoAnswers }) }, schema);
  return {
    get,
    post: (path, body, schema) => ask(connection, { method: "POST", path, body }, schema),
    patch: (path, body, schema) => ask(connection, { method: "PATCH", path, body }, schema),
    remove: (path, schema) => ask(connection, { method: "DELETE", path }, schema),
    bytes: (path) => askBytes(connection, path),
    part: (path, from) => askPart(connection, path, from),
    pages: (path, query, schema) =>
      everyPage((after) => get(`${path}${queryOf({ ...query, after })}`, schema)),
  };
}

/** A path below a project's, every part of it made safe for a URL. */
export const pathOf = (project: string, ...parts: readonly string[]): string =>
  `/v1/projects/${[project, ...parts].map(encodeURIComponent).join("/")}`;
