import { gzipSync } from "node:zlib";
import { type Answer, answer, json, redirect } from "./answer.ts";
import type { Spoil } from "./spoils.ts";
import { withFlippedBit } from "./store.ts";
import { tooManyRequests } from "./xmlrpc.ts";

const outage =
  "<!DOCTYPE html><html><head><title>Sorry, something went wrong</title></head><body><h1>503</h1></body></html>\n";

/** The answer that takes the place of the route's own, or null when the route is to answer first. */
export function instead(spoil: Spoil): Answer | null {
  switch (spoil.kind) {
    case "throttled":
      return answer(429, "text/plain; charset=UTF-8", "429 Too Many Requests\n", {
        "Retry-After": String(spoil.retryAfterSeconds),
      });
    case "unavailable":
      return answer(503, "text/html; charset=utf-8", outage);
    case "forbidden":
      return json(403, { message: "Attestations temporarily disabled" });
    case "rate-limit-fault":
      return tooManyRequests(spoil.resetSeconds);
    case "redirect":
      return redirect(spoil.status, spoil.to);
    default:
      return null;
  }
}

/** The route's answer, changed. */
export function spoiled(honest: Answer, spoil: Spoil): Answer {
  switch (spoil.kind) {
    case "empty":
      return { ...honest, body: Buffer.alloc(0) };
    case "corrupt":
    case "bad-node":
      return headed({ ...honest, body: withFlippedBit(honest.body) }, { "X-Served-By": "cache-bad-SANDBOX" });
    case "content-type":
      return headed(honest, { "Content-Type": spoil.type });
    case "rate-limit":
      return headed(honest, { RateLimit: `"xmlrpc.client";r=${spoil.remaining};t=${spoil.resetSeconds}` });
    case "gzip":
      return packed(honest);
    default:
      return honest;
  }
}

function packed(honest: Answer): Answer {
  if (honest.headers["Content-Encoding"] === "gzip") return honest;
  return { ...headed(honest, { "Content-Encoding": "gzip" }), body: gzipSync(honest.body) };
}

function headed(honest: Answer, headers: Record<string, string>): Answer {
  return { ...honest, headers: { ...honest.headers, ...headers } };
}
