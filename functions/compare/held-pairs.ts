import type { Digest } from "../domain/digests.ts";
import type { PageStore } from "../ports.ts";
import type { BaselinePage, Baselines } from "./seams.ts";

/** The pairs of kept pages, held in memory: a kept page never changes, and a baseline is asked for by every file on it. */
export function heldPairs(pages: Pick<PageStore, "kept">, most = 64): Baselines {
  const held = new Map<Digest, BaselinePage>();
  return {
    pairs: async (digest) => {
      const kept = held.get(digest);
      if (kept !== undefined) return kept;
      const page = await pages.kept(digest);
      if (page === null) return { serial: null, pairs: new Map() };
      const pairs = new Map(page.files.map((file) => [file.file, file.declared] as const));
      const oldest = held.keys().next();
      if (held.size >= most && !oldest.done) held.delete(oldest.value);
      const known = { serial: page.serial, pairs };
      held.set(digest, known);
      return known;
    },
  };
}
