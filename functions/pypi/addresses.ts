import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { isLocalName, isLoopbackAddress, isPublicAddress, plainAddress } from "../domain/addresses.ts";
import { OriginRefused } from "./origins.ts";

/** Asks for all addresses of a name, as `dns.lookup` does. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

const mayBeReached = (hostname: string, address: string): boolean =>
  isLocalName(hostname) ? isLoopbackAddress(address) : isPublicAddress(address);

/**
 * A `lookup` for connections to *named* hosts (Node does not call it for literal addresses). One answer from inside a
 * network refuses the whole name: a name must never lead there, whoever controls its DNS. Addresses in `avoid` come
 * into play only when there are no others. Fails with `OriginRefused`.
 */
export function guardedLookup(avoid: readonly string[], resolve: Resolve = lookup): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, []);
      const inside = found.find(({ address }) => !mayBeReached(hostname, address));
      if (inside !== undefined)
        return done(
          new OriginRefused(`${hostname} leads to ${inside.address}, which no name may lead to`),
          [],
        );
      const chosen = preferOthers(found, avoid);
      if (options.all === true) return done(null, chosen);
      const [first] = chosen;
      if (first === undefined) return done(new Error(`${hostname} has no address`), []);
      done(null, first.address, first.family);
    });
  };
}

function preferOthers(found: LookupAddress[], avoid: readonly string[]): LookupAddress[] {
  const avoided = new Set(avoid.map(plainAddress));
  const others = found.filter(({ address }) => !avoided.has(plainAddress(address)));
  return others.length > 0 ? others : found;
}
