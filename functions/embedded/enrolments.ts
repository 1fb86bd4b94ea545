import { type Credential, type Enrolment, newEnrolment } from "../domain/enrolments.ts";
import { Conflict, type Enrolments } from "../ports.ts";
import { type Body, parsed, type Store } from "./store.ts";

/** Enrolments, and the credentials that may be looked up. */
export function enrolments(store: Store): Enrolments {
  return {
    add: async (enrolment, credentials, redeems = null) =>
      store.atomically(() => {
        if (redeems !== null) redeem(store, redeems);
        const sql = "INSERT INTO enrolments VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
        const added = store.run(sql, enrolment.id, enrolment.project, JSON.stringify(enrolment));
        if (added === 0) throw new Conflict(`enrolment ${enrolment.id}`);
        for (const credential of credentials) put(store, credential);
      }),
    put: async (enrolment) => {
      const sql = `UPDATE enrolments SET body = ?1
        WHERE id = ?2 AND coalesce(json_extract(body, '$.number'), 1) < ?3`;
      store.run(sql, JSON.stringify(enrolment), enrolment.id, enrolment.number);
    },
    ofProject: async (project) =>
      store.all<Body>("SELECT body FROM enrolments WHERE project = ? ORDER BY id", project).map(enrolmentIn),
    among: async (names) => {
      const sql = "SELECT DISTINCT project FROM enrolments WHERE project IN (SELECT value FROM json_each(?))";
      return new Set(store.all<{ project: string }>(sql, JSON.stringify(names)).map((row) => row.project));
    },
    credential: async (id) => {
      const row = store.get<Body>("SELECT body FROM credentials WHERE id = ?", id);
      return row && { ...NEVER, ...parsed<Credential>(row) };
    },
    addCredential: async (credential) => put(store, credential),
    noteUse: async (id, at) => {
      const sql = `UPDATE credentials SET body = json_set(body, '$.lastUsedAt', ?2)
        WHERE id = ?1 AND coalesce(json_extract(body, '$.lastUsedAt'), '') < ?2`;
      store.run(sql, id, at);
    },
    putOperator: async (credential) =>
      store.atomically(() => {
        store.run("DELETE FROM credentials WHERE kind = 'operator'");
        put(store, credential);
      }),
    projects: async ({ beyond, most } = { beyond: "", most: -1 }) => {
      const sql = "SELECT DISTINCT project FROM enrolments WHERE project > ? ORDER BY project LIMIT ?";
      return store.all<{ project: string }>(sql, beyond, most).map((row) => row.project);
    },
  };
}

/** What credentials from before there were such things do not say. */
const NEVER = { expiresAt: null, lastUsedAt: null };

/** Folders from before an enrolment held anything but a policy say nothing of the rest. */
const enrolmentIn = (row: Body): Enrolment => newEnrolment(parsed<Enrolment>(row));

function put(store: Store, credential: Credential): void {
  const sql = "INSERT INTO credentials VALUES (?, ?, ?)";
  store.run(sql, credential.id, credential.kind, JSON.stringify(credential));
}

function redeem(store: Store, invitation: string): void {
  const sql = "DELETE FROM credentials WHERE id = ? AND kind = 'invitation'";
  if (store.run(sql, invitation) === 0) throw new Conflict(`invitation ${invitation}`);
}
