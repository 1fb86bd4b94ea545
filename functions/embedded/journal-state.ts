import type { Entry } from "../domain/journal.ts";
import { fileOf } from "../domain/journal.ts";
import { releaseKey } from "../domain/releases.ts";
import { Conflict, type Cursor, type Cursors, type Entries } from "../ports.ts";
import { type Body, parsed, type Store } from "./store.ts";

export function cursors(store: Store): Cursors {
  return {
    read: async () => {
      const row = store.get<Body>("SELECT body FROM cursor");
      return row && parsed<Cursor>(row);
    },
    move: async (seen, next) => {
      refuseBackwards(store, next);
      const body = JSON.stringify(next);
      const moved =
        seen === null
          ? store.run("INSERT INTO cursor VALUES (1, ?, ?) ON CONFLICT DO NOTHING", next.moves, body)
          : store.run("UPDATE cursor SET moves = ?, body = ? WHERE moves = ?", next.moves, body, seen);
      if (moved === 0) throw new Conflict("the cursor");
    },
  };
}

function refuseBackwards(store: Store, next: Cursor): void {
  const row = store.get<Body>("SELECT body FROM cursor");
  const now = row && parsed<Cursor>(row);
  if (now !== null && now.epoch === next.epoch && next.serial < now.serial) {
    throw new Error(
      `the cursor is at serial ${now.serial} and cannot go back to ${next.serial} within an epoch`,
    );
  }
}

export function entries(store: Store): Entries {
  return {
    append: async (added) => added.filter((entry) => insert(store, entry)),
    concerning: async (project, file, release) => {
      const key = release === null ? null : releaseKey(release);
      // Rows that name no file speak of a release or of the whole project.
      const sql = `SELECT body FROM entries WHERE project = ?1 AND file = ?2
        UNION ALL SELECT body FROM entries WHERE project = ?1 AND file IS NULL AND (release IS NULL OR release = ?3)`;
      const rows = store.all<Body>(sql, project, file, key).map((row) => parsed<Entry>(row));
      return rows.sort((a, b) => a.epoch - b.epoch || a.serial - b.serial);
    },
    ofProject: async (project) => {
      const sql = `SELECT body FROM entries WHERE project = ? AND file IS NULL
        AND (release IS NULL OR body ->> '$.action.kind' IN ('release-quarantined', 'release-cleared'))
        ORDER BY epoch, serial`;
      return store.all<Body>(sql, project).map((row) => parsed<Entry>(row));
    },
    highest: async (project, epoch) => {
      const sql = "SELECT max(serial) AS serial FROM entries WHERE project = ? AND epoch = ?";
      return store.get<{ serial: number | null }>(sql, project, epoch)?.serial ?? 0;
    },
  };
}

function insert(store: Store, entry: Entry): boolean {
  const release = entry.release === null ? null : releaseKey(entry.release);
  const sql = "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
  const values = [
    entry.project,
    entry.epoch,
    entry.serial,
    fileOf(entry),
    release,
    JSON.stringify(entry),
  ] as const;
  return store.run(sql, ...values) === 1;
}
