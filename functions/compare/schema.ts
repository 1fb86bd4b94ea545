import * as z from "zod/mini";
import { digestOf } from "../domain/canonical.ts";
import { hexOf } from "../domain/digests.ts";
import type { Fact } from "../domain/facts.ts";

const OF_ARTIFACT = {
  id: z.string(),
  project: z.string(),
  file: z.string(),
  release: z.nullable(z.string()),
};
const LOOK = z.looseObject({ at: z.string(), asked: z.string(), epoch: z.int() });
const LISTING = z.looseObject({ url: z.string() });

/** The facts queue, parsed at its border: the shape here, every other field through the fact's own id. */
const FACT = z.discriminatedUnion("kind", [
  z.looseObject({ kind: z.literal("listed"), ...OF_ARTIFACT, look: LOOK, listing: LISTING }),
  z.looseObject({ kind: z.literal("absent"), ...OF_ARTIFACT, look: LOOK, state: z.string() }),
  z.looseObject({ kind: z.literal("page-unreadable"), ...OF_ARTIFACT, look: LOOK, reason: z.string() }),
  z.looseObject({
    kind: z.enum(["hashed", "gone", "unreadable"]),
    ...OF_ARTIFACT,
    look: LOOK,
    listing: LISTING,
    attempts: z.array(z.looseObject({ at: z.string(), outcome: z.string() })),
  }),
  z.looseObject({
    kind: z.literal("provenance"),
    ...OF_ARTIFACT,
    look: LOOK,
    url: z.string(),
    provenance: z.looseObject({ outcome: z.string() }),
  }),
  z.looseObject({
    kind: z.literal("project"),
    id: z.string(),
    project: z.string(),
    look: LOOK,
    baselineOf: z.array(z.string()),
  }),
]);

/**
 * A fact's id is the hash of all it says, so a fact whose id fits is exactly what a stage of ours sent. Throws on one
 * that does not: it goes to the dead letters, where somebody looks at it.
 */
export function parseFact(body: unknown): Fact {
  const fact = FACT.parse(body);
  const { id, ...said } = fact;
  if (hexOf(digestOf(said)) !== id) throw new Error(`fact ${id} does not have the id of what it says`);
  return fact as unknown as Fact;
}
