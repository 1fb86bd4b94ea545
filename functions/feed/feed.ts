import { type Change, changesNaming } from "../domain/changes.ts";
import { between, type Instant } from "../domain/instants.ts";
import {
  type Entry,
  entryOf,
  fileOf,
  isOfProject,
  type JournalRow,
  journalChangeId,
  parseAction,
} from "../domain/journal.ts";
import { isProjectName, normalizeProject } from "../domain/names.ts";
import type { SourceState } from "../domain/sources.ts";
import {
  type Clock,
  type Cursor,
  type Cursors,
  type Enrolments,
  type Entries,
  IndexUnavailable,
  type Journal,
  type Queue,
  type SourceStates,
} from "../ports.ts";

export interface FeedPorts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly cursors: Cursors;
  readonly sourceStates: Pick<SourceStates, "read">;
  readonly entries: Entries;
  readonly enrolments: Enrolments;
  readonly changes: Queue<Change>;
}

/** How a poll went. `more`: the answer was full, poll again at once. */
export interface Polled {
  readonly rows: number;
  readonly changes: number;
  readonly more: boolean;
  readonly cursor: Cursor;
}

/**
 * PyPI gives 50,000 rows at most, and may come to give fewer. Whoever gives so many may have more: asked again at once, he costs a call,
 * and believed to be at his end, he would prove that what is absent was never announced.
 */
const FULL_ANSWER = 1_000;
/** Serials read again each time: costs nothing, and finds rows that were committed out of order. */
const OVERLAP = 100;

/**
 * One poll of the journal: keeps the entries about enrolled projects, queues one change per project, and only then
 * moves the cursor past all rows, so that a crash anywhere between repeats work and loses none. The first poll ever
 * begins at the journal's head. Throws `IndexUnavailable`, and `Conflict` when another feed moved the cursor.
 */
export async function feed(ports: FeedPorts): Promise<Polled> {
  const cursor = await ports.cursors.read();
  if (cursor === null) return begin(ports);
  const beganAt = ports.clock.now();
  const answer = await readAnswer(ports, cursor);
  if (answer.highest < cursor.serial) {
    if ((await ports.journal.head()) < cursor.serial) return wentBack(ports, cursor);
    if (cursor.serial > cursor.from) throw lacking(cursor);
  }
  const fresh = answer.entries.filter((entry) => entry.serial > cursor.serial);
  const late = await notKept(
    answer.entries.filter((entry) => entry.serial <= cursor.serial),
    ports.entries,
  );
  await ports.entries.append(fresh);
  const changes = changesOf([...late, ...fresh]);
  await ports.changes.send(changes);
  // Kept last: once kept, a late entry is late no more, and nothing would queue its change again.
  await ports.entries.append(late);
  const isBehind = isAhead(await ports.sourceStates.read("list"), cursor, answer);
  const next = moved(cursor, answer, isBehind ? cursor.caughtUpAt : beganAt, ports.clock.now());
  await ports.cursors.move(cursor.moves, next);
  return { rows: answer.rows, changes: changes.length, more: answer.rows >= FULL_ANSWER, cursor: next };
}

/** We had the row at the cursor from this journal. An answer without it is none, and must not pass for "nothing new". */
const lacking = ({ serial }: Cursor): IndexUnavailable =>
  new IndexUnavailable(
    "garbled",
    `the journal's answer lacks the row at serial ${serial}, which it had before`,
  );

async function begin(ports: FeedPorts): Promise<Polled> {
  const caughtUpAt = ports.clock.now();
  const serial = await ports.journal.head();
  const polledAt = ports.clock.now();
  const fixed = { epoch: 1, moves: 1, blind: null, intervals: [], unknownActions: 0, lagSeconds: 0 };
  const cursor: Cursor = { ...fixed, serial, from: serial, polledAt, caughtUpAt };
  await ports.cursors.move(null, cursor);
  return { rows: 0, changes: 0, more: false, cursor };
}

interface Answer {
  readonly rows: number;
  readonly highest: number;
  readonly newestAt: Instant | null;
  readonly unknown: number;
  readonly entries: readonly Entry[];
}

/** Reads one answer as a stream; of 50,000 rows only those about enrolled projects are held. */
async function readAnswer(ports: FeedPorts, cursor: Cursor): Promise<Answer> {
  const entries: Entry[] = [];
  let [rows, highest, unknown] = [0, 0, 0];
  let newestAt: Instant | null = null;
  for await (const batch of ports.journal.after(Math.max(cursor.from, cursor.serial - OVERLAP))) {
    const fresh = batch.filter((row) => row.serial > cursor.serial);
    unknown += fresh.filter((row) => parseAction(row.action, row.version).kind === "unknown").length;
    rows += batch.length;
    highest = Math.max(highest, batch.at(-1)?.serial ?? 0);
    newestAt = fresh.at(-1)?.at ?? newestAt;
    entries.push(...(await enrolledOf(ports, batch, cursor.epoch)));
  }
  return { rows, highest, newestAt, unknown, entries };
}

/** Asked of the store for the names of each batch: a cache would miss the project enrolled a second ago. */
async function enrolledOf(ports: FeedPorts, rows: readonly JournalRow[], epoch: number): Promise<Entry[]> {
  const seenAt = ports.clock.now();
  // What is no project's name is nobody's project, and may be longer than a store can ask for.
  const names = [...new Set(rows.map((row) => normalizeProject(row.name)))].filter(isProjectName);
  const enrolled = await ports.enrolments.among(names);
  return rows
    .filter((row) => enrolled.has(normalizeProject(row.name)))
    .map((row) => entryOf(row, epoch, seenAt));
}

/** Of entries that the cursor has passed, those that were not in the journal then. */
async function notKept(passed: readonly Entry[], entries: Pick<Entries, "concerning">): Promise<Entry[]> {
  const late: Entry[] = [];
  for (const entry of passed) {
    const kept = await entries.concerning(entry.project, fileOf(entry) ?? "", entry.release);
    if (!kept.some(({ epoch, serial }) => epoch === entry.epoch && serial === entry.serial)) late.push(entry);
  }
  return late;
}

/** One change per project; the same entries always make the same change. */
function changesOf(entries: readonly Entry[]): Change[] {
  const byProject = Map.groupBy(entries, (entry) => entry.project);
  return [...byProject].flatMap(([project, of]) => {
    const serials = of.map((entry) => entry.serial);
    const [first] = of;
    const asked = {
      project,
      reason: "journal",
      serial: Math.max(...serials),
      epoch: first?.epoch ?? 0,
      at: first?.seenAt ?? "",
      ...(of.some(isOfProject) && ({ whole: true } as const)),
    } as const;
    const files = [...new Set(of.flatMap((entry) => fileOf(entry) ?? []))];
    return changesNaming(asked, files).map((each, part) => ({
      ...each,
      id: journalChangeId(project, asked.epoch, [...serials, part]),
    }));
  });
}

/** Whether the list was further than this answer goes: then what is absent may be explained by an entry that is held back. */
const isAhead = (list: SourceState | null, { epoch, serial }: Cursor, { highest }: Answer): boolean =>
  list?.epoch === epoch && !!list.ahead && list.ahead.serial > Math.max(serial, highest);

const moved = (cursor: Cursor, answer: Answer, caughtUpAt: Instant, now: Instant): Cursor => ({
  ...cursor,
  serial: Math.max(cursor.serial, answer.highest),
  polledAt: now,
  // A full answer has more behind it: what is absent may yet be explained.
  caughtUpAt: answer.rows >= FULL_ANSWER ? cursor.caughtUpAt : caughtUpAt,
  blind: null,
  intervals: intervalsAfter(cursor, now),
  unknownActions: cursor.unknownActions + answer.unknown,
  lagSeconds: answer.newestAt === null ? cursor.lagSeconds : between(answer.newestAt, now) / 1000,
  moves: cursor.moves + 1,
});

const MOST_INTERVALS = 100;

/** A blindness that ends is remembered: what left the index meanwhile may have said so in an entry nobody read. */
const intervalsAfter = ({ blind, intervals }: Cursor, now: Instant): Cursor["intervals"] =>
  blind === null ? intervals : [...intervals, { since: blind.since, until: now }].slice(-MOST_INTERVALS);

/** A head below the cursor: some other journal, or an old copy. Nothing moves until it passes the cursor again. */
async function wentBack(ports: FeedPorts, cursor: Cursor): Promise<Polled> {
  const now = ports.clock.now();
  const reason =
    "the journal's head is below the cursor: uploads may be missed until it passes it again or the operator starts a new epoch";
  const next = { ...cursor, blind: cursor.blind ?? { since: now, reason }, moves: cursor.moves + 1 };
  await ports.cursors.move(cursor.moves, next);
  return { rows: 0, changes: 0, more: false, cursor: next };
}
