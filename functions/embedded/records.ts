import type { Recorded } from "../domain/enrolments.ts";
import { releaseKey } from "../domain/releases.ts";
import type { Records } from "../ports.ts";
import { type Body, parsed, type Store } from "./store.ts";

/** Watchers' records, one row for each; a row's `recorded_at` is when it was first recorded, whatever happened since. */
export function records(store: Store): Records {
  return {
    append: async (added) => store.atomically(() => added.filter((record) => appended(store, record))),
    withdraw: async (enrolment, file, digest, at) =>
      store.atomically(() => {
        const key = [enrolment, file, digest] as const;
        store.run(
          `UPDATE records SET withdrawn_at = ?4, body = json_set(body, '$.withdrawnAt', ?4)
            WHERE enrolment = ?1 AND file = ?2 AND digest = ?3 AND withdrawn_at IS NULL`,
          ...key,
          at,
        );
        const sql = "SELECT body FROM records WHERE enrolment = ? AND file = ? AND digest = ?";
        return store.all<Body>(sql, ...key).map(recordIn);
      }),
    ofFile: async (enrolment, file) =>
      store
        .all<Body>("SELECT body FROM records WHERE enrolment = ? AND file = ?", enrolment, file)
        .map(recordIn)
        .sort(inOrder),
    ofEnrolment: async (enrolment) =>
      store
        .all<Body>("SELECT body FROM records WHERE enrolment = ? ORDER BY file", enrolment)
        .map(recordIn)
        .sort((a, b) => order(a.file, b.file) || inOrder(a, b)),
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

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const inOrder = (a: Recorded, b: Recorded): number =>
  order(a.recordedAt, b.recordedAt) || order(a.digest, b.digest);

/** Rows from before manifests were kept say nothing of them. */
const recordIn = (row: Body): Recorded => ({
  manifest: null,
  signers: [],
  withdrawnAt: null,
  ...parsed<Omit<Recorded, "manifest" | "signers" | "withdrawnAt">>(row),
});

function appended(store: Store, record: Recorded): boolean {
  const { enrolment, file, digest, authority, signers, release, recordedAt } = record;
  const key = release === null ? null : releaseKey(release);
  const sql = `INSERT INTO records (enrolment, file, digest, authority, signers, release, recorded_at, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET withdrawn_at = NULL, body = excluded.body WHERE withdrawn_at IS NOT NULL`;
  const values = [enrolment, file, digest, authority, signers.join(","), key, recordedAt] as const;
  return store.run(sql, ...values, JSON.stringify(record)) === 1;
}
