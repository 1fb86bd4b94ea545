import type { Context } from "hono";
import { accepts } from "hono/accepts";
import type * as z from "zod/mini";
import { quoted } from "../records/quoted.ts";
import { Refused } from "./problems.ts";

/** The query by its schema. What it does not know is refused: a filter with a slip in its name must not answer everything. */
export function queryOf<S extends z.ZodMiniType>(c: Context, schema: S): z.infer<S> {
  const asked = schema.safeParse(c.req.query());
  if (asked.success) return asked.data;
  const [issue] = asked.error.issues;
  if (issue?.code === "unrecognized_keys")
    throw new Refused("bad-query", `${quoted(issue.keys.join(", "))} is not among what this takes.`);
  throw new Refused(
    "bad-query",
    `${String(issue?.path[0] ?? "The query")} is out of its bounds, or of another form.`,
  );
}

/** A JSON body by its schema. Throws `Refused` (`bad-request`, `unknown-field`). */
export function bodyBy<S extends z.ZodMiniType>(schema: S, body: unknown): z.infer<S> {
  const asked = schema.safeParse(body);
  if (asked.success) return asked.data;
  const [issue] = asked.error.issues;
  if (issue?.code === "unrecognized_keys")
    throw new Refused("unknown-field", `${issue.keys.join(", ")} means nothing here.`);
  throw new Refused("bad-request", `${issue?.path.join(".") || "The body"} is missing or of another form.`);
}

/** Asked for neither, a submitter is answered in kind: JSON for JSON, and text for what a tool printed. */
export const wantsJson = (c: Context, format: "json" | "pylock" | "lines"): boolean =>
  accepts(c, {
    header: "Accept",
    supports: ["application/json", "text/plain"],
    default: format === "json" ? "application/json" : "text/plain",
  }) === "application/json";
