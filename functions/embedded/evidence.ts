import type { Digest } from "../domain/digests.ts";
import {
  type Cap,
  CappedSpool,
  capBrokenBy,
  EVIDENCE_CAPS,
  type EvidenceItem,
  refusal,
} from "../domain/evidence.ts";
import type { Evidence, EvidenceOptions } from "../ports.ts";
import type { Store } from "./store.ts";

interface Row {
  readonly project: string;
  readonly file: string;
  readonly digest: Digest;
  readonly at: string;
  readonly size_bytes: number;
  readonly whole: number;
  readonly kept_for: string | null;
  readonly refused: Cap | null;
}

/** Divergent bytes under their digest. Held in memory while they arrive, capped; written once, when they proved worth it. */
export function evidence(store: Store, { caps = EVIDENCE_CAPS, log }: EvidenceOptions = {}): Evidence {
  return {
    spool: () => {
      const spool = new CappedSpool(caps.bodyBytes);
      return {
        tap: (chunk) => spool.take(chunk),
        commit: async (item) => {
          const { chunks, ...size } = spool.drain();
          const wanted = { ...item, ...size };
          const refused = keep(store, wanted, chunks, (kept) => capBrokenBy(wanted, kept, caps));
          if (refused !== null) log?.(...refusal({ ...wanted, refused }));
        },
        discard: () => void spool.drain(),
      };
    },
    list: async (project, file) => itemsOf(store, project, file),
    read: async (digest, from, to) => read(store, digest, from, to),
  };
}

const LIST = `
SELECT evidence.*, kept_for, NULL AS refused FROM evidence LEFT JOIN evidence_kept_for USING (project, file, digest)
  WHERE project = ?1 AND file = ?2
UNION ALL SELECT digest, project, file, at, size_bytes, whole, kept_for, refused FROM evidence_refused
  WHERE project = ?1 AND file = ?2 AND NOT EXISTS (
    SELECT 1 FROM evidence AS kept
    WHERE kept.project = ?1 AND kept.file = ?2 AND kept.digest = evidence_refused.digest)
ORDER BY at, digest`;

const itemsOf = (store: Store, project: string, file: string): EvidenceItem[] =>
  store.all<Row>(LIST, project, file).map(({ size_bytes: sizeBytes, whole, kept_for: keptFor, ...row }) => ({
    ...row,
    sizeBytes,
    whole: whole === 1,
    keptFor,
  }));

type Wanted = Omit<EvidenceItem, "refused">;

function keep(
  store: Store,
  item: Wanted,
  chunks: readonly Buffer[],
  capFor: (kept: readonly EvidenceItem[]) => Cap | null,
): Cap | null {
  const { project, file, digest, at, sizeBytes, whole, keptFor } = item;
  const row = [digest, project, file, at, sizeBytes, whole ? 1 : 0] as const;
  return store.atomically(() => {
    const known = itemsOf(store, project, file);
    if (known.some((each) => each.digest === digest && each.refused === null)) return null;
    const refused = capFor(known);
    if (refused !== null) {
      const sql = "INSERT INTO evidence_refused VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
      store.run(sql, ...row, keptFor, refused);
      return refused;
    }
    const isThere = store.get("SELECT 1 FROM evidence_chunks WHERE digest = ? LIMIT 1", digest) !== null;
    const sql = "INSERT INTO evidence_chunks VALUES (?, ?, ?)";
    if (!isThere) chunks.forEach((bytes, part) => void store.run(sql, digest, part, bytes));
    store.run("INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?)", ...row);
    if (keptFor !== null)
      store.run("INSERT INTO evidence_kept_for VALUES (?, ?, ?, ?)", project, file, digest, keptFor);
    return null;
  });
}

const LENGTHS = "SELECT part, length(bytes) AS size FROM evidence_chunks WHERE digest = ? ORDER BY part";
const PIECE = "SELECT substr(bytes, ?, ?) AS bytes FROM evidence_chunks WHERE digest = ? AND part = ?";

/** Only the chunks that the range touches are read. */
function read(store: Store, digest: string, from: number, to: number): Uint8Array | null {
  const parts = store.all<{ part: number; size: number }>(LENGTHS, digest);
  if (parts.length === 0) return null;
  const pieces: Uint8Array[] = [];
  let begins = 0;
  for (const { part, size } of parts) {
    const [first, last] = [Math.max(from - begins, 0), Math.min(to - begins, size)];
    // SQLite counts from 1.
    const piece =
      first < last ? store.get<{ bytes: Uint8Array }>(PIECE, first + 1, last - first, digest, part) : null;
    if (piece !== null) pieces.push(piece.bytes);
    begins += size;
  }
  return Buffer.concat(pieces);
}
