import type { Finding } from "../domain/findings.ts";
import type { ArtifactRow } from "../domain/view.ts";
import type { View } from "../ports.ts";
import { type Body, parsed, type Store } from "./store.ts";

const PUT_ROW = `INSERT INTO artifacts (project, file, enrolment, number, body) VALUES (?1, ?2, ?3, ?4, ?5)
  ON CONFLICT DO UPDATE SET number = ?4, body = ?5 WHERE excluded.number >= number`;

const PUT_FINDING = `INSERT INTO findings (id, project, state, opening, number, changed_at, published, body)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7)
  ON CONFLICT DO UPDATE SET state = ?3, opening = ?4, number = ?5, changed_at = ?6, body = ?7,
    published = (published AND state = ?3 AND opening = ?4)
  WHERE excluded.number >= number`;

/** Answered from the index `artifacts_shown`. */
const COUNT_SHOWN = `SELECT count(*) AS count FROM
  (SELECT DISTINCT project, file FROM artifacts WHERE json_extract(body, '$.everListed'))`;

/** Counted for anybody, so a finding about a file that no page has shown (an embargoed fix) is left out. */
const COUNT_OPEN = `SELECT count(*) AS count FROM findings WHERE state = 'open' AND EXISTS (
  SELECT 1 FROM artifacts WHERE artifacts.project = findings.project
    AND artifacts.file = json_extract(findings.body, '$.file') AND json_extract(artifacts.body, '$.everListed'))`;

/** The projection for lists and counts: forwards only, and safe to throw away. */
export function view(store: Store): View {
  return {
    put: async (rows) => {
      for (const row of rows) {
        store.run(PUT_ROW, row.project, row.file, row.enrolment, row.number, JSON.stringify(row));
      }
    },
    ofProject: async (project) =>
      store
        .all<Body>("SELECT body FROM artifacts WHERE project = ? ORDER BY file, enrolment", project)
        .map((row) => parsed<ArtifactRow>(row)),
    putFindings: async (findings, number) => {
      for (const each of findings) {
        const { id, project, state, opening, changedAt } = each;
        store.run(PUT_FINDING, id, project, state, opening, number, changedAt, JSON.stringify(each));
      }
    },
    markPublished: async ({ id, state, opening }) => {
      store.run(
        "UPDATE findings SET published = 1 WHERE id = ? AND state = ? AND opening = ?",
        id,
        state,
        opening,
      );
    },
    findings: async (project) => findingsWhere(store, "project = ? ORDER BY changed_at DESC, id", project),
    unpublished: async (before, limit) =>
      findingsWhere(store, "published = 0 AND changed_at < ? ORDER BY changed_at LIMIT ?", before, limit),
    counts: async () => ({
      projects: count(store, "SELECT count(DISTINCT project) AS count FROM enrolments"),
      artifacts: count(store, COUNT_SHOWN),
      openFindings: count(store, COUNT_OPEN),
    }),
  };
}

const findingsWhere = (store: Store, where: string, ...values: (string | number)[]): Finding[] =>
  store.all<Body>(`SELECT body FROM findings WHERE ${where}`, ...values).map((row) => parsed<Finding>(row));

const count = (store: Store, sql: string): number => store.get<{ count: number }>(sql)?.count ?? 0;
