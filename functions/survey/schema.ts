import * as z from "zod/mini";
import type { Change } from "../domain/changes.ts";

/** The changes queue, parsed at its border. */
const CHANGE = z.strictObject({
  id: z.string(),
  project: z.string(),
  reason: z.enum(["journal", "cross-check", "enrolment", "record", "policy", "deadline", "sweep"]),
  lane: z.enum(["now", "sweep"]),
  serial: z.nullable(z.int()),
  epoch: z.int(),
  files: z.array(z.string()),
  whole: z.exactOptional(z.literal(true)),
  at: z.string(),
  looks: z.int(),
});

export const parseChange = (body: unknown): Change => CHANGE.parse(body);
