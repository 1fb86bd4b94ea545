import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { Manifests } from "../ports.ts";
import type { Store } from "./store.ts";

/** Manifests as they came (compressed), and each signature by itself. */
export function manifests(store: Store): Manifests {
  return {
    keep: async (enrolment, { digest, bytes, signatures }) =>
      store.atomically(() => {
        const sql = "INSERT INTO manifests VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
        store.run(sql, enrolment, digest, zstdCompressSync(bytes));
        const signed = "INSERT INTO signatures VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
        for (const { signer, armored } of signatures) store.run(signed, enrolment, digest, signer, armored);
      }),
    kept: async (enrolment, digest) => {
      const key = [enrolment, digest] as const;
      const sql = "SELECT bytes FROM manifests WHERE enrolment = ? AND digest = ?";
      const row = store.get<{ bytes: Uint8Array }>(sql, ...key);
      if (row === null) return null;
      const signatures = store
        .all<{ signer: string; armored: string }>(
          "SELECT signer, armored FROM signatures WHERE enrolment = ? AND digest = ? ORDER BY signer",
          ...key,
        )
        .map(({ signer, armored }) => ({ signer, armored }));
      return { digest, bytes: new Uint8Array(zstdDecompressSync(row.bytes)), signatures };
    },
  };
}
