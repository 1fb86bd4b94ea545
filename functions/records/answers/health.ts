import * as z from "zod/mini";

const nullableText = z.nullable(z.string());
const SOURCE = z.enum(["journal", "list", "rss"]);

/** Whether the monitor can currently promise to see uploads, and how far it is. */
export const HealthAnswer = z.object({
  ok: z.boolean(),
  blind: z.nullable(z.object({ since: nullableText, reason: z.string() })),
  /** It sees, by a second source, later than it should. */
  late: z.nullable(z.object({ since: nullableText, reason: z.string() })),
  /** By what the index is to be followed, by what it is (`null`: by nothing that answers), and what that cannot see. */
  source: z.object({ chosen: SOURCE, by: z.nullable(SOURCE), unseen: z.array(z.string()) }),
  /** When each source was last read in full, and since when and why looks at it fail. */
  sources: z.array(
    z.object({
      source: SOURCE,
      readAt: nullableText,
      failing: z.nullable(z.object({ since: z.string(), reason: z.string() })),
    }),
  ),
  cursor: z.nullable(
    z.object({ epoch: z.number(), serial: z.number(), polledAt: z.string(), lagSeconds: z.number() }),
  ),
  unknownActions: z.number(),
  queues: z.array(
    z.object({ queue: z.string(), waiting: z.number(), inFlight: z.number(), dead: z.number() }),
  ),
  /** How much of what pages list was fetched and hashed since `since`, as counted at `at`; `null` before anything was counted. */
  coverage: z.nullable(
    z.object({ artifacts: z.number(), rehashed: z.number(), since: z.string(), at: z.string() }),
  ),
  /** Since when the sweep does not come round in time; `null` when it does. */
  sweepBehind: z.nullable(z.object({ since: z.string() })),
  projects: z.number(),
  artifacts: z.number(),
  openFindings: z.number(),
  version: z.string(),
});
export type HealthAnswer = z.infer<typeof HealthAnswer>;
