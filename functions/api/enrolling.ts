import * as z from "zod/mini";
import {
  DEFAULT_DEADLINES,
  DEFAULT_POLICY,
  MOST_DEADLINE_MINUTES,
  MOST_GRACE_MINUTES,
  type Policy,
} from "../domain/policy.ts";
import { type ProblemCode, Refused } from "./problems.ts";

const deadline = (minutes: number) =>
  z._default(z.number().check(z.gte(0), z.lte(MOST_DEADLINE_MINUTES)), minutes);

const DeadlinesAsked = z.strictObject({
  unverifiableMinutes: deadline(DEFAULT_DEADLINES.unverifiableMinutes),
  unseenMinutes: deadline(DEFAULT_DEADLINES.unseenMinutes),
  missingMinutes: deadline(DEFAULT_DEADLINES.missingMinutes),
});

const PolicyAsked = z.strictObject({
  graceMinutes: z._default(
    z.number().check(z.gte(0), z.lte(MOST_GRACE_MINUTES)),
    DEFAULT_POLICY.graceMinutes,
  ),
  strict: z._default(z.boolean(), DEFAULT_POLICY.strict),
  frozen: z._default(z.boolean(), DEFAULT_POLICY.frozen),
  silencedBy: z._default(z.enum(["ci", "maintainer"]), DEFAULT_POLICY.silencedBy),
  deadlines: z._default(DeadlinesAsked, DEFAULT_DEADLINES),
});

const Asked = z.strictObject({ project: z.string(), policy: z._default(PolicyAsked, DEFAULT_POLICY) });
type Issue = z.core.$ZodIssue;

/** What an enrolment asks for, every choice made. The project's name is as it was typed. */
export interface EnrolmentAsked {
  readonly project: string;
  readonly policy: Policy;
}

const codeOf = ({ code, path }: Issue): ProblemCode =>
  code === "unrecognized_keys" ? "unknown-field" : path[0] === "policy" ? "bad-policy" : "bad-request";

/** What is wrong, in words: the parser itself brings none along. */
function sentenceOf(issue: Issue): string {
  const where = issue.path.length === 0 ? "The body" : issue.path.join(".");
  switch (issue.code) {
    case "unrecognized_keys":
      return `${where} has no field ${issue.keys.map((key) => JSON.stringify(key.slice(0, 80))).join(", ")}.`;
    case "too_big":
      return `${where} is at most ${issue.maximum}.`;
    case "too_small":
      return `${where} is at least ${issue.minimum}.`;
    case "invalid_value":
      return `${where} is one of ${issue.values.join(", ")}.`;
    case "invalid_type":
      return `${where} is ${issue.expected === "object" ? "an object" : `a ${issue.expected}`}.`;
    default:
      return `${where} is not of the form expected.`;
  }
}

/** Reads an enrolment's request, bounds included; what is not said is the default. Throws `Refused`. */
export function parseEnrolment(body: unknown): EnrolmentAsked {
  const asked = Asked.safeParse(body);
  if (asked.success) return asked.data;
  const issue = asked.error.issues[0];
  if (issue === undefined) throw new Refused("bad-request", "The body is not of the form expected.");
  throw new Refused(codeOf(issue), sentenceOf(issue));
}
