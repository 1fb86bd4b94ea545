import { type LookupOptions, lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { isLocalName, isLoopbackAddress, isPublicAddress, plainAddress } from "../domain/addresses.ts";
import { type Found, type Resolve as ResolveWith, screened } from "../domain/lookups.ts";
import { OriginRefused } from "./origins.ts";

export type Resolve = ResolveWith<LookupOptions>;

const mayBeReached = (hostname: string, address: string): boolean =>
  isLocalName(hostname) ? isLoopbackAddress(address) : isPublicAddress(address);

/**
 * A `lookup` for the index's connections. One answer from inside a network refuses the whole name: a name must never
 * lead there, whoever controls its DNS. Addresses in `avoid` come into play only when there are no others. Fails with
 * `OriginRefused`.
 */
export const guardedLookup = (avoid: readonly string[], resolve: Resolve = lookup): LookupFunction =>
  screened(resolve, (hostname, found) => {
    const inside = found.find(({ address }) => !mayBeReached(hostname, address));
    return inside === undefined
      ? preferOthers(found, avoid)
      : new OriginRefused(`${hostname} leads to ${inside.address}, which no name may lead to`);
  });

function preferOthers(found: readonly Found[], avoid: readonly string[]): Found[] {
  const avoided = new Set(avoid.map(plainAddress));
  const others = found.filter(({ address }) => !avoided.has(plainAddress(address)));
  return others.length > 0 ? others : [...found];
}
