import type { Deadline, Deadlines, FlakyEdges, Positions, SweepPosition } from "../ports.ts";
import type { Store } from "./store.ts";

interface Row {
  readonly kind: Deadline["kind"];
  readonly project: string;
  readonly file: string;
  readonly due: string;
  readonly size_bytes: number;
}

const PUT = `INSERT INTO deadlines (kind, project, file, due, size_bytes) VALUES (?1, ?2, ?3, ?4, ?5)
  ON CONFLICT DO UPDATE SET due = ?4, size_bytes = ?5`;
const BRING_FORWARD = `${PUT} WHERE due > ?6`;
const PUT_IF_ABSENT =
  "INSERT INTO deadlines (kind, project, file, due, size_bytes) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";

export function deadlines(store: Store): Deadlines {
  return {
    put: async (each) => {
      for (const { kind, project, file, due, sizeBytes } of each)
        store.run(PUT, kind, project, file, due, sizeBytes);
    },
    putIfAbsent: async ({ kind, project, file, due, sizeBytes }) => {
      store.run(PUT_IF_ABSENT, kind, project, file, due, sizeBytes);
    },
    bringForward: async ({ kind, project, file, due, sizeBytes }, latest) => {
      store.run(BRING_FORWARD, kind, project, file, due, sizeBytes, latest);
    },
    clear: async (kind, project, file) => {
      store.run("DELETE FROM deadlines WHERE kind = ? AND project = ? AND file = ?", kind, project, file);
    },
    due: async (kind, now, limit) =>
      store
        .all<Row>(
          "SELECT * FROM deadlines WHERE kind = ? AND due <= ? ORDER BY due LIMIT ?",
          kind,
          now,
          limit,
        )
        .map(({ size_bytes: sizeBytes, ...row }) => ({ ...row, sizeBytes })),
  };
}

export function positions(store: Store): Positions {
  return {
    read: async () => {
      const row = store.get<{ value: string }>("SELECT value FROM meta WHERE name = 'sweep'");
      return row && (JSON.parse(row.value) as SweepPosition);
    },
    write: async (position) => {
      const sql = "INSERT INTO meta VALUES ('sweep', ?1) ON CONFLICT DO UPDATE SET value = ?1";
      store.run(sql, JSON.stringify(position));
    },
  };
}

export function flakyEdges(store: Store): FlakyEdges {
  return {
    note: async (hour, project) => {
      store.run("INSERT INTO flaky_edges VALUES (?, ?) ON CONFLICT DO NOTHING", hour, project);
    },
    count: async (hour) =>
      store.get<{ count: number }>("SELECT count(*) AS count FROM flaky_edges WHERE hour = ?", hour)?.count ??
      0,
  };
}
