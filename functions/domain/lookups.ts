/** One address of a name. */
export interface Found {
  address: string;
  family: number;
}

/** Asks for all addresses of a name, as `dns.lookup` does. */
export type Resolve<Options> = (
  hostname: string,
  options: Options & { all: true },
  done: (error: Error | null, found: Found[]) => void,
) => void;

/** What a connection asks for the addresses of a *named* host. Node does not call it for literal addresses. */
export type Lookup<Options> = (
  hostname: string,
  options: Options,
  done: (error: Error | null, address: string | Found[], family?: number) => void,
) => void;

/**
 * A connection's lookup in which `screen` chooses among a name's addresses, or says why the name is refused. Where it is the
 * connection's own, there is no moment between checking and connecting.
 */
export const screened =
  <Options extends { all?: boolean | undefined }>(
    resolve: Resolve<Options>,
    screen: (hostname: string, found: readonly Found[]) => Found[] | Error,
  ): Lookup<Options> =>
  (hostname, options, done) =>
    resolve(hostname, { ...options, all: true }, (error, found) => {
      const chosen = error ?? screen(hostname, found);
      if (chosen instanceof Error) return done(chosen, []);
      const [first] = chosen;
      if (options.all === true) return done(null, chosen);
      if (first === undefined) return done(new Error(`${hostname} has no address`), []);
      done(null, first.address, first.family);
    });
