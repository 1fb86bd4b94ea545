import { RetentionDays } from "aws-cdk-lib/aws-logs";
import * as z from "zod/mini";
import {
  isContact,
  isEmail,
  isHttps,
  isIndex,
  isLoopback,
  isOrigin,
  isPublic,
  isTelephone,
} from "./addresses.ts";
import { isForeign, nearest } from "./context-keys.ts";
import { flag, list, number, text } from "./context-values.ts";
import type { MonitorProps, OidcIssuer } from "./monitor-props.ts";
import { isTrustedRoot } from "./trusted-root.ts";

/** What was asked for cannot be deployed. The message is one sentence per fault, for whoever typed it. */
export class Misconfigured extends Error {
  constructor(faults: readonly string[]) {
    super(faults.join("\n"));
    this.name = "Misconfigured";
  }
}

/** One context key: how its value is read, in words what is accepted, and one value that is. */
interface Choice<T> {
  readonly read: z.ZodMiniType<T>;
  readonly accepted: string;
  readonly example: string;
}

const LOG_DAYS = Object.values(RetentionDays).filter(
  (days): days is number => typeof days === "number" && days < RetentionDays.INFINITE,
);

const isWeb = (text: string): boolean => isHttps(text) || isLoopback(text);

/** `gitlab=https://gitlab.example.org`, as many as there are. */
const ISSUERS = z.pipe(
  list((each) => /^(github|gitlab)=/.test(each) && isWeb(each.slice(each.indexOf("=") + 1))),
  z.transform((each) =>
    each.map((text): OidcIssuer => {
      const [provider = "", ...issuer] = text.split("=");
      return { provider: provider === "github" ? "github" : "gitlab", issuer: issuer.join("=") };
    }),
  ),
);

const EMAILS = { read: list(isEmail), accepted: "e-mail addresses, separated by commas" };
const HOOKS = {
  read: list(isWeb),
  accepted: "https addresses, separated by commas (http only on loopback)",
};
const NUMBERS = { read: list(isTelephone), accepted: "telephone numbers such as +4917012345678" };
const MAIL = "security@example.org";
const HOOK = "https://pager.example.org/counterfoil";
const SOME_NUMBER = "+4917012345678";
const ABOVE_0 = Number.MIN_VALUE;

/** Every context key of ours. */
const CHOICES: { readonly [K in keyof MonitorProps]-?: Choice<Exclude<MonitorProps[K], undefined>> } = {
  index: {
    read: text(isIndex),
    accepted:
      "an https address (http only on loopback) without a query and without the /simple that pip wants at its end",
    example: "https://pypi.org",
  },
  filesOrigins: {
    read: list(isOrigin),
    accepted: "https origins without a path, separated by commas (http only on loopback)",
    example: "https://files.pythonhosted.org",
  },
  contact: {
    read: text(isContact),
    accepted: "an https address or an e-mail address, in printable ASCII as a header takes it",
    example: MAIL,
  },
  source: { read: z.enum(["journal", "list", "rss"]), accepted: "journal, list or rss", example: "list" },
  pollSeconds: { read: number(ABOVE_0, 60), accepted: "a number of seconds from 2 to 60", example: "5" },
  confirmSeconds: {
    read: number(ABOVE_0, 1500),
    accepted:
      "a number of seconds above 0 and at most 1500, because SQS delays a message by 15 minutes at most",
    example: "120",
  },
  sweepHours: { read: number(ABOVE_0, 720), accepted: "a number of hours from 1 to 720", example: "24" },
  rehashHours: { read: number(ABOVE_0, 8760), accepted: "a number of hours from 24 to 8760", example: "168" },
  sweepBudgetGigabytes: {
    read: number(0, 1_000_000),
    accepted: "a number of gigabytes, 0 or more",
    example: "50",
  },
  sweepRequestsPerSecond: {
    read: number(ABOVE_0, 100),
    accepted: "a number of requests above 0 and at most 100",
    example: "2",
  },
  registration: { read: z.enum(["invitation", "open"]), accepted: "invitation or open", example: "open" },
  publicUrl: {
    read: text(isPublic),
    accepted: "an https address (http only on loopback) without a query and without a slash at its end",
    example: "https://counterfoil.example.org",
  },
  quieteningHours: {
    read: number(ABOVE_0, 720),
    accepted: "a number of hours above 0 and at most 720",
    example: "24",
  },
  oidcIssuers: {
    read: ISSUERS,
    accepted:
      "github=ISSUER or gitlab=ISSUER, separated by commas, each ISSUER an https address (http only on loopback) as the tokens have it",
    example: "gitlab=https://gitlab.example.org",
  },
  trustedRoot: {
    read: text(isTrustedRoot),
    accepted: "the path of a file with a Sigstore trusted root (trusted_root.json)",
    example: "functions/pypi/trusted-root.json",
  },
  heartbeatUrl: {
    read: text(isWeb),
    accepted: "an https address (http only on loopback)",
    example: "https://hc.example.org/ping/counterfoil",
  },
  costGuardGigabytesPerDay: {
    read: number(ABOVE_0, 10_000_000),
    accepted: "a number of gigabytes above 0",
    example: "100",
  },
  concurrency: { read: number(2, 1000, true), accepted: "a whole number from 2 to 1000", example: "2" },
  reservedConcurrency: {
    read: number(1, 1000, true),
    accepted: "a whole number from 1 to 1000",
    example: "5",
  },
  logRetentionDays: {
    read: number(1, 3653, true).check(z.refine((days) => LOG_DAYS.includes(days))),
    accepted: `one of ${LOG_DAYS.join(", ")}`,
    example: "90",
  },
  ledgerRetentionDays: {
    read: number(1, 36_500, true),
    accepted: "a whole number of days from 1 to 36500",
    example: "400",
  },
  evidenceRetentionDays: {
    read: number(31, 36_500, true),
    accepted: "a whole number of days from 31 to 36500",
    example: "730",
  },
  keepData: { read: flag, accepted: "true or false", example: "false" },
  logLevel: {
    read: z.enum(["DEBUG", "INFO", "WARN", "ERROR"]),
    accepted: "DEBUG, INFO, WARN or ERROR",
    example: "DEBUG",
  },
  findingsEmail: { ...EMAILS, example: MAIL },
  findingsHttps: { ...HOOKS, example: HOOK },
  findingsSms: { ...NUMBERS, example: SOME_NUMBER },
  healthEmail: { ...EMAILS, example: MAIL },
  healthHttps: { ...HOOKS, example: HOOK },
  healthSms: { ...NUMBERS, example: SOME_NUMBER },
};

/** The names of our context keys. */
export const CONTEXT_KEYS: readonly string[] = Object.keys(CHOICES);

/** What is not CDK's must be ours, however it is spelt: `keep-data` would otherwise keep what was to be removed. */
const isUnknown = (key: string): boolean => !isForeign(key) && !CONTEXT_KEYS.includes(key);

/**
 * Reads what the operator chose from the context of the app (cdk.context.json, `-c key=value`). Throws `Misconfigured` with a
 * sentence for each value that is not accepted and each key of no meaning: a misspelt one must not pass for a choice.
 */
export function configuration(context: Readonly<Record<string, unknown>>): MonitorProps {
  const faults = Object.keys(context).filter(isUnknown).map(meaningless);
  const given = Object.entries(CHOICES).flatMap(([key, choice]) => {
    const value = context[key];
    if (value === undefined) return [];
    const read = z.safeParse<z.ZodMiniType<unknown>>(choice.read, value);
    if (!read.success) faults.push(refusal(key, value));
    return read.success ? [[key, read.data]] : [];
  });
  if (faults.length > 0) throw new Misconfigured(faults);
  const props = withDefaults(Object.fromEntries(given) as Partial<MonitorProps>);
  const contradictions = contradicting(props);
  if (contradictions.length > 0) throw new Misconfigured(contradictions);
  return props;
}

function meaningless(key: string): string {
  const meant = nearest(key, CONTEXT_KEYS) as keyof MonitorProps;
  return `The context key ${key} has no meaning here; the nearest that has is ${meant}, for example ${written(meant, CHOICES[meant].example)} (all are ${CONTEXT_KEYS.join(", ")})`;
}

const BARE = /^(true|false|\d+)$/;

/** As it stands in the file that every later command reads; what only one command line says is gone with the next. */
const written = (key: string, example: string | number): string =>
  `in cdk.context.json: "${key}": ${BARE.test(String(example)) ? example : JSON.stringify(example)}`;

function refusal(key: string, value: unknown): string {
  const { accepted, example } = CHOICES[key as keyof MonitorProps];
  return `${key} was given as ${JSON.stringify(value)}; accepted is ${accepted}, for example ${written(key, example)}`;
}

/** Says what is chosen where nothing was given: the defaults of `MonitorProps`. */
export function withDefaults(given: Partial<MonitorProps>): MonitorProps {
  const index = given.index ?? "https://pypi.org";
  const budget = given.sweepBudgetGigabytes ?? 50;
  return {
    index,
    filesOrigins: new URL(index).origin === "https://pypi.org" ? ["https://files.pythonhosted.org"] : [],
    contact: "",
    source: "journal",
    pollSeconds: 5,
    confirmSeconds: 120,
    sweepHours: 24,
    rehashHours: 168,
    sweepBudgetGigabytes: budget,
    sweepRequestsPerSecond: 2,
    registration: "invitation",
    publicUrl: undefined,
    quieteningHours: 24,
    oidcIssuers: [],
    trustedRoot: undefined,
    heartbeatUrl: undefined,
    costGuardGigabytesPerDay: Math.max(2 * budget, 1),
    concurrency: 2,
    reservedConcurrency: undefined,
    logRetentionDays: 90,
    ledgerRetentionDays: 400,
    evidenceRetentionDays: 730,
    keepData: true,
    logLevel: "INFO",
    findingsEmail: [],
    findingsHttps: [],
    findingsSms: [],
    healthEmail: [],
    healthHttps: [],
    healthSms: [],
    ...given,
  };
}

/** Values that are each accepted, but not together: good citizenship holds for every index that is not our own machine's. */
function contradicting(props: MonitorProps): readonly string[] {
  const local = isLoopback(props.index);
  const least = (key: "pollSeconds" | "sweepHours" | "rehashHours", floor: number): string[] =>
    local || props[key] >= floor ? [] : [refusal(key, props[key])];
  const { reservedConcurrency: reserved, concurrency } = props;
  const guard = props.costGuardGigabytesPerDay > props.sweepBudgetGigabytes;
  return [
    ...least("pollSeconds", 2),
    ...least("sweepHours", 1),
    ...least("rehashHours", 24),
    ...(local || props.contact !== ""
      ? []
      : [
          `contact was not given; ${props.index} is not on loopback, and its operator must be able to find you: give an https address or an e-mail address, for example ${written("contact", MAIL)}`,
        ]),
    ...(reserved === undefined || reserved >= 2 * concurrency
      ? []
      : [
          `reservedConcurrency was given as ${reserved}; accepted is twice concurrency (${2 * concurrency}) or more, because survey and fetch each work on two queues and would otherwise be throttled by what is set aside for them, for example ${written("reservedConcurrency", 2 * concurrency)}`,
        ]),
    ...(guard
      ? []
      : [
          `costGuardGigabytesPerDay was given as ${props.costGuardGigabytesPerDay}; accepted is a number above sweepBudgetGigabytes (${props.sweepBudgetGigabytes}), because re-hashing alone may fetch that much, for example ${written("costGuardGigabytesPerDay", 2 * props.sweepBudgetGigabytes)}`,
        ]),
  ];
}
