import { MONITOR } from "../domain/ledger.ts";
import type { Clock, Cursor, Cursors, Deadlines, Enrolments, Journal, Ledger } from "../ports.ts";

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
 * Throws `IndexUnavailable` before anything is written, `Conflict` when a feed runs at the same time.
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
  const next: Cursor = {
    epoch,
    serial: head,
    from: head,
    polledAt: now,
    caughtUpAt,
    blind: null,
    intervals: [],
    unknownActions: old?.unknownActions ?? 0,
    lagSeconds: 0,
    moves: (old?.moves ?? 0) + 1,
  };
  await ports.cursors.move(old?.moves ?? null, next);
  return next;
}
