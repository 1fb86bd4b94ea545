import type { Finding } from "../domain/findings.ts";
import { enrolmentSubject, type LedgerBody, type LedgerEntry } from "../domain/ledger.ts";
import { findingsIn } from "../domain/told.ts";
import type { FindingLedgerEntry } from "../records/answers/evidence.ts";
import type { OwnFinding } from "./own-findings.ts";

type Said = Readonly<Record<string, unknown>>;

/** Of an entry that several watchers share, what is the caller's. What this version does not know is nobody's. */
function ownBody(
  body: LedgerBody,
  isOwn: (enrolment: string | null) => boolean,
  ids: ReadonlySet<string>,
): Said {
  const own = (findings: readonly Finding[]) => findings.filter(({ enrolment }) => isOwn(enrolment));
  switch (body.kind) {
    case "judged": {
      const judgements = body.judgements.filter(({ enrolment }) => isOwn(enrolment));
      return { ...body, judgements, findings: own(body.findings) };
    }
    case "sighted": {
      // Who else began to watch is their own business.
      const fact = { ...body.fact, baselineOf: body.fact.baselineOf.filter(isOwn) };
      return { ...body, fact, ...(body.findings && { findings: own(body.findings) }) };
    }
    case "told":
    case "drilled":
      return isOwn(body.finding.enrolment) ? body : { kind: body.kind };
    case "published":
      return ids.has(body.finding) ? body : { kind: body.kind };
    case "first-seen":
      return body;
    default:
      return { kind: body.kind };
  }
}

/**
 * The history of what a finding is about, as its own people may read it. Several watchers share an artifact's and a project's: of
 * those entries the others' judgements and findings are left out, and the hash is still that of the whole.
 */
export function ownEntries(
  history: readonly LedgerEntry[],
  { finding, sight }: Pick<OwnFinding, "finding" | "sight">,
): FindingLedgerEntry[] {
  const ids = new Set(
    history
      .flatMap(({ body }) => findingsIn(body))
      .flatMap((each) => (sight.isOwn(each.enrolment) ? each.id : [])),
  );
  const isTheirs =
    sight.isOwn(null) ||
    history.every(({ subject }) => subject === enrolmentSubject(finding.enrolment ?? ""));
  return history.map((entry) => {
    const body: Said = isTheirs ? { ...entry.body } : ownBody(entry.body, sight.isOwn, ids);
    return { ...entry, body: { ...body }, whole: JSON.stringify(body) === JSON.stringify(entry.body) };
  });
}
