import { watchingAt } from "../domain/amendments.ts";
import { beganHidden, isSince } from "../domain/beginnings.ts";
import type { Case, JournalCoverage } from "../domain/case.ts";
import { type Baseline, type Enrolment, isLive } from "../domain/enrolments.ts";
import type { ArtifactFact } from "../domain/facts.ts";
import { type History, historyOf, wrongAttempts } from "../domain/history.ts";
import { hourOf, type Instant } from "../domain/instants.ts";
import type { Entry } from "../domain/journal.ts";
import { baselineSubject, releaseSubject } from "../domain/ledger.ts";
import type { ProjectName } from "../domain/names.ts";
import { adds, awaitedEntries } from "../domain/passed.ts";
import { Conflict } from "../ports.ts";
import type { BaselinePage, ComparePorts } from "./seams.ts";

/** What is the same for every enrolment of the artifact. */
interface Common {
  readonly fact: ArtifactFact;
  readonly history: History;
  readonly entries: readonly Entry[];
  readonly journal: JournalCoverage;
  readonly releaseSeen: Instant | null;
  readonly flakyHours: ReadonlyMap<string, number>;
  readonly now: Instant;
}

/** What there is to judge, and whether some enrolment cannot be judged for yet. */
export interface Gathered {
  readonly cases: readonly Case[];
  readonly isWaiting: boolean;
}

/** Gathers all that the judge is given about an artifact, for each enrolment whose baseline is fixed. */
export async function casesOf(facts: readonly ArtifactFact[], ports: ComparePorts): Promise<Gathered> {
  const fact = facts.at(-1);
  const enrolments = fact === undefined ? [] : await watching(fact.project, ports);
  if (fact === undefined || enrolments.length === 0) return { cases: [], isWaiting: false };
  const common = await commonOf(fact, historyOf(facts), ports);
  const cases = await Promise.all(enrolments.map((enrolment) => caseOf(enrolment, common, ports)));
  const ready = cases.filter((each) => each !== null);
  return { cases: ready.filter(concernsWatcher), isWaiting: ready.length < cases.length };
}

/** The enrolments of the project as they are now; those that ended wish for nothing more. */
export const watching = async (
  project: ProjectName,
  { enrolments, clock }: ComparePorts,
): Promise<Enrolment[]> => watchingAt(await enrolments.ofProject(project), clock.now());

/** What no page showed and no entry added since the watch began is the business of those who recorded it: an embargoed fix stays theirs. */
const concernsWatcher = (of: Case): boolean =>
  of.history.shown !== null || of.recorded.length > 0 || awaitedEntries(of).length > 0;

async function commonOf(fact: ArtifactFact, history: History, ports: ComparePorts): Promise<Common> {
  const cursor = await ports.cursors.read();
  return {
    fact,
    history,
    entries: await ports.entries.concerning(fact.project, fact.file, fact.release),
    journal: {
      epoch: cursor?.epoch ?? 0,
      serial: cursor?.serial ?? 0,
      caughtUpAt: cursor?.caughtUpAt ?? "",
      blind: cursor === null || cursor.blind !== null,
      intervals: cursor?.intervals ?? [],
    },
    releaseSeen: await releaseSeen(fact, history, ports),
    flakyHours: await flakyHours(fact, history, ports),
    now: ports.clock.now(),
  };
}

async function caseOf(enrolment: Enrolment, common: Common, ports: ComparePorts): Promise<Case | null> {
  const { project, file, release } = common.fact;
  const [entry] = await ports.ledger.read(baselineSubject(enrolment.id));
  // Without a fixed baseline an old file would look like a fresh upload: survey asks again once it is fixed.
  if (entry?.body.kind !== "baseline") return null;
  const { fact: _, ...given } = common;
  const records = await ports.records.ofFile(enrolment.id, file);
  return {
    ...given,
    project,
    file,
    release,
    enrolment,
    recorded: records.filter(isLive),
    withdrawn: records.filter((record) => !isLive(record)).map(({ digest }) => digest),
    habits: await ports.records.habits(enrolment.id, release),
    ...(await beganWith(entry.body.baseline, common, ports)),
    confirmMs: ports.settings.confirmMs,
  };
}

/**
 * Where the watch began, and under which digest the file was there then: as its page showed it, or, where a quarantine hid it from
 * that page, as it came back. One added above that page's head is not baseline.
 */
async function beganWith(
  { page, head, epoch, at }: Baseline,
  { history, entries, fact: { file, release } }: Common,
  ports: ComparePorts,
): Promise<Pick<Case, "baseline" | "began">> {
  const { serial, pairs } = page === null ? NO_PAGE : await ports.baselines.pairs(page);
  const isAdded = entries.some((entry) => adds(entry, file) && isSince(entry, { head, epoch }));
  const wasHidden = !isAdded && !pairs.has(file) && beganHidden(entries, release, { head, epoch });
  const lists = (pairs.has(file) && !isAdded) || wasHidden;
  const declared = wasHidden ? history.shown?.listing.declared : pairs.get(file);
  return { baseline: lists ? (declared ?? null) : null, began: { at, serial, head, epoch, lists } };
}

/** A project without a page: whatever is shown later is newer than nothing. */
const NO_PAGE: BaselinePage = { serial: 0, pairs: new Map() };

/** Our own first sighting of any file of the release, fixed once by whoever comes first. */
async function releaseSeen(
  fact: ArtifactFact,
  history: History,
  ports: ComparePorts,
): Promise<Instant | null> {
  if (fact.release === null || history.firstSeen === null) return null;
  const subject = releaseSubject(fact.project, fact.release);
  const [known] = await ports.ledger.read(subject);
  if (known?.body.kind === "first-seen") return known.body.at;
  try {
    await ports.ledger.append(subject, null, { kind: "first-seen", at: history.firstSeen });
    return history.firstSeen;
  } catch (error) {
    if (error instanceof Conflict) return releaseSeen(fact, history, ports);
    throw error;
  }
}

/** How many projects were flaky in each hour in which this artifact was. */
async function flakyHours(
  { project }: ArtifactFact,
  { latest, flakyAt }: History,
  ports: ComparePorts,
): Promise<ReadonlyMap<string, number>> {
  const flakyNow = latest !== null && wrongAttempts(latest).length > 0 ? flakyAt.at(-1) : undefined;
  if (flakyNow !== undefined) await ports.flakyEdges.note(hourOf(flakyNow), project);
  const hours = [...new Set(flakyAt.map(hourOf))];
  return new Map(
    await Promise.all(hours.map(async (hour) => [hour, await ports.flakyEdges.count(hour)] as const)),
  );
}
