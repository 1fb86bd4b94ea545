import * as z from "zod/mini";
import { PolicyAsked } from "./choosing.ts";
import { type ProblemCode, Refused } from "./problems.ts";

/** The most of each kind that an enrolment holds at a time. */
export const MOST_CONTACTS = 10;
export const MOST_HELD = 20;

const MOST_NAME_CHARS = 100;
const MOST_ADDRESS_CHARS = 500;

export const NameAsked = z.string().check(z.maxLength(MOST_NAME_CHARS));

export const ContactAsked = z.strictObject({
  kind: z.enum(["webhook", "email"]),
  address: z.string().check(z.minLength(1), z.maxLength(MOST_ADDRESS_CHARS)),
});

/** The line of a .pub file; an RSA key of 16,384 bits is under 3,000 characters. */
export const SignerLine = z.string().check(z.minLength(1), z.maxLength(4_000));

const claim = z.optional(z.nullable(z.string().check(z.maxLength(MOST_ADDRESS_CHARS))));

export const PublisherAsked = z.strictObject({
  provider: z.optional(z.enum(["github", "gitlab"])),
  repository: z.string().check(z.minLength(1), z.maxLength(MOST_ADDRESS_CHARS)),
  issuer: claim,
  workflow: claim,
  ref: claim,
  environment: claim,
  ownerId: claim,
  name: z.optional(NameAsked),
});

export const EnrolmentAsked = z.strictObject({
  project: z.string(),
  watcher: z._default(NameAsked, ""),
  policy: z._default(PolicyAsked, {}),
  contacts: z._default(z.array(ContactAsked).check(z.maxLength(MOST_CONTACTS)), []),
  signers: z._default(z.array(SignerLine).check(z.maxLength(MOST_HELD)), []),
  publishers: z._default(z.array(PublisherAsked).check(z.maxLength(MOST_HELD)), []),
});
export type EnrolmentAsked = z.infer<typeof EnrolmentAsked>;

type Issue = z.core.$ZodIssue;

const codeOf = ({ code, path }: Issue, isPolicy: boolean): ProblemCode =>
  code === "unrecognized_keys"
    ? "unknown-field"
    : isPolicy || path[0] === "policy"
      ? "bad-policy"
      : "bad-request";

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
      return `${where} is ${issue.expected === "object" || issue.expected === "array" ? `an ${issue.expected}` : `a ${issue.expected}`}.`;
    default:
      return `${where} is not of the form expected.`;
  }
}

/** Reads a body by its schema, and says in words what is wrong with it. Throws `Refused`. */
export function parsedBy<S extends z.ZodMiniType>(schema: S, body: unknown, isPolicy = false): z.infer<S> {
  const asked = schema.safeParse(body);
  if (asked.success) return asked.data;
  const issue = asked.error.issues[0];
  if (issue === undefined) throw new Refused("bad-request", "The body is not of the form expected.");
  throw new Refused(codeOf(issue, isPolicy), sentenceOf(issue));
}
