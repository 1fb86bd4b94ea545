import type { Baseline, Enrolment } from "../domain/enrolments.ts";
import { fact, type ProjectSighting } from "../domain/facts.ts";
import type { Finding } from "../domain/findings.ts";
import { baselineSubject, type LedgerEntry, projectSubject } from "../domain/ledger.ts";
import { isNews } from "../domain/looks.ts";
import type { ProjectCase } from "../domain/occasions.ts";
import { projectFindings } from "../domain/project.ts";
import { findingsOf } from "../domain/told.ts";
import { baselineFor, fixBaselines } from "./baseline.ts";
import { watching } from "./gather.ts";
import type { ComparePorts } from "./seams.ts";
import { unpublishedOf } from "./unpublished.ts";

/** Whoever changes roles a thousand times must not make an entry of the ledger that no store takes. */
const MOST_AT_ONCE = 40;

/**
 * Takes one look at a project into the ledger together with what it gives to tell, and fixes the baselines that wait for it.
 * One append, on condition that nobody appended since the history was read: throws `Conflict`, and the caller judges again. A
 * look that says nothing new and gives nothing to tell is dropped: the ledger is never pruned. What is too much for one
 * append follows as further parts of the same look. Repeated, it makes good what a crash left undone.
 */
export async function compareProject(sighting: ProjectSighting, ports: ComparePorts): Promise<void> {
  let part = 1;
  while (await hasMore(partOf(sighting, part), ports)) part += 1;
}

function partOf(sighting: ProjectSighting, part: number): ProjectSighting {
  if (part === 1) return sighting;
  const { id: _, look, ...said } = sighting;
  return fact({ ...said, look: { ...look, asked: `${look.asked}/${part}` } });
}

/** Takes in one part of a look; whether there is more to tell. */
async function hasMore(sighting: ProjectSighting, ports: ComparePorts): Promise<boolean> {
  const subject = projectSubject(sighting.project);
  const history = await ports.ledger.read(subject);
  const before = sightingsIn(history);
  const sightings = [...before, sighting];
  const known = history.find(({ body }) => body.kind === "sighted" && body.fact.id === sighting.id);
  const untold = await untoldOf(sighting, sightings, history, ports);
  if (known !== undefined) {
    await tell(unpublishedOf(known, history), known.number, ports);
    await fixBaselines(sighting, before, ports.ledger);
    return untold.length > 0;
  }
  if (untold.length === 0 && !isNews(sighting, before)) return false;
  const findings = untold.slice(0, MOST_AT_ONCE);
  const body = { kind: "sighted", fact: sighting, findings } as const;
  const { number } = await ports.ledger.append(subject, history.at(-1) ?? null, body);
  await fixBaselines(sighting, sightings, ports.ledger);
  await tell(findings, number, ports);
  return untold.length > findings.length;
}

async function untoldOf(
  sighting: ProjectSighting,
  sightings: readonly ProjectSighting[],
  history: readonly LedgerEntry[],
  ports: ComparePorts,
): Promise<readonly Finding[]> {
  const told = findingsOf(history);
  const cases = await projectCases(sighting, sightings, ports);
  return cases.flatMap((of) => projectFindings(of, told));
}

const sightingsIn = (history: readonly LedgerEntry[]): readonly ProjectSighting[] =>
  history.flatMap(({ body }) => (body.kind === "sighted" ? [body.fact] : []));

async function tell(findings: readonly Finding[], number: number, ports: ComparePorts): Promise<void> {
  if (findings.length === 0) return;
  await ports.view.putFindings(findings, number);
  await ports.alerts.send(findings);
}

/** What there is to judge for each enrolment whose baseline is fixed, or is this page. */
async function projectCases(
  sighting: ProjectSighting,
  sightings: readonly ProjectSighting[],
  ports: ComparePorts,
): Promise<readonly ProjectCase[]> {
  const enrolments = await watching(sighting.project, ports);
  if (enrolments.length === 0) return [];
  const given = {
    sightings,
    entries: await ports.entries.ofProject(sighting.project),
    now: ports.clock.now(),
  };
  const cases = enrolments.map(async (enrolment) => {
    const began = await beganFor(enrolment, sighting, sightings, ports);
    return began === null ? [] : [{ ...given, enrolment, began }];
  });
  return (await Promise.all(cases)).flat();
}

async function beganFor(
  { id }: Enrolment,
  sighting: ProjectSighting,
  sightings: readonly ProjectSighting[],
  { ledger }: ComparePorts,
): Promise<Baseline | null> {
  const [entry] = await ledger.read(baselineSubject(id));
  if (entry?.body.kind === "baseline") return entry.body.baseline;
  const isIt = sighting.state !== "unreadable" && sighting.baselineOf.includes(id);
  return isIt ? baselineFor(id, sighting, sightings) : null;
}
