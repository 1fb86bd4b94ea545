import * as z from "zod/mini";
import type { Settings } from "../domain/settings.ts";
import type { QueuePair } from "./backlog.ts";
import { ENVIRONMENT } from "./environment.ts";

const TEXT = z.string().check(z.minLength(1));
const COUNT = z.number().check(z.nonnegative());
const ADDRESS = z.string().check(z.refine(URL.canParse, "is not a URL"));

const json = <T>(of: z.ZodMiniType<T>) =>
  z.pipe(
    z.transform((text) => JSON.parse(String(text)) as unknown),
    of,
  );

const SETTINGS: z.ZodMiniType<Settings> = z.object({
  confirmMs: COUNT,
  minLookMs: COUNT,
  sweepMs: COUNT,
  rehashMs: COUNT,
  sweepBudgetBytes: COUNT,
  sweepPerSecond: COUNT,
  staleMs: COUNT,
  source: z.enum(["journal", "list", "rss"]),
  listMs: COUNT,
  carryingListMs: COUNT,
  rssMs: COUNT,
});

const PAIRS: z.ZodMiniType<readonly QueuePair[]> = z.array(
  z.object({ queue: TEXT, url: ADDRESS, deadLettersUrl: ADDRESS }),
);

const ISSUERS = z.array(z.object({ provider: z.enum(["github", "gitlab"]), issuer: ADDRESS }));

/** How each variable is read; the others are text. */
const READ = {
  index: ADDRESS,
  filesOrigins: json(z.array(ADDRESS)),
  settings: json(SETTINGS),
  backlog: json(PAIRS),
  pollMs: z.coerce.number().check(z.positive()),
  heartbeatUrl: z.optional(ADDRESS),
  trustedRoot: z.optional(TEXT),
  registration: z.enum(["invitation", "open"]),
  publicUrl: ADDRESS,
  quieteningHours: z.coerce.number().check(z.positive()),
  oidcIssuers: json(ISSUERS),
};

type Name = keyof typeof ENVIRONMENT;
type Read = typeof READ;

/** What a function is told by its environment, by the names of `ENVIRONMENT`. */
export type Configuration = {
  readonly [N in Name]: N extends keyof Read ? z.output<Read[N]> : string;
};

const readerOf = (name: Name): z.ZodMiniType => (name in READ ? READ[name as keyof Read] : TEXT);

/**
 * Reads each variable when it is asked for, so that a function needs those that it uses and no other. Functions ask while
 * they start; what is missing throws then, with a sentence that names the variable and what is wrong with it.
 */
export function configuration(environment: Readonly<Record<string, string | undefined>>): Configuration {
  const read = {};
  for (const name of Object.keys(ENVIRONMENT) as Name[])
    Object.defineProperty(read, name, { get: () => given(name, environment[ENVIRONMENT[name]]) });
  return read as Configuration;
}

function given(name: Name, text: string | undefined): unknown {
  const read = parsed(name, text);
  if ("value" in read) return read.value;
  const what = text === undefined ? "is missing" : `cannot be read: ${read.reason}`;
  throw new Error(
    `the environment variable ${ENVIRONMENT[name]} ${what}. This function cannot run without it; the stack sets it, so deploy the stack again.`,
  );
}

function parsed(name: Name, text: string | undefined): { value: unknown } | { reason: string } {
  try {
    const { data, error } = readerOf(name).safeParse(text);
    return error ? { reason: z.prettifyError(error).replaceAll("\n", " ") } : { value: data };
  } catch (error) {
    return { reason: String(error) };
  }
}
