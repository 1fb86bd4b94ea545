import * as z from "zod/mini";
import {
  MOST_DEADLINE_MINUTES,
  MOST_GRACE_MINUTES,
  MOST_REHASH_DAYS,
  type PolicyChange,
} from "../domain/policy.ts";
import { checkExpected } from "../records/oidc/expected.ts";

const minutes = (most: number) => z.optional(z.number().check(z.gte(0), z.lte(most)));

const DeadlinesAsked = z.strictObject({
  unverifiableMinutes: minutes(MOST_DEADLINE_MINUTES),
  unseenMinutes: minutes(MOST_DEADLINE_MINUTES),
  missingMinutes: minutes(MOST_DEADLINE_MINUTES),
});

const MOST_REPOSITORY_CHARS = 500;
const MOST_PATTERN_CHARS = 200;
const MOST_BUILDERS = 20;

const text = (most: number) => z.string().check(z.minLength(1), z.maxLength(most));

const ExpectedAsked = z.strictObject({
  provider: z.optional(z.enum(["github", "gitlab"])),
  repository: text(MOST_REPOSITORY_CHARS),
  workflow: z.optional(z.nullable(text(MOST_REPOSITORY_CHARS))),
});

const ProvenanceAsked = z.strictObject({ publisher: ExpectedAsked, counts: z._default(z.boolean(), false) });

const BuilderAsked = z.strictObject({ files: text(MOST_PATTERN_CHARS), publisher: ExpectedAsked });

/** Choices of a policy; what is not said stays as it is. */
export const PolicyAsked = z.strictObject({
  graceMinutes: minutes(MOST_GRACE_MINUTES),
  strict: z.optional(z.boolean()),
  frozen: z.optional(z.boolean()),
  silencedBy: z.optional(z.enum(["ci", "maintainer"])),
  requireSignature: z.optional(z.boolean()),
  provenance: z.optional(z.nullable(ProvenanceAsked)),
  builders: z.optional(z.array(BuilderAsked).check(z.maxLength(MOST_BUILDERS))),
  rehashDays: z.optional(z.nullable(z.int().check(z.gte(1), z.lte(MOST_REHASH_DAYS)))),
  deadlines: z.optional(DeadlinesAsked),
});

/** What was chosen, publishers in the one form in which certificates name them. Throws `PublisherRefused`. */
export function changeIn({ provenance, builders, ...asked }: z.infer<typeof PolicyAsked>): PolicyChange {
  const expected = provenance && { ...provenance, publisher: checkExpected(provenance.publisher) };
  const built = builders?.map(({ files, publisher }) => ({ files, publisher: checkExpected(publisher) }));
  return {
    ...(asked as PolicyChange),
    ...(expected !== undefined && { provenance: expected }),
    ...(built !== undefined && { builders: built }),
  };
}
