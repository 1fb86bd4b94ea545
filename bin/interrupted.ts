/**
 * Resolves at the first SIGINT or SIGTERM from now on; the second ends the process as ever. Does not keep the process
 * alive by itself, so that one whose start fails ends.
 */
export const interrupted = (): Promise<void> =>
  new Promise((done) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => done());
  });
