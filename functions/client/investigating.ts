import type { Digest } from "../domain/digests.ts";
import { EvidenceAnswer, FindingLedgerAnswer, type FindingLedgerEntry } from "../records/answers/evidence.ts";
import { FindingAnswer } from "../records/answers/findings.ts";
import type { Part } from "./asking.ts";
import { type Calling, pathOf } from "./calling.ts";

/** What is kept of a finding. Needs a maintainer's key of its enrolment, or the operator's. */
export interface Investigating {
  finding(project: string, finding: string): Promise<FindingAnswer>;
  evidence(project: string, finding: string): Promise<EvidenceAnswer>;
  /** The history of what the finding is about, all its pages. */
  findingLedger(project: string, finding: string): Promise<readonly FindingLedgerEntry[]>;
  /** Bytes or a page, from an offset on. They may be malware. */
  evidencePart(project: string, finding: string, digest: Digest, from: number): Promise<Part>;
}

export const investigatingOf = ({ get, part, pages }: Calling): Investigating => ({
  finding: (project, finding) => get(pathOf(project, "findings", finding), FindingAnswer),
  evidence: (project, finding) => get(pathOf(project, "findings", finding, "evidence"), EvidenceAnswer),
  findingLedger: async (project, finding) => {
    const all = await pages(pathOf(project, "findings", finding, "ledger"), {}, FindingLedgerAnswer);
    return all.flatMap(({ entries }) => entries);
  },
  evidencePart: (project, finding, digest, from) =>
    part(pathOf(project, "findings", finding, "evidence", digest), from),
});
