import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { isLocalName, OriginRefused } from "./origins.ts";

/** Asks for all addresses of a name, as `dns.lookup` does. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

const GLOBAL = ipaddr.IPv6.parseCIDR("2000::/3");
const NAT64 = ipaddr.IPv6.parseCIDR("64:ff9b::/96");

/** Whether an address belongs to the public Internet. One inside another (mapped, NAT64) is judged by the inner one. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.range() === "unicast";
  if (parsed.match(NAT64)) return isPublicAddress(parsed.toByteArray().slice(12).join("."));
  return parsed.range() === "unicast" && parsed.match(GLOBAL);
}

/** The same address in one spelling, so that two spellings compare equal. */
export const plainAddress = (address: string): string =>
  ipaddr.isValid(address) ? ipaddr.process(address).toString() : address;

const mayBeReached = (hostname: string, address: string): boolean =>
  isLocalName(hostname)
    ? ipaddr.isValid(address) && ipaddr.process(address).range() === "loopback"
    : isPublicAddress(address);

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
