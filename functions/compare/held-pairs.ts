import type { Digest } from "../domain/digests.ts";
import type { PageStore } from "../ports.ts";
import type { Baselines } from "./seams.ts";

/** The pairs of kept pages, held in memory: a kept page never changes, and a baseline is asked for by every file on it. */
export function heldPairs(pages: Pick<PageStore, "kept">, most = 64): Baselines {
  const held = new Map<Digest, ReadonlyMap<string, Digest | null>>();
  return {
    pairs: async (digest) => {
      const known = held.get(digest);
      if (known !== undefined) return known;
      const page = await pages.kept(digest);
      if (page === null) return new Map();
      const pairs = new Map(page.files.map((file) => [file.file, file.declared] as const));
      const oldest = held.keys().next();
      if (held.size >= most && !oldest.done) held.delete(oldest.value);
      held.set(digest, pairs);
      return pairs;
    },
  };
}
