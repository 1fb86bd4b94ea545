import type { Contact } from "../domain/enrolments.ts";
import { ChannelRefused } from "../ports.ts";

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** How SNS reaches a contact. Throws `ChannelRefused` for a webhook without TLS, unless it can only be our own machine's. */
export function protocolOf({ kind, address }: Contact): "email" | "https" | "http" {
  if (kind === "email") return "email";
  const { protocol, hostname } = URL.parse(address) ?? { protocol: "", hostname: "" };
  if (protocol === "https:") return "https";
  if (protocol === "http:" && LOOPBACK.test(hostname)) return "http";
  throw new ChannelRefused("A webhook's address begins with https:// here.");
}

/**
 * The same address in a form that is this contact's alone: with a subaddress (RFC 5233), or with one more parameter in its
 * query. A topic takes an endpoint once, whatever the filter; without this whoever names somebody's address first would keep
 * it from everybody's enrolments but their own, and one confirmation would serve strangers.
 */
export function ownForm({ kind, id, address }: Contact): string {
  if (kind === "email") return address.replace(/@(?=[^@]*$)/, `+${id}@`);
  const [rest = "", ...fragment] = address.split("#");
  const own = `${rest}${rest.includes("?") ? "&" : "?"}counterfoil-contact=${encodeURIComponent(id)}`;
  return [own, ...fragment].join("#");
}
