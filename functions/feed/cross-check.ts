import { type Change, change } from "../domain/changes.ts";
import { after, between, type Instant } from "../domain/instants.ts";
import type { Settings } from "../domain/settings.ts";
import { NEVER, type SourceName, type SourceState } from "../domain/sources.ts";
import type { Queue, SourceStates, Sources } from "../ports.ts";
import { type Clock, Conflict, type Cursor, type Cursors, IndexUnavailable } from "../ports.ts";
import { type FeedLookPorts, lookAtFeed } from "./feed-look.ts";
import type { Found } from "./found.ts";
import { type ListPorts, lookAtList } from "./list-look.ts";
import { failed, noted } from "./noted.ts";

export interface CrossCheckPorts {
  readonly clock: Clock;
  readonly settings: Pick<Settings, "source" | "staleMs">;
  readonly sources: Sources;
  readonly sourceStates: SourceStates;
  readonly cursors: Cursors;
  readonly entries: ListPorts["entries"] & FeedLookPorts["entries"];
  readonly enrolments: ListPorts["enrolments"];
  readonly changes: Queue<Change>;
}

/**
 * One look at a source beside the journal: queues a change for each enrolled project that moved without the journal having told of it,
 * and only then remembers what was seen, so that a crash between repeats. The look is claimed first: of two at a time one
 * looks. Answers how many changes it queued. Throws `IndexUnavailable`, once the failure is remembered; `Conflict` where somebody else
 * looks.
 */
export async function crossCheck(source: SourceName, ports: CrossCheckPorts): Promise<number> {
  const at = ports.clock.now();
  const cursor = await ports.cursors.read();
  const claimed = await claim(source, at, cursor?.epoch ?? FIRST_EPOCH, ports);
  const found = await foundIn(source, claimed, ports);
  const changes = changesOf(found, at, claimed.epoch);
  if (changes.length > 0) await ports.changes.send(changes);
  if (cursor === null) await begin(claimed, found, at, ports);
  await move(source, claimed, noted(claimed, found, at, await ports.cursors.read()), ports);
  return changes.length;
}

const FIRST_EPOCH = 1;

/** In another epoch serials begin anew, and with them what a list reached. */
async function claim(
  source: SourceName,
  at: Instant,
  epoch: number,
  { sourceStates }: CrossCheckPorts,
): Promise<SourceState> {
  const before = await sourceStates.read(source);
  const blank = { epoch, serial: null, etag: null, shortSince: null, ahead: null, triedAt: at };
  const fixed = { seen: [], since: at, answeredAt: null, failing: null, notBefore: null };
  const known = before?.epoch === epoch ? { ...before, triedAt: at } : { ...fixed, ...before, ...blank };
  const claimed = { ...known, moves: (before?.moves ?? 0) + 1 };
  await sourceStates.move(source, before?.moves ?? null, claimed);
  return claimed;
}

const move = (
  source: SourceName,
  from: SourceState,
  to: SourceState,
  { sourceStates }: CrossCheckPorts,
): Promise<void> => sourceStates.move(source, from.moves, { ...to, moves: from.moves + 1 });

async function foundIn(source: SourceName, claimed: SourceState, ports: CrossCheckPorts): Promise<Found> {
  try {
    return source === "list"
      ? await lookAtList(ports.sources.list, claimed, ports)
      : await lookAtFeed(ports.sources[source], claimed, ports);
  } catch (error) {
    if (!(error instanceof IndexUnavailable)) throw error;
    const { code, message, retryAfterMs } = error;
    const notBefore = retryAfterMs === null ? null : after(ports.clock.now(), retryAfterMs);
    await move(source, claimed, { ...failed(claimed, `${code}: ${message}`), notBefore }, ports);
    throw error;
  }
}

/** In the order of their names, so that a repeated look queues the same. */
function changesOf({ moved }: Found, at: Instant, epoch: number): Change[] {
  const projects = [...moved].sort(([a], [b]) => (a < b ? -1 : 1));
  return projects.map(([project, serial]) => change({ project, reason: "cross-check", serial, epoch, at }));
}

/**
 * Where the journal is not read, or never answered, the list's serial is where it would have to be read from: every entry above it
 * is still to come, and none below it is known. Nothing is said to have been read, so that no absence can be proven.
 */
async function begin(
  { since, epoch }: SourceState,
  { remember: { serial } }: Found,
  at: Instant,
  { cursors, settings }: CrossCheckPorts,
): Promise<void> {
  const isWaiting = settings.source === "journal" && between(since, at) < settings.staleMs;
  if (serial === null || isWaiting) return;
  const unread = { polledAt: NEVER, caughtUpAt: NEVER, blind: null, intervals: [] };
  const place: Cursor = {
    epoch,
    serial,
    from: serial,
    ...unread,
    unknownActions: 0,
    lagSeconds: 0,
    moves: 1,
  };
  try {
    await cursors.move(null, place);
  } catch (error) {
    // The journal was read at last.
    if (!(error instanceof Conflict)) throw error;
  }
}
