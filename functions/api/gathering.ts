import type { Digest } from "../domain/digests.ts";
import type { EvidenceItem } from "../domain/evidence.ts";
import { isObservation } from "../domain/facts.ts";
import type { Finding } from "../domain/findings.ts";
import { baselineSubject, type LedgerEntry } from "../domain/ledger.ts";
import { findingsIn, subjectOf } from "../domain/told.ts";
import type { EvidenceBytes, EvidencePage } from "../records/answers/evidence.ts";
import type { ApiPorts } from "./seams.ts";

/** The fact of an entry that is about one artifact, or about the project. */
const factIn = ({ body }: LedgerEntry) =>
  body.kind === "judged" || body.kind === "sighted" ? body.fact : null;

/** The history of what a finding is about, oldest first. */
export const historyOf = (finding: Finding, { ledger }: Pick<ApiPorts, "ledger">) =>
  ledger.read(subjectOf(finding));

/** Which attempt got these bytes. */
function attemptOf(
  { at, digest, keptFor }: EvidenceItem,
  history: readonly LedgerEntry[],
): EvidenceBytes["attempt"] {
  if (keptFor !== null) return null;
  for (const entry of history) {
    const fact = factIn(entry);
    if (fact === null || fact.kind === "project" || !isObservation(fact)) continue;
    const index = fact.attempts.findIndex((each) => each.at === at && each.digest === digest);
    const attempt = fact.attempts[index];
    if (attempt === undefined) continue;
    const { address, detail } = attempt;
    return { number: index + 1, of: fact.attempts.length, fact: fact.id, address, detail };
  }
  return null;
}

/** The bytes of the finding's file, whichever of its findings they were kept for. */
export async function bytesOf(
  { project, file, id }: Finding,
  history: readonly LedgerEntry[],
  { evidence }: Pick<ApiPorts, "evidence">,
): Promise<EvidenceBytes[]> {
  if (project === null || file === null) return [];
  return (await evidence.list(project, file)).map((item) => {
    const { digest, at, sizeBytes, whole, keptFor, refused } = item;
    const origin = keptFor === null ? "attempt" : keptFor === id ? "this-finding" : "another-finding";
    return { digest, at, sizeBytes, whole, origin, attempt: attemptOf(item, history), refused };
  });
}

/** Everybody's hands are on the pages of a project that is looked at a thousand times: these few tell of the finding. */
const MOST_PAGES = 12;

async function pagesNamed(
  finding: Finding,
  history: readonly LedgerEntry[],
  { ledger }: Pick<ApiPorts, "ledger">,
): Promise<readonly (readonly [Digest | null | undefined, string])[]> {
  const judged = history.filter(({ body }) => findingsIn(body).some(({ id }) => id === finding.id));
  const first = history.find((entry) => factIn(entry)?.look.page);
  const begun = finding.enrolment === null ? [] : await ledger.read(baselineSubject(finding.enrolment));
  return [
    ...begun.map(({ body }) => [body.kind === "baseline" ? body.baseline.page : null, "baseline"] as const),
    [first && factIn(first)?.look.page, "first-seen"],
    [finding.grounds.page, "finding"],
    ...judged.map((entry) => [factIn(entry)?.look.page, "judged"] as const),
  ];
}

/** The pages of the index that say what the finding says, each once, with why it is one of them. */
export async function pageDigestsOf(
  finding: Finding,
  history: readonly LedgerEntry[],
  ports: Pick<ApiPorts, "ledger">,
): Promise<ReadonlyMap<Digest, ReadonlySet<string>>> {
  const why = new Map<Digest, Set<string>>();
  for (const [digest, reason] of await pagesNamed(finding, history, ports))
    if (digest) why.set(digest, (why.get(digest) ?? new Set()).add(reason));
  return new Map([...why].slice(0, MOST_PAGES));
}

/** The same, with how large each is. One after the other: a page may be large. */
export async function pagesOf(
  finding: Finding,
  history: readonly LedgerEntry[],
  ports: Pick<ApiPorts, "ledger" | "pageStore">,
): Promise<EvidencePage[]> {
  const pages: EvidencePage[] = [];
  for (const [digest, reasons] of await pageDigestsOf(finding, history, ports)) {
    const body = await ports.pageStore.body(digest);
    pages.push({ digest, sizeBytes: body?.length ?? null, why: [...reasons] });
  }
  return pages;
}

/** The provenance objects that were read of the file, each once. */
export function provenanceIn(history: readonly LedgerEntry[]) {
  const read = history.flatMap((entry) => {
    const fact = factIn(entry);
    if (fact?.kind !== "provenance" || !("object" in fact.provenance)) return [];
    const { object: digest, outcome } = fact.provenance;
    return [[digest, { digest, at: fact.look.at, outcome }] as const];
  });
  return [...new Map(read.toReversed()).values()].reverse();
}
