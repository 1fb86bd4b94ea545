/** Runs `work` over all, so many at a time; the answers in their order. */
export async function abreast<T, R>(
  most: number,
  all: readonly T[],
  work: (each: T) => Promise<R>,
): Promise<R[]> {
  const answers: R[] = [];
  for (const run of runsOf(most, all)) answers.push(...(await Promise.all(run.map(work))));
  return answers;
}

/** In runs of at most so many. */
export const runsOf = <T>(most: number, all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / most) }, (_, run) => all.slice(run * most, (run + 1) * most));
