import type { Case } from "../domain/case.ts";
import { isListed } from "../domain/history.ts";
import type { Judgement } from "../domain/judge.ts";
import type { ArtifactRow } from "../domain/view.ts";

/** What lists show of a judgement. */
export function rowOf(of: Case, judgement: Judgement, number: number): ArtifactRow {
  const { shown, latest, provenance } = of.history;
  return {
    enrolment: judgement.enrolment,
    project: of.project,
    file: of.file,
    release: of.release,
    declared: judgement.declared,
    observed: judgement.observed,
    verdict: judgement.content,
    standing: judgement.standing,
    authority: judgement.authority,
    since: judgement.since,
    hashedAt: latest?.kind === "hashed" ? (latest.attempts.at(-1)?.at ?? null) : null,
    everListed: shown !== null,
    // Doubted by a page that claims to be older: the next page that shows it must say so.
    listed: isListed(of.history) && of.history.lacking.length === 0,
    yanked: shown !== null && shown.listing.yanked !== false,
    attested: shown?.listing.provenance !== undefined,
    ...(provenance.latest && { provenance: provenance.latest.provenance.outcome }),
    number,
  };
}
