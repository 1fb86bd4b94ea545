import * as z from "zod/mini";

const nullableText = z.nullable(z.string());

/** That somebody has seen a finding, or is done with it. Who, and what they note, is told to its watcher and the operator only. */
const Acknowledged = z.nullable(z.object({ at: z.string(), by: nullableText, note: nullableText }));

/** What a reader compares by eye. `recorded` and `before` are cut to the telling ones. */
const GroundsAnswer = z.object({
  declared: nullableText,
  observed: nullableText,
  recorded: z.array(z.object({ digest: z.string(), authority: z.string(), recordedAt: z.string() })),
  before: z.array(z.string()),
  wrongAttempts: z.number(),
  attempts: z.number(),
  url: nullableText,
  page: nullableText,
  entry: nullableText,
  firstSeen: nullableText,
  deadline: nullableText,
  note: nullableText,
  /** Whose key did it, and the change that can be taken back; to its watcher and the operator only. */
  by: z.optional(z.string()),
  change: z.optional(z.string()),
});

/** One finding in its latest state. Verdicts, severities and states are words that may grow. */
export const FindingAnswer = z.object({
  id: z.string(),
  enrolment: nullableText,
  selfClaimed: z.boolean(),
  project: nullableText,
  file: nullableText,
  release: nullableText,
  verdict: z.string(),
  severity: z.string(),
  topic: z.string(),
  state: z.string(),
  opening: z.number(),
  openedAt: z.string(),
  changedAt: z.string(),
  thread: z.string(),
  acknowledged: Acknowledged,
  resolvedBy: Acknowledged,
  grounds: GroundsAnswer,
});
export type FindingAnswer = z.infer<typeof FindingAnswer>;

/** A project's findings, the newest change first. */
export const FindingsAnswer = z.object({
  project: z.string(),
  findings: z.array(FindingAnswer),
  next: nullableText,
});
export type FindingsAnswer = z.infer<typeof FindingsAnswer>;
