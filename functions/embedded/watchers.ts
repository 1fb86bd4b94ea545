import type { Credential, Enrolment, Recorded } from "../domain/enrolments.ts";
import { releaseKey } from "../domain/releases.ts";
import { Conflict, type Enrolments, type Records } from "../ports.ts";
import { type Body, parsed, type Store } from "./store.ts";

export function enrolments(store: Store): Enrolments {
  return {
    add: async (enrolment, credentials) =>
      store.atomically(() => {
        const sql = "INSERT INTO enrolments VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
        const added = store.run(sql, enrolment.id, enrolment.project, JSON.stringify(enrolment));
        if (added === 0) throw new Conflict(`enrolment ${enrolment.id}`);
        for (const credential of credentials) put(store, credential);
      }),
    ofProject: async (project) =>
      store.all<Body>("SELECT body FROM enrolments WHERE project = ? ORDER BY id", project).map(enrolmentIn),
    among: async (names) => {
      const sql = "SELECT DISTINCT project FROM enrolments WHERE project IN (SELECT value FROM json_each(?))";
      return new Set(store.all<{ project: string }>(sql, JSON.stringify(names)).map((row) => row.project));
    },
    credential: async (id) => {
      const row = store.get<Body>("SELECT body FROM credentials WHERE id = ?", id);
      return row && parsed<Credential>(row);
    },
    putOperator: async (credential) =>
      store.atomically(() => {
        store.run("DELETE FROM credentials WHERE kind = 'operator'");
        put(store, credential);
      }),
    projects: async () =>
      store
        .all<{ project: string }>("SELECT DISTINCT project FROM enrolments ORDER BY project")
        .map((row) => row.project),
    vouch: async (project, id, at) =>
      store.atomically(() => {
        const row = store.get<Body>("SELECT body FROM enrolments WHERE project = ? AND id = ?", project, id);
        const known = row && enrolmentIn(row);
        if (known === null || known.vouchedAt !== null) return known;
        const vouched = { ...known, vouchedAt: at };
        store.run("UPDATE enrolments SET body = ? WHERE id = ?", JSON.stringify(vouched), id);
        return vouched;
      }),
  };
}

/** Folders from before anybody could enrol uninvited say nothing of it. */
const enrolmentIn = (row: Body): Enrolment => ({
  selfClaimed: false,
  vouchedAt: null,
  ...parsed<Omit<Enrolment, "selfClaimed" | "vouchedAt">>(row),
});

function put(store: Store, credential: Credential): void {
  const sql = "INSERT INTO credentials VALUES (?, ?, ?)";
  store.run(sql, credential.id, credential.kind, JSON.stringify(credential));
}

export function records(store: Store): Records {
  return {
    append: async (added) => store.atomically(() => added.filter((record) => insert(store, record))),
    ofFile: async (enrolment, file) =>
      store
        .all<Body>("SELECT body FROM records WHERE enrolment = ? AND file = ?", enrolment, file)
        .map((row) => parsed<Recorded>(row))
        .sort((a, b) => a.recordedAt.localeCompare(b.recordedAt) || a.digest.localeCompare(b.digest)),
    habits: async (enrolment, exceptRelease) => {
      const other = "SELECT 1 FROM records WHERE enrolment = ? AND release IS NOT ? LIMIT 1";
      const maintainer =
        "SELECT min(recorded_at) AS since FROM records WHERE enrolment = ? AND authority = 'maintainer'";
      const key = exceptRelease === null ? null : releaseKey(exceptRelease);
      return {
        maintainerSince: store.get<{ since: string | null }>(maintainer, enrolment)?.since ?? null,
        recordsReleases: store.get(other, enrolment, key) !== null,
      };
    },
  };
}

function insert(store: Store, record: Recorded): boolean {
  const { enrolment, file, digest, authority, release } = record;
  const sql = "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
  const key = release === null ? null : releaseKey(release);
  return (
    store.run(sql, enrolment, file, digest, authority, key, record.recordedAt, JSON.stringify(record)) === 1
  );
}
