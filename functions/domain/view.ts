import type { Digest } from "./digests.ts";
import type { Authority } from "./enrolments.ts";
import type { Provenance } from "./facts.ts";
import type { Instant } from "./instants.ts";
import type { ProjectName } from "./names.ts";
import type { ContentVerdict, Standing } from "./verdicts.ts";

/** One artifact as one enrolment sees it now: a line of every list. Rebuilt from the ledger, judged by nobody. */
export interface ArtifactRow {
  readonly enrolment: string;
  readonly project: ProjectName;
  readonly file: string;
  readonly release: string | null;
  readonly declared: Digest | null;
  readonly observed: Digest | null;
  readonly verdict: ContentVerdict | null;
  readonly standing: Standing;
  /** Who vouches for a `match` or `baseline`; `null` elsewhere. */
  readonly authority: Authority | null;
  /** Since when verdict and standing have been what they are. */
  readonly since: Instant;
  /** When bytes were last fetched and hashed. */
  readonly hashedAt: Instant | null;
  /** Some page has shown it: before that, nobody without a credential sees this row. */
  readonly everListed: boolean;
  /** The newest page shows it. */
  readonly listed: boolean;
  readonly yanked: boolean;
  /** The newest page names provenance for it. */
  readonly attested: boolean;
  /** What reading that provenance last came to; absent where nobody did. */
  readonly provenance?: Provenance["outcome"];
  /** The ledger number this was projected from. */
  readonly number: number;
}
