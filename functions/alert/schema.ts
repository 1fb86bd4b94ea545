import * as z from "zod/mini";
import type { Finding } from "../domain/findings.ts";

const PERSON = z.object({ at: z.string(), by: z.string(), note: z.string() });

/** The alerts queue, parsed at its border: what alert itself decides by; grounds are text for the reader. */
const FINDING = z.looseObject({
  id: z.string(),
  enrolment: z.nullable(z.string()),
  // Findings from before anybody could enrol uninvited do not say.
  selfClaimed: z._default(z.boolean(), false),
  project: z.nullable(z.string()),
  file: z.nullable(z.string()),
  release: z.nullable(z.string()),
  verdict: z.string(),
  severity: z.enum(["critical", "warning", "notice"]),
  topic: z.enum(["findings", "health"]),
  state: z.enum(["open", "resolved"]),
  opening: z.int(),
  openedAt: z.string(),
  changedAt: z.string(),
  thread: z.string(),
  // Nor of people who were done with them.
  acknowledged: z._default(z.nullable(PERSON), null),
  resolvedBy: z._default(z.nullable(PERSON), null),
  to: z._default(z.nullable(z.array(z.string())), null),
  grounds: z.looseObject({ recorded: z.array(z.unknown()), before: z.array(z.string()) }),
});

export const parseFinding = (body: unknown): Finding => FINDING.parse(body) as unknown as Finding;
