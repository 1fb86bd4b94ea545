import type { AmendedAnswer, ChangeAnswer } from "../records/answers/enrolments.ts";

/** What was asked for now; of a request that was made before, what waits since then, so that its answer can be had again. */
export const madeOrWaiting = (
  { changes, enrolment }: AmendedAnswer,
  waiting: readonly string[],
): ChangeAnswer[] =>
  changes.length > 0 ? changes : enrolment.pending.filter(({ id }) => waiting.includes(id));
