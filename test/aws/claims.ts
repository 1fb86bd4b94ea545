/** What is claimed, and what shows it. */
export type Claims<S> = Readonly<Record<string, (stage: S) => Promise<void>>>;

/** How many claims held, and how many did not or were not reached. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Goes through the claims in order, a line for each. They build on those before, so the first that does not hold is the
 * last; `explain` then prints what somebody needs who was not there.
 */
export async function hold<S>(claims: Claims<S>, stage: S, explain: () => string): Promise<Count> {
  const all = Object.entries(claims);
  for (const [at, [claim, check]] of all.entries()) {
    const beganMs = performance.now();
    try {
      await check(stage);
      console.log(`ok      ${claim} (${((performance.now() - beganMs) / 1000).toFixed(1)} s)`);
    } catch (error) {
      console.log(`FAILED  ${claim}\n${error instanceof Error ? error.stack : error}\n${explain()}`);
      return { passed: at, failed: all.length - at };
    }
  }
  return { passed: all.length, failed: 0 };
}
