import type { Digest } from "../domain/digests.ts";
import type { Evidence, EvidenceItem, EvidenceSpool } from "../ports.ts";
import type { Store } from "./store.ts";

/** The most that is kept of one body, and of all bodies of one artifact in one day. */
export interface EvidenceCaps {
  readonly bodyBytes: number;
  readonly dayBytes: number;
}

const CAPS: EvidenceCaps = { bodyBytes: 64 * 1024 * 1024, dayBytes: 256 * 1024 * 1024 };

interface Row {
  readonly project: string;
  readonly file: string;
  readonly digest: Digest;
  readonly at: string;
  readonly size_bytes: number;
  readonly whole: number;
}

/** Divergent bytes under their digest. Held in memory while they arrive, capped; written once, when they proved worth it. */
export function evidence(store: Store, caps: EvidenceCaps = CAPS): Evidence {
  return {
    spool: () => spool(store, caps),
    list: async (project, file) =>
      store
        .all<Row>("SELECT * FROM evidence WHERE project = ? AND file = ? ORDER BY at", project, file)
        .map(({ size_bytes: sizeBytes, whole, ...row }) => ({ ...row, sizeBytes, whole: whole === 1 })),
  };
}

function spool(store: Store, caps: EvidenceCaps): EvidenceSpool {
  let chunks: Buffer[] = [];
  let sizeBytes = 0;
  let whole = true;
  return {
    tap: (chunk) => {
      whole &&= sizeBytes + chunk.length <= caps.bodyBytes;
      if (!whole) return;
      // A copy: the chunk is the connection's buffer, and only ours while this call lasts.
      chunks.push(Buffer.from(chunk));
      sizeBytes += chunk.length;
    },
    commit: async (item) => {
      keep(store, { ...item, sizeBytes, whole }, chunks, caps);
      chunks = [];
    },
    discard: () => {
      chunks = [];
    },
  };
}

function keep(store: Store, item: EvidenceItem, chunks: readonly Buffer[], caps: EvidenceCaps): void {
  store.atomically(() => {
    if (spentToday(store, item) + item.sizeBytes > caps.dayBytes) return;
    const known = store.get("SELECT 1 FROM evidence_chunks WHERE digest = ? LIMIT 1", item.digest) !== null;
    const sql = "INSERT INTO evidence_chunks VALUES (?, ?, ?)";
    if (!known) chunks.forEach((bytes, part) => void store.run(sql, item.digest, part, bytes));
    const row = [item.digest, item.project, item.file, item.at, item.sizeBytes, item.whole ? 1 : 0] as const;
    store.run("INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", ...row);
  });
}

function spentToday(store: Store, { project, file, at }: EvidenceItem): number {
  const sql = "SELECT total(size_bytes) AS spent FROM evidence WHERE project = ? AND file = ? AND at >= ?";
  return store.get<{ spent: number }>(sql, project, file, at.slice(0, 10))?.spent ?? 0;
}
