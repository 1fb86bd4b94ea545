import ipaddr from "ipaddr.js";

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

/** Whether an address is of this machine. */
export const isLoopbackAddress = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === "loopback";

/** The same address in one spelling, so that two spellings compare equal. */
export const plainAddress = (address: string): string =>
  ipaddr.isValid(address) ? ipaddr.process(address).toString() : address;

/** The address that a URL's host is, without brackets; `null` for a name. A URL's parser has put it into its usual form. */
export function literalOf({ hostname }: URL): string | null {
  const literal = hostname.replace(/^\[|\]$/g, "");
  return ipaddr.isValid(literal) ? literal : null;
}

/** Whether a name means this machine by its own definition (RFC 6761), whatever a resolver says. */
export const isLocalName = (hostname: string): boolean =>
  hostname === "localhost" || hostname.endsWith(".localhost");

/** Whether a URL can only lead to this machine. */
export function isOwnMachine(url: URL): boolean {
  const literal = literalOf(url);
  return literal === null ? isLocalName(url.hostname) : isLoopbackAddress(literal);
}
