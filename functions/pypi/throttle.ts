import type { IncomingHttpHeaders } from "node:http";
import { after, between, type Instant } from "../domain/instants.ts";

/** No header makes us wait for longer: the index may throttle us, not silence us. */
export const LONGEST_WAIT_MS = 3_600_000;

/** `Retry-After` in milliseconds, from seconds or a date (RFC 9110, 10.2.3); `null` without one that can be read. */
export function retryAfterMs(headers: IncomingHttpHeaders, now: Instant): number | null {
  const text = headers["retry-after"]?.trim() ?? "";
  if (/^\d+$/.test(text)) return bounded(Number(text) * 1000);
  const date = text.endsWith("GMT") ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : bounded(date - Date.parse(now));
}

/**
 * How long the `RateLimit` header bids us wait before the next call: the reset time of a policy with nothing remaining,
 * 0 when every policy has something left. PyPI sends `"xmlrpc.client";r=<remaining>;t=<seconds>`.
 */
export function exhaustedMs(headers: IncomingHttpHeaders): number {
  const waits = String(headers["ratelimit"] ?? "")
    .split(",")
    .filter((policy) => parameter(policy, "r") === 0)
    .map((policy) => bounded((parameter(policy, "t") ?? 1) * 1000));
  return Math.max(0, ...waits);
}

function parameter(policy: string, name: string): number | null {
  const found = policy.split(";").find((part) => part.trim().startsWith(`${name}=`));
  const text = found?.trim().slice(name.length + 1) ?? "";
  return /^\d+$/.test(text) ? Number(text) : null;
}

const bounded = (waitMs: number): number => Math.min(Math.max(waitMs, 0), LONGEST_WAIT_MS);

/** Keeps calls back until the index wants them again. */
export interface Throttle {
  /** Milliseconds to wait; 0 when a call may be made. */
  waitMs(now: Instant): number;
  /** Nothing for so long from now; never shortens an earlier wait. */
  hold(now: Instant, delayMs: number): void;
}

export function throttle(): Throttle {
  let until: Instant = "";
  const leftMs = (now: Instant): number => (until > now ? between(now, until) : 0);
  return {
    // What is left of a longer wait than was ever asked for was noted by a clock that was wrong.
    waitMs: (now) => (leftMs(now) > LONGEST_WAIT_MS ? 0 : leftMs(now)),
    hold(now, delayMs) {
      const next = after(now, bounded(delayMs));
      if (delayMs > 0 && (next > until || leftMs(now) > LONGEST_WAIT_MS)) until = next;
    },
  };
}
