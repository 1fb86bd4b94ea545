import type { IncomingMessage } from "node:http";
import { IndexUnavailable } from "../ports.ts";
import { TooSlow } from "./connection.ts";
import { OriginRefused } from "./origins.ts";
import { retryAfterMs } from "./throttle.ts";

const SMALL_BODY_BYTES = 65_536;

/** Lets go of a body nobody wants: a small one is read away to keep its connection, any other closes it. */
export function dismiss(answer: IncomingMessage): void {
  answer.on("error", () => {});
  const length = answer.statusCode === 304 ? 0 : Number(answer.headers["content-length"] ?? Number.NaN);
  if (length <= SMALL_BODY_BYTES) answer.resume();
  else answer.destroy();
}

/** What a status that is no answer means; the body is let go of. Redirects are refusals: none is followed. */
export function refusal(answer: IncomingMessage, now: string): IndexUnavailable {
  dismiss(answer);
  const status = answer.statusCode ?? 0;
  const wait = retryAfterMs(answer.headers, now);
  if (status === 429) return new IndexUnavailable("throttled", described(answer), wait);
  if (status >= 500) return new IndexUnavailable("unreachable", described(answer), wait);
  return new IndexUnavailable("refused", described(answer), wait);
}

/** The status, the server's own name for itself, where it would redirect to. Inert text of bounded length. */
export function described(answer: IncomingMessage): string {
  const said = [`HTTP ${answer.statusCode}`];
  const served = answer.headers["x-served-by"];
  if (served !== undefined) said.push(`served by ${printable(String(served))}`);
  if (answer.headers.location !== undefined) said.push(`redirect to ${printable(answer.headers.location)}`);
  if (answer.headers["retry-after"] !== undefined)
    said.push(`retry after ${printable(answer.headers["retry-after"])}`);
  return said.join(", ");
}

/** Foreign text for people to read: one line, bounded. */
export const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, "?").slice(0, 200);

/** The media type without its parameters, lower case. */
export const mediaType = (answer: IncomingMessage): string =>
  (answer.headers["content-type"] ?? "").split(";", 1).join().trim().toLowerCase();

/** How the body is encoded; `identity` for not at all. */
export const encoding = (answer: IncomingMessage): string =>
  (answer.headers["content-encoding"] ?? "identity").trim().toLowerCase();

/** Any failure on the way to or through an answer, as the error that the ports promise. */
export function unavailable(error: unknown): IndexUnavailable {
  if (error instanceof IndexUnavailable) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof TooSlow) return new IndexUnavailable("too-slow", message, null, error);
  if (error instanceof OriginRefused) return new IndexUnavailable("refused", message, null, error);
  return new IndexUnavailable("unreachable", message, null, error);
}

export const garbled = (message: string, cause?: unknown): IndexUnavailable =>
  new IndexUnavailable("garbled", message, null, cause);

/** The body in pieces as they come. Throws `IndexUnavailable`: `too-large` beyond the cap, `unreachable` when it breaks off. */
export async function* pieces(answer: IncomingMessage, mostBytes: number): AsyncGenerator<Buffer> {
  let got = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    got += piece.length;
    if (got > mostBytes) throw new IndexUnavailable("too-large", `the answer is over ${mostBytes} bytes`);
    yield piece;
  }
}
