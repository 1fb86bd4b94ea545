import type { Case } from "../domain/case.ts";
import { artifact } from "../domain/changes.ts";
import { type ArtifactFact, isObservation } from "../domain/facts.ts";
import type { Finding } from "../domain/findings.ts";
import { isListed } from "../domain/history.ts";
import { after, earliest, laterHalf, minutes } from "../domain/instants.ts";
import type { Judgement } from "../domain/judge.ts";
import { rehashMsOf } from "../domain/rehashing.ts";
import type { Verdict } from "../domain/verdicts.ts";
import type { Gathered } from "./gather.ts";
import type { ComparePorts } from "./seams.ts";

/** What follows from judging, besides what is told. */
export interface Entailed extends Gathered {
  readonly fact: ArtifactFact;
  readonly judgements: readonly Judgement[];
  /** Seen before: a newer fact may have set deadlines since, which an old one must not clear. */
  readonly isRepetition: boolean;
}

/** A watcher without a baseline yet cannot be judged for: somebody must come back. */
const WAITING_MS = minutes(10);

/** Sets when time alone will change something, and when the bytes are hashed again. */
export async function setDeadlines(of: Entailed, ports: ComparePorts): Promise<void> {
  const { project, file } = of.fact;
  const sizeBytes = sizeOf(of.cases);
  const comeBack = of.isWaiting ? after(ports.clock.now(), WAITING_MS) : null;
  const due = earliest([comeBack, ...of.judgements.map((each) => each.until)]);
  if (due !== null) await ports.deadlines.put([{ kind: "verdict", project, file, due, sizeBytes }]);
  else if (!of.isRepetition) await ports.deadlines.clear("verdict", project, file);
  if (of.cases.some((each) => isListed(each.history))) await setRehash(of, sizeBytes, ports);
  else if (!of.isRepetition) await ports.deadlines.clear("rehash", project, file);
}

/** What it will cost to fetch: the page's word, or what came last where that was more. */
function sizeOf(cases: readonly Case[]): number {
  const { shown = null, latest = null } = cases.at(0)?.history ?? {};
  const came = latest?.attempts.map(({ sizeBytes }) => sizeBytes ?? 0) ?? [];
  return Math.max(shown?.listing.sizeBytes ?? 0, ...came);
}

/**
 * Anywhere in the later half of the interval. Only an observation puts it off:
 * whoever can provoke sightings must not be able to, nor to end it by hiding the file for one look.
 */
async function setRehash({ fact, cases }: Entailed, sizeBytes: number, ports: ComparePorts): Promise<void> {
  const { project, file } = fact;
  const watching = cases.map(({ enrolment }) => enrolment);
  const intervalMs = rehashMsOf(watching, ports.settings.rehashMs);
  const now = ports.clock.now();
  const due = after(now, laterHalf(intervalMs, ports.chance.fraction()));
  const deadline = { kind: "rehash", project, file, due, sizeBytes } as const;
  if (isObservation(fact)) await ports.deadlines.put([deadline]);
  else await ports.deadlines.bringForward(deadline, after(now, intervalMs));
}

/** What a watcher's own word alone can bring about, over bytes that are nobody else's trouble. */
const BY_WORD: ReadonlySet<Verdict> = new Set(["mismatch", "unrecorded"]);

/** Where anybody may enrol, a stranger's false records must not have the whole index fetched and kept. */
const isWorthKeeping = ({ severity, state, selfClaimed, verdict }: Finding): boolean =>
  severity === "critical" && state === "open" && !(selfClaimed && BY_WORD.has(verdict));

/** The bytes behind a critical finding are fetched once more and kept, before somebody takes them away. */
export async function askForEvidence(
  cases: readonly Case[],
  findings: readonly Finding[],
  ports: ComparePorts,
): Promise<void> {
  const of = cases.find((each) => each.history.shown !== null);
  const critical = findings.find(isWorthKeeping);
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
