import type { Context } from "aws-lambda";
import { between } from "../domain/instants.ts";
import type { Clock } from "../ports.ts";

/** The next invocation comes after a minute. */
const RUN_MS = 55_000;
/** What is left for whatever follows the last thing begun. */
const LEFT_MS = 5_000;

/** Whether an invocation that begins now still has room for something that begins so many milliseconds later. */
export function roomIn(
  context: Pick<Context, "getRemainingTimeInMillis">,
  clock: Clock,
): (aheadMs: number) => boolean {
  const beganAt = clock.now();
  return (aheadMs) =>
    between(beganAt, clock.now()) + aheadMs < RUN_MS &&
    context.getRemainingTimeInMillis() - aheadMs > LEFT_MS;
}
