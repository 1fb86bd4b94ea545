import type { Context, Hono } from "hono";
import ipaddr from "ipaddr.js";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { Refused } from "./problems.ts";
import type { ApiSettings } from "./seams.ts";

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3_600;
const IPV6_SUBSCRIBER_PARTS = 4;

/**
 * Whom an address is counted as; `null` for our own machine, which nobody needs to protect itself from. Of IPv6 the first
 * 64 bits: a subscriber has at least as many addresses as the rest can name.
 */
export function countedAs(address: string): string | null {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.range() === "loopback") return null;
  return parsed instanceof ipaddr.IPv6
    ? `${parsed.parts
        .slice(0, IPV6_SUBSCRIBER_PARTS)
        .map((part) => part.toString(16))
        .join(":")}::/64`
    : parsed.toString();
}

async function spend(limiter: RateLimiterMemory, c: Context, address: string | null): Promise<void> {
  const counted = address === null ? null : countedAs(address);
  if (counted === null) return;
  try {
    await limiter.consume(counted);
  } catch (full) {
    if (!(full instanceof RateLimiterRes)) throw full;
    const seconds = Math.max(1, Math.ceil(full.msBeforeNext / 1000));
    c.header("Retry-After", String(seconds));
    throw new Refused("throttled", `Too many requests from your address. Ask again in ${seconds} seconds.`);
  }
}

/**
 * Refuses whoever asks too often (`throttled`, with Retry-After). Counted in memory: each process has its own count, and on a
 * host with several the gateway's limit stands in front of all. Behind a proxy every caller has the proxy's address: let it
 * limit.
 */
export function limitCallers(app: Hono, { addressOf, limits }: ApiSettings): void {
  if (limits === null) return;
  const all = new RateLimiterMemory({ points: limits.requestsPerMinute, duration: MINUTE_SECONDS });
  const strangers = new RateLimiterMemory({ points: limits.strangersPerHour, duration: HOUR_SECONDS });
  app.use(async (c, next) => {
    await spend(all, c, addressOf(c));
    await next();
  });
  app.use("/v1/enrolments", async (c, next) => {
    const isStranger = c.req.method === "POST" && !c.req.raw.headers.has("authorization");
    if (isStranger) await spend(strangers, c, addressOf(c));
    await next();
  });
}
