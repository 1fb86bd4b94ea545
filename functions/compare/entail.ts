import type { Case } from "../domain/case.ts";
import { artifact } from "../domain/changes.ts";
import { type ArtifactFact, isObservation } from "../domain/facts.ts";
import type { Finding } from "../domain/findings.ts";
import { isListed } from "../domain/history.ts";
import { after, earliest } from "../domain/instants.ts";
import type { Judgement } from "../domain/judge.ts";
import type { ComparePorts } from "./seams.ts";

/** Sets when time alone will change something, and when the bytes are hashed again. */
export async function setDeadlines(
  fact: ArtifactFact,
  cases: readonly Case[],
  judgements: readonly Judgement[],
  ports: ComparePorts,
): Promise<void> {
  const { project, file } = fact;
  const due = earliest(judgements.map((each) => each.until));
  const sizeBytes = sizeOf(cases);
  if (due === null) await ports.deadlines.clear("verdict", project, file);
  else await ports.deadlines.put([{ kind: "verdict", project, file, due, sizeBytes }]);
  if (!cases.some((of) => isListed(of.history))) await ports.deadlines.clear("rehash", project, file);
  // Only an observation moves the re-hash: whoever can provoke sightings must not be able to put it off.
  else if (isObservation(fact)) await setRehash(fact, sizeBytes, ports);
}

const sizeOf = (cases: readonly Case[]): number => cases.at(0)?.history.shown?.listing.sizeBytes ?? 0;

/** Anywhere in the second half of the interval: within the bound, and not to be foreseen. */
async function setRehash(
  { project, file }: ArtifactFact,
  sizeBytes: number,
  ports: ComparePorts,
): Promise<void> {
  const due = after(ports.clock.now(), ports.settings.rehashMs * (0.5 + ports.chance.fraction() / 2));
  await ports.deadlines.put([{ kind: "rehash", project, file, due, sizeBytes }]);
}

/** The bytes behind a critical finding are fetched once more and kept, before somebody takes them away. */
export async function askForEvidence(
  cases: readonly Case[],
  findings: readonly Finding[],
  ports: ComparePorts,
): Promise<void> {
  const of = cases.find((each) => each.history.shown !== null);
  const critical = findings.find((finding) => finding.severity === "critical" && finding.state === "open");
  const shown = of?.history.shown;
  if (of === undefined || critical === undefined || !shown) return;
  const { project, file, release } = of;
  const wanted = {
    project,
    file,
    release,
    listing: shown.listing,
    look: shown.look,
    since: critical.openedAt,
  };
  await ports.artifacts.sweep.send([artifact({ ...wanted, lane: "sweep", keepFor: critical.id })]);
}
