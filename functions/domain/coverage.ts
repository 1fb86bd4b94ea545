import type { Enrolment } from "./enrolments.ts";
import type { Instant } from "./instants.ts";
import type { ArtifactRow } from "./view.ts";

/** How much of what pages list was fetched and hashed since an instant. Says how many, never which, nor when next. */
export interface Coverage {
  /** Artifacts that the newest pages list. */
  readonly artifacts: number;
  /** Those of them whose bytes were fetched and hashed since `since`. */
  readonly rehashed: number;
  readonly since: Instant;
}

/**
 * The coverage of one project, from its rows: an artifact that several watch counts once. Rows of whoever is not `watching`
 * any more stay as they were.
 */
export function coverageOf(
  rows: readonly ArtifactRow[],
  since: Instant,
  watching: readonly Enrolment[],
): Coverage {
  const ids = new Set(watching.map(({ id }) => id));
  const listed = Map.groupBy(
    rows.filter(({ listed, enrolment }) => listed && ids.has(enrolment)),
    ({ file }) => file,
  );
  const isFresh = (of: readonly ArtifactRow[]): boolean =>
    of.some(({ hashedAt }) => hashedAt !== null && hashedAt >= since);
  return { artifacts: listed.size, rehashed: [...listed.values()].filter(isFresh).length, since };
}
