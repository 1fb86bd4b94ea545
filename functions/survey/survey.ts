import { inForce } from "../domain/amendments.ts";
import { artifact, type Change } from "../domain/changes.ts";
import type { Digest } from "../domain/digests.ts";
import type { Enrolment } from "../domain/enrolments.ts";
import { type Fact, fact } from "../domain/facts.ts";
import { between, type Instant } from "../domain/instants.ts";
import { baselineSubject } from "../domain/ledger.ts";
import type { ProjectName } from "../domain/names.ts";
import { versionIn } from "../domain/names.ts";
import type { Look, Page } from "../domain/pages.ts";
import { type ReleaseFinder, releaseFinder } from "../domain/releases.ts";
import type { Settings } from "../domain/settings.ts";
import {
  type Clock,
  type Cursor,
  type Cursors,
  type Enrolments,
  IndexUnavailable,
  type Journal,
  type Ledger,
  type Owners,
  type PageAnswer,
  type PageStore,
  type Pages,
  type Queues,
  type SourceStates,
  type View,
} from "../ports.ts";
import { baselineHead, headToBegin, isReached } from "./heads.ts";
import { type Plan, plan, type Wanted } from "./plan.ts";
import { asksAfterProject, type Fixing, ownershipFor, projectFacts, unreadProject } from "./project.ts";
import { expectingOf } from "./provenance.ts";

export interface SurveyPorts {
  readonly clock: Clock;
  readonly settings: Pick<Settings, "minLookMs" | "source">;
  readonly journal: Pick<Journal, "head">;
  readonly sourceStates: Pick<SourceStates, "read">;
  readonly cursors: Pick<Cursors, "read">;
  readonly pages: Pages;
  readonly owners: Owners;
  readonly pageStore: PageStore;
  readonly enrolments: Pick<Enrolments, "ofProject">;
  readonly ledger: Pick<Ledger, "read">;
  readonly view: Pick<View, "ofProject">;
  readonly changes: Queues["changes"];
  readonly artifacts: Queues["artifacts"];
  readonly facts: Queues["facts"];
}

/** 1, 2, 4 … 256 seconds: about eight and a half minutes, then a deadline asks every ten minutes. */
const MOST_LOOKS = 9;
const backoffMs = (looks: number): number => 1000 * 2 ** looks;
const BASELINE_DELAY_MS = 50;
/** For a journal that was never read: soon at first, and the later the longer it was not. */
const unreadJournalMs = ({ at }: Change, now: Instant): number =>
  Math.min(60_000, Math.max(500, between(at, now) / 10));

/**
 * Looks at one project's page and says what is there: queues what must be fetched, sends sightings of what the change
 * names and of what differs from what is settled. Writes come last, and the change is put back before it is done with
 * whenever the look did not suffice: a stale page, an unreadable one, a baseline not fixed yet.
 */
export async function survey(change: Change, ports: SurveyPorts): Promise<void> {
  const enrolments = await ports.enrolments.ofProject(change.project);
  if (enrolments.length === 0) return;
  const latest = await ports.pageStore.latest(change.project);
  const waitMs = politeWaitMs(latest, ports);
  if (waitMs > 0) return again(change, ports, waitMs, 0);
  const cursor = await ports.cursors.read();
  // Before the journal was read once, a baseline could swallow an upload that no entry will ever explain.
  if (cursor === null) return again(change, ports, unreadJournalMs(change, ports.clock.now()), 0);
  const baselines = await baselinesOf(enrolments, ports);
  const unfixed = enrolments
    .filter((enrolment) => !baselines.has(enrolment.id))
    .map((enrolment) => enrolment.id);
  let head: number | null = null;
  try {
    // The head is asked before the page is read: what a later entry adds can then be told from the baseline.
    if (unfixed.length > 0) head = await headToBegin(cursor.serial, ports);
    const look = await lookAt(change, { latest, cursor }, ports);
    head = baselineHead(head, look.claimed, ports);
    const seen = plan({
      change,
      page: look.page,
      claimed: look.claimed,
      unchanged: latest !== null && (latest.page?.digest ?? null) === look.look.page,
      rows: await ports.view.ofProject(change.project),
      baselines,
      expecting: expectingOf(enrolments.map((each) => inForce(each, ports.clock.now()))),
    });
    await report(change, look, seen, { unfixed, head, latest: latest?.page ?? null }, ports);
    if (unfixed.length > 0) return again(change, ports, BASELINE_DELAY_MS * 2 ** change.looks, 1);
    if (seen.stale) return again(change, ports, backoffMs(change.looks), 1);
  } catch (error) {
    if (!(error instanceof IndexUnavailable)) throw error;
    await unreadable(change, error, { cursor, unfixed, head }, ports);
    const delayMs = Math.max(backoffMs(change.looks), error.retryAfterMs ?? 0);
    return again(change, ports, delayMs, 1, standsAlone(change));
  }
}

/**
 * Puts the change back. Past the last look it is left to the deadlines, which ask again by themselves; unless it
 * `persists`, because no deadline stands for it.
 */
async function again(
  change: Change,
  ports: SurveyPorts,
  delayMs: number,
  looked: number,
  persists = change.reason === "enrolment",
): Promise<void> {
  const looks = change.looks + looked;
  if (looks > MOST_LOOKS && !persists) return;
  // The look before the last stands for all that follow, so that both copies of the page go on taking turns.
  const counted = looks > MOST_LOOKS ? MOST_LOOKS - 1 : looks;
  await ports.changes[change.lane].send([{ ...change, looks: counted }], delayMs);
}

/**
 * An enrolment's change alone queues the baseline's files; a journal's that names none may be a removal or a yank; and what another
 * source showed, it shows once.
 */
const standsAlone = (change: Change): boolean =>
  change.reason === "enrolment" ||
  change.reason === "cross-check" ||
  (change.reason === "journal" && asksAfterProject(change));

type Latest = Awaited<ReturnType<PageStore["latest"]>>;

/** A look that is still to come was noted by a clock that was wrong: nobody waits for it. */
const politeWaitMs = (latest: Latest, { settings: { minLookMs }, clock }: SurveyPorts): number =>
  latest === null ? 0 : minLookMs - Math.abs(between(latest.at, clock.now()));

type Baselines = ReadonlyMap<string, ReadonlyMap<string, Digest | null>>;

/** The fixed baselines of these enrolments. */
async function baselinesOf(enrolments: readonly Enrolment[], ports: SurveyPorts): Promise<Baselines> {
  const fixed = new Map<string, ReadonlyMap<string, Digest | null>>();
  for (const { id } of enrolments) {
    const [entry] = await ports.ledger.read(baselineSubject(id));
    if (entry?.body.kind !== "baseline") continue;
    const page =
      entry.body.baseline.page === null ? null : await ports.pageStore.kept(entry.body.baseline.page);
    fixed.set(id, new Map(page?.files.map((file) => [file.file, file.declared])));
  }
  return fixed;
}

interface Looked {
  readonly page: Page | null;
  /** The serial that the page claims, believed or not. */
  readonly claimed: number | null;
  readonly look: Look;
}

/** What was known before the look. Each part is read once: on a host far from its tables every read is a way there. */
interface Known {
  readonly latest: Latest;
  readonly cursor: Cursor;
}

async function lookAt(change: Change, known: Known, ports: SurveyPorts): Promise<Looked> {
  const { latest } = known;
  const plain = asksPlain(change);
  const answer = await readSurely(
    change.project,
    { etag: plain ? null : (latest?.page?.etag ?? null), plain },
    ports,
  );
  const read = await pageOf(answer, latest?.page ?? null, ports);
  const at = ports.clock.now();
  await ports.pageStore.remember(change.project, read, at);
  const cursor = await caughtUpWith(read?.serial ?? null, known.cursor, ports);
  const page = read && { ...read, serial: await truthful(read.serial, cursor, ports) };
  const { epoch } = cursor;
  const claimed = read?.serial ?? null;
  const serial = page?.serial ?? null;
  const ahead = claimed !== null && serial === null ? { ahead: claimed } : {};
  return {
    page,
    claimed,
    look: { at, asked: change.id, epoch, serial, page: page?.digest ?? null, ...ahead },
  };
}

/**
 * Read anew on purpose where the page is ahead: a change is queued before the cursor moves past its entry, so by now it
 * mostly has, and the index need not be asked for its head.
 */
const caughtUpWith = async (serial: number | null, cursor: Cursor, ports: SurveyPorts): Promise<Cursor> =>
  serial === null || serial <= cursor.serial ? cursor : ((await ports.cursors.read()) ?? cursor);

/** No page can show more than the index has. One that says so would make every honest page after it look old. */
const truthful = async (serial: number | null, cursor: Cursor, ports: SurveyPorts): Promise<number | null> =>
  serial === null || serial <= cursor.serial || (await isReached(serial, cursor.epoch, ports))
    ? serial
    : null;

/**
 * Edges keep a packed and a plain copy of a page, and either can be stuck: every other look after a vain one, and a
 * quarter of the sweeps, ask for the plain one.
 */
const asksPlain = ({ reason, looks, id }: Change): boolean =>
  looks % 2 === 1 || (reason === "sweep" && looks === 0 && /[0-3]$/.test(id));

/** A 404 names no serial, so it could be of any age: it is believed where both copies of the page say so. */
async function readSurely(
  project: ProjectName,
  ask: Parameters<Pages["read"]>[1],
  { pages }: Pick<SurveyPorts, "pages">,
): Promise<PageAnswer> {
  const answer = await pages.read(project, ask);
  return answer.kind === "gone" ? pages.read(project, { etag: null, plain: !ask.plain }) : answer;
}

async function pageOf(answer: PageAnswer, latest: Page | null, ports: SurveyPorts): Promise<Page | null> {
  if (answer.kind === "gone") return null;
  if (answer.kind === "page") {
    if (answer.page.digest !== latest?.digest) await ports.pageStore.keep(answer.page, answer.body);
    return answer.page;
  }
  if (latest === null)
    throw new IndexUnavailable("garbled", "the index answered 304 to an unconditional request");
  return latest;
}

async function report(
  change: Change,
  seen: Looked,
  found: Plan,
  fixing: Fixing & { readonly latest: Page | null },
  ports: SurveyPorts,
): Promise<void> {
  const release = releaseFinder(change.project, seen.page?.versions ?? []);
  for (const lane of ["now", "sweep"] as const) {
    const wanted = found.fetch.filter((each) => each.lane === lane);
    if (wanted.length > 0)
      await ports.artifacts[lane].send(wanted.map((each) => artifactOf(change, seen, each, release)));
  }
  const facts = artifactFacts(change, seen, found, release);
  if (facts.length > 0) await ports.facts.send(facts);
  const ownership = found.stale ? null : await ownershipFor(change, seen.look, ports);
  const sightings = projectFacts(change, seen, fixing, ownership);
  if (sightings.length > 0) await ports.facts.send(sightings);
}

function artifactOf(
  { project, at }: Change,
  { look }: Looked,
  { file: listed, ...asked }: Wanted,
  release: ReleaseFinder,
) {
  const { file, ...listing } = listed;
  return artifact({ project, file, release: release(file), listing, look, since: at, ...asked });
}

function artifactFacts(
  { project }: Change,
  { page, look }: Looked,
  found: Plan,
  release: ReleaseFinder,
): Fact[] {
  const listed = found.listed.map(({ file, ...listing }) =>
    fact({ kind: "listed", project, file, release: release(file), look, listing } as const),
  );
  const state = page?.state ?? "gone";
  const absent = found.absent.map((file) =>
    fact({ kind: "absent", project, file, release: release(file), look, state } as const),
  );
  return [...listed, ...absent];
}

/** A page that cannot be read says nothing about a file, and time passes all the same: the judge must hear of it. */
async function unreadable(
  change: Change,
  error: IndexUnavailable,
  { cursor, unfixed, head: asked }: Fixing & Pick<Known, "cursor">,
  ports: SurveyPorts,
): Promise<void> {
  const { epoch } = cursor;
  const look = { at: ports.clock.now(), asked: change.id, epoch, serial: null, page: null };
  const { project } = change;
  const reason = `${error.code}: ${error.message}`.slice(0, 500);
  const facts: Fact[] = change.files.map((file) => {
    const release = versionIn(file, project);
    return fact({ kind: "page-unreadable", project, file, release, look, reason } as const);
  });
  facts.push(...unreadProject(change, look, { unfixed, head: asked ?? cursor.serial }, reason));
  if (facts.length > 0) await ports.facts.send(facts);
}
