import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { Page } from "../domain/pages.ts";
import type { PageStore } from "../ports.ts";
import type { Store } from "./store.ts";

/** Pages as they came (compressed), each once under its digest, and the latest look at each project. */
export function pageStore(store: Store): PageStore {
  const kept = (digest: string): Page | null => {
    const row = store.get<{ page: string }>("SELECT page FROM pages WHERE digest = ?", digest);
    return row && (JSON.parse(row.page) as Page);
  };
  return {
    keep: async (page, body) => {
      const sql = "INSERT INTO pages VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
      store.run(sql, page.digest, JSON.stringify(page), zstdCompressSync(body));
    },
    kept: async (digest) => kept(digest),
    body: async (digest) => {
      const row = store.get<{ body: Uint8Array }>("SELECT body FROM pages WHERE digest = ?", digest);
      return row && zstdDecompressSync(row.body);
    },
    latest: async (project) => {
      const sql = "SELECT at, page FROM looks WHERE project = ?";
      const row = store.get<{ at: string; page: string | null }>(sql, project);
      return row && { at: row.at, page: row.page === null ? null : kept(row.page) };
    },
    remember: async (project, page, at) => {
      const sql = "INSERT INTO looks VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET at = ?2, page = ?3";
      store.run(sql, project, at, page?.digest ?? null);
    },
  };
}
