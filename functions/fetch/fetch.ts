import type { Artifact, Attempt } from "../domain/changes.ts";
import { type Fact, fact, type Observation } from "../domain/facts.ts";
import type { Settings } from "../domain/settings.ts";
import type { Evidence, EvidenceSpool, Files } from "../ports.ts";
import { type ProvenancePorts, provenanceOf, readAgain, tell } from "./provenance.ts";

export interface FetchPorts extends ProvenancePorts {
  readonly settings: Pick<Settings, "confirmMs">;
  readonly files: Files;
  readonly evidence: Pick<Evidence, "spool">;
}

/** Wrong whole bodies are asked for this often at most before "not reproduced" is said. */
const MOST_WRONG = 6;
/** Attempts that got no whole body: 1, 2, 4 … 32 seconds apart, then the deadline's turn. */
const MOST_FAILED = 6;

/**
 * Fetches and hashes one artifact, once; and tells a bad edge from a bad file by trying again. The attempts travel in
 * the message, so nothing is remembered here: either the observation is sent, or the artifact is put back with one
 * attempt more. A difference is a result, never an error; an outage becomes `unreadable` after a bounded time.
 */
export async function fetch(wanted: Artifact, ports: FetchPorts): Promise<void> {
  if (wanted.provenanceOnly !== undefined) return readAgain(wanted, wanted.provenanceOnly.vain, ports);
  const keeps = wanted.keepFor !== null || wanted.attempts.length > 0;
  const spool = keeps ? ports.evidence.spool() : null;
  const attempt = await ports.files.fetch({
    url: wanted.listing.url,
    sizeBytes: wanted.listing.sizeBytes,
    fresh: wanted.attempts.length > 0,
    avoid: wanted.attempts.flatMap((each) => each.address ?? []),
    ...(spool && { tap: spool.tap }),
  });
  await keepDivergent(wanted, attempt, spool);
  const attempts = [...wanted.attempts, attempt];
  const next = nextStep(wanted, attempts, ports.settings.confirmMs);
  if (wanted.keepFor !== null && (attempt.digest !== null || next.kind === "told")) return;
  if (next.kind === "told") return told(wanted, observationOf(wanted, attempts), ports);
  await ports.artifacts[wanted.lane].send([{ ...wanted, attempts }], next.delayMs);
}

/** The provenance goes first: whoever lets it count shall not hear of bytes that nobody vouches for. */
async function told(wanted: Artifact, observed: Fact, ports: FetchPorts): Promise<void> {
  const provenance = observed.kind === "hashed" ? await provenanceOf(wanted, ports) : [];
  await tell(wanted, [...provenance, observed], ports);
}

type Step = { readonly kind: "told" } | { readonly kind: "again"; readonly delayMs: number };

const TOLD: Step = { kind: "told" };

/** Whether enough was seen to tell the judge, or when to try again. Pure. */
export function nextStep({ listing }: Artifact, attempts: readonly Attempt[], confirmMs: number): Step {
  const last = attempts.at(-1);
  if (last === undefined || (last.digest !== null && last.digest === listing.declared)) return TOLD;
  if (listing.declared === null || last.outcome === "refused" || last.outcome === "too-large") return TOLD;
  const wrong = attempts.filter((each) => each.digest !== null);
  const failed = attempts.length - wrong.length;
  if (last.digest === null) {
    return failed >= MOST_FAILED ? TOLD : { kind: "again", delayMs: 1000 * 2 ** (failed - 1) };
  }
  const first = wrong.find((each) => each.digest === last.digest) ?? last;
  const same = wrong.filter((each) => each.digest === last.digest).length;
  const lastedMs = Date.parse(last.at) - Date.parse(first.at);
  if ((same >= 3 && lastedMs >= confirmMs) || wrong.length >= MOST_WRONG) return TOLD;
  // Two more looks spread over the window; a little more than half each, so that clock steps do not cost a third.
  return { kind: "again", delayMs: Math.ceil(confirmMs / 2) + 10 };
}

/** What the attempts add up to. `observed` is the declared digest as soon as one attempt had it. */
export function observationOf(wanted: Artifact, attempts: readonly Attempt[]): Fact {
  const { project, file, release, listing, look } = wanted;
  const bodies = attempts.flatMap((each) => each.digest ?? []);
  const agreed = bodies.find((digest) => digest === listing.declared);
  const kind: Observation["kind"] =
    bodies.length > 0 ? "hashed" : attempts.at(-1)?.outcome === "gone" ? "gone" : "unreadable";
  const observed = agreed ?? bodies.at(-1) ?? null;
  return fact({ kind, project, file, release, look, listing, observed, attempts } as const);
}

/** Divergent bytes are evidence; so are the bytes of a critical finding, whatever they are. */
async function keepDivergent(wanted: Artifact, attempt: Attempt, spool: EvidenceSpool | null): Promise<void> {
  if (spool === null) return;
  const { project, file, listing } = wanted;
  const worthKeeping =
    attempt.digest !== null && (wanted.keepFor !== null || attempt.digest !== listing.declared);
  if (!worthKeeping || attempt.digest === null) return spool.discard();
  await spool.commit({ project, file, digest: attempt.digest, at: attempt.at, keptFor: wanted.keepFor });
}
