import type { Digest } from "./digests.ts";
import type { Authority } from "./enrolments.ts";
import type { Instant } from "./instants.ts";
import type { ContentVerdict, Standing } from "./verdicts.ts";

/** What one look at the facts made of one artifact for one enrolment. */
export interface Judgement {
  readonly enrolment: string;
  /** `null` while no page has listed the artifact: then its standing speaks. */
  readonly content: ContentVerdict | null;
  readonly standing: Standing;
  readonly authority: Authority | null;
  readonly declared: Digest | null;
  readonly observed: Digest | null;
  readonly since: Instant;
  /** When the judgement could change without anything new being learned; `null` when never. */
  readonly until: Instant | null;
}
