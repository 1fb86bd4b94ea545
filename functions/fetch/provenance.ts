import type { Artifact } from "../domain/changes.ts";
import { type Fact, fact, type ProvenanceSighting } from "../domain/facts.ts";
import type { Provenances, Queues } from "../ports.ts";

export interface ProvenancePorts {
  readonly provenances: Provenances;
  readonly artifacts: Queues["artifacts"];
  readonly facts: Queues["facts"];
}

/** 5, 10, 20, 40, 80 seconds apart; then the deadline's turn. */
const MOST_VAIN = 5;
const againMs = (vain: number): number => 5_000 * 2 ** vain;

/** What somebody who expects a publisher must learn besides the bytes; nothing where the listing names no provenance. */
export async function provenanceOf(wanted: Artifact, ports: ProvenancePorts): Promise<ProvenanceSighting[]> {
  const { project, file, release, look, listing } = wanted;
  const url = listing.provenance;
  if (wanted.wantsProvenance !== true || url === undefined) return [];
  const provenance = await ports.provenances.read(url, file);
  return [fact({ kind: "provenance", project, file, release, look, url, provenance } as const)];
}

/**
 * Sends what was learned. Provenance that could not be had is told once, so that its deadline stands; it is asked for again
 * without the bytes, and told when there is an answer.
 */
export async function tell(wanted: Artifact, facts: readonly Fact[], ports: ProvenancePorts): Promise<void> {
  if (facts.length > 0) await ports.facts.send(facts);
  if (facts.some(isVain)) await askAgain(wanted, 0, ports);
}

/** One more look at the provenance of an artifact whose bytes are known. */
export async function readAgain(wanted: Artifact, vain: number, ports: ProvenancePorts): Promise<void> {
  const facts = await provenanceOf(wanted, ports);
  if (vain > 0 && facts.some(isVain)) return askAgain(wanted, vain, ports);
  return tell(wanted, facts, ports);
}

const isVain = (of: Fact): boolean => of.kind === "provenance" && of.provenance.outcome === "unread";

async function askAgain(wanted: Artifact, vain: number, { artifacts }: ProvenancePorts): Promise<void> {
  if (vain >= MOST_VAIN) return;
  await artifacts[wanted.lane].send([{ ...wanted, provenanceOnly: { vain: vain + 1 } }], againMs(vain));
}
