import * as z from "zod/mini";

const nullableText = z.nullable(z.string());

/** Whether the monitor can currently promise to see uploads, and how far it is. */
export const HealthAnswer = z.object({
  ok: z.boolean(),
  blind: z.nullable(z.object({ since: nullableText, reason: z.string() })),
  cursor: z.nullable(
    z.object({ epoch: z.number(), serial: z.number(), polledAt: z.string(), lagSeconds: z.number() }),
  ),
  unknownActions: z.number(),
  queues: z.array(
    z.object({ queue: z.string(), waiting: z.number(), inFlight: z.number(), dead: z.number() }),
  ),
  projects: z.number(),
  artifacts: z.number(),
  openFindings: z.number(),
  version: z.string(),
});
export type HealthAnswer = z.infer<typeof HealthAnswer>;
