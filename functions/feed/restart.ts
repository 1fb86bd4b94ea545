import { MONITOR } from "../domain/ledger.ts";
import {
  type Clock,
  Conflict,
  type Cursor,
  type Cursors,
  type Deadlines,
  type Enrolments,
  type Journal,
  type Ledger,
} from "../ports.ts";

export interface RestartPorts {
  readonly clock: Clock;
  readonly journal: Pick<Journal, "head">;
  readonly cursors: Cursors;
  readonly ledger: Ledger;
  readonly deadlines: Pick<Deadlines, "put">;
  readonly enrolments: Pick<Enrolments, "projects">;
}

/**
 * Begins a new epoch: the cursor becomes the journal's head, and every project is due for a look, because what
 * happened in between is a blind interval. A ledger entry says who did it. Serials compare only within an epoch.
 * A feed may run at the same time: its next move fails, and it goes on in the new epoch. Throws `IndexUnavailable` before
 * anything is written, `Conflict` when somebody else began an epoch meanwhile.
 */
export async function restartCursor(ports: RestartPorts, by: string): Promise<Cursor> {
  const caughtUpAt = ports.clock.now();
  const head = await ports.journal.head();
  const now = ports.clock.now();
  const old = await ports.cursors.read();
  const epoch = (old?.epoch ?? 0) + 1;
  const known = await ports.ledger.read(MONITOR);
  await ports.ledger.append(MONITOR, known.at(-1) ?? null, { kind: "epoch", epoch, head, by });
  const projects = await ports.enrolments.projects();
  await ports.deadlines.put(
    projects.map((project) => ({ kind: "page", project, file: "", due: now, sizeBytes: 0 })),
  );
  const begun = { epoch, serial: head, from: head, polledAt: now, caughtUpAt, blind: null, lagSeconds: 0 };
  // What came in between was announced, if at all, by entries below the new head: nobody will read them.
  const intervals = old === null ? [] : [{ since: old.blind?.since ?? old.polledAt, until: now }];
  return begin({ ...begun, intervals, unknownActions: 0, moves: 0 }, ports.cursors);
}

/** Moves the cursor into its new epoch. A feed moves it every few seconds: whoever comes second tries again. */
async function begin(begun: Cursor, cursors: Cursors): Promise<Cursor> {
  for (;;) {
    const old = await cursors.read();
    // Also where our own move was made and its answer lost.
    if (old?.epoch === begun.epoch && old.from === begun.from) return old;
    if ((old?.epoch ?? 0) >= begun.epoch) throw new Conflict("the epoch");
    const next = { ...begun, unknownActions: old?.unknownActions ?? 0, moves: (old?.moves ?? 0) + 1 };
    try {
      await cursors.move(old?.moves ?? null, next);
      return next;
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
  }
}
