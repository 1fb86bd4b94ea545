import * as z from "zod/mini";
import type { PublisherClaims } from "../../domain/enrolments.ts";
import { inert } from "../quoted.ts";
import { TokenRefused } from "./refusals.ts";

/** What a token that was verified says of the job that asked for it. Inert text of bounded length, fit for the ledger. */
export interface Claims {
  readonly provider: PublisherClaims["provider"];
  readonly issuer: string;
  /** `sub`; its form is the repository's own choice, so nothing is judged by it. Cut after 255 characters. */
  readonly subject: string;
  readonly repository: string;
  /** Numeric id of the repository's owner (GitHub) or namespace (GitLab). */
  readonly ownerId: string;
  /** In full, as `refs/heads/main`; `null` where the job runs for a bare commit. */
  readonly ref: string | null;
  /** As a publisher names it; `null` when what runs is not wholly one workflow of this very repository at this very commit. */
  readonly workflow: string | null;
  /** Where the provider says that the job is defined, in its own words. */
  readonly definedIn: string;
  readonly environment: string | null;
  /** What set it off: `push`, `release`, `pull_request` …; not one list for both providers. */
  readonly event: string;
  readonly sha: string;
  /** Where people see the job; `null` when the token does not say. */
  readonly run: string | null;
  /** `jti`, by which a token that was used twice can be told. */
  readonly tokenId: string | null;
}

const MOST_SUBJECT = 255;

/** A claim that is compared is never cut: two that differ must not become the same. */
export const Text = z.pipe(
  z.string().check(z.minLength(1), z.maxLength(512)),
  z.transform((text: string) => inert(text)),
);

/** Both providers write numbers as strings, mostly. */
export const Id = z.pipe(
  z.union([z.string(), z.number()]).check(z.refine((id) => /^\d{1,20}$/.test(String(id)))),
  z.transform(String),
);

/** Absent, empty or `null`: providers use all three. */
export const orNone = <T extends z.ZodMiniType>(schema: T) =>
  z.pipe(
    z.optional(z.union([schema, z.null(), z.literal("")])),
    z.transform((said) => (said === undefined || said === null || said === "" ? null : said)),
  );

export const Subject = z.pipe(
  z.string().check(z.minLength(1), z.maxLength(4096)),
  z.transform((text: string) => inert(text).slice(0, MOST_SUBJECT)),
);

export const Commit = z.string().check(z.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/));

/** Reads claims by a schema. Throws `TokenRefused`, naming the first claim that is missing or of another form. */
export function readBy<T extends z.ZodMiniType>(schema: T, payload: unknown): z.output<T> {
  const read = schema.safeParse(payload);
  if (read.success) return read.data;
  const claim = inert(String(read.error.issues[0]?.path[0] ?? "of the token"));
  throw new TokenRefused("bad-token", `The token's claim ${claim} is missing or not of the form expected.`);
}

const lower = (text: string): string => text.toLowerCase();

/**
 * What is left of `text` between a beginning (in any case: providers do not tell repositories apart by it) and one of
 * the ends; `null` when it has no such beginning or end, or nothing is left. Nothing is searched for in between, because
 * file names may hold `@` and `/` and refs may look like file names.
 */
export function between(text: string, beginning: string, ends: readonly string[]): string | null {
  if (!lower(text).startsWith(lower(beginning))) return null;
  const rest = text.slice(beginning.length);
  const end = ends.find((each) => rest.endsWith(each) && rest.length > each.length);
  return end === undefined ? null : rest.slice(0, -end.length);
}
