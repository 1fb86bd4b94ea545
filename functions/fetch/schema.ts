import * as z from "zod/mini";
import type { Artifact } from "../domain/changes.ts";
import { isDigest } from "../domain/digests.ts";

const DIGEST = z.string().check(z.refine(isDigest));
const digest = () => z.nullable(z.custom<`sha256:${string}`>((value) => DIGEST.safeParse(value).success));

const LISTING = z.strictObject({
  declared: digest(),
  url: z.string(),
  sizeBytes: z.nullable(z.number()),
  yanked: z.union([z.string(), z.literal(false)]),
  provenance: z.optional(z.string()),
});

const LOOK = z.strictObject({
  at: z.string(),
  asked: z.string(),
  epoch: z.int(),
  serial: z.nullable(z.int()),
  page: digest(),
  ahead: z.optional(z.int()),
});

const ATTEMPT = z.strictObject({
  at: z.string(),
  outcome: z.enum([
    "hashed",
    "gone",
    "empty",
    "cut",
    "encoded",
    "too-large",
    "too-slow",
    "refused",
    "unreachable",
  ]),
  digest: digest(),
  sizeBytes: z.nullable(z.number()),
  address: z.nullable(z.string()),
  detail: z.nullable(z.string()),
});

/** The artifacts queue, parsed at its border. */
const ARTIFACT = z.strictObject({
  id: z.string(),
  project: z.string(),
  file: z.string(),
  release: z.nullable(z.string()),
  listing: LISTING,
  look: LOOK,
  lane: z.enum(["now", "sweep"]),
  since: z.string(),
  attempts: z.array(ATTEMPT),
  keepFor: z.nullable(z.string()),
  wantsProvenance: z.optional(z.literal(true)),
  provenanceOnly: z.optional(z.strictObject({ vain: z.int() })),
});

export const parseArtifact = (body: unknown): Artifact => ARTIFACT.parse(body) as Artifact;
