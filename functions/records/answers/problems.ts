import * as z from "zod/mini";

/** A refusal (RFC 9457), as far as a client needs it. `code` is one of docs/api.md's; more may come. */
export const ProblemAnswer = z.object({
  title: z.string(),
  detail: z.string(),
  code: z.string(),
  /** 1-based line of the submission, where one is to blame. */
  line: z.optional(z.number()),
});

/** What is the same for every problem of one code. */
export const ProblemKindAnswer = z.object({ code: z.string(), status: z.number(), title: z.string() });
export type ProblemKindAnswer = z.infer<typeof ProblemKindAnswer>;
