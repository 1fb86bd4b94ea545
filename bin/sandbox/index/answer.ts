import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** The parts of a request that routes look at. */
export interface Ask {
  readonly method: string;
  /** As sent: still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Where this asker must be sent for files: the files origin of the same scheme. */
  readonly filesOrigin: string;
  /** Where this asker reached the index. */
  readonly url: string;
  body(): Promise<Uint8Array<ArrayBuffer>>;
}

/** What a route says, before any fault spoils it on its way out. */
export interface Answer {
  readonly status: number;
  readonly reason?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Percent-decoded; what is not well encoded stays as it is, and is then simply not there. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function answer(
  status: number,
  type: string,
  text: string,
  headers: Record<string, string> = {},
): Answer {
  return { status, headers: { "Content-Type": type, ...headers }, body: Buffer.from(text) };
}

export function json(status: number, value: unknown): Answer {
  return answer(status, "application/json", `${JSON.stringify(value)}\n`);
}

export function redirect(status: number, location: string): Answer {
  return {
    status,
    headers: { Location: location, "Access-Control-Allow-Origin": "*" },
    body: Buffer.alloc(0),
  };
}

/** As the index says it for an unknown project's page: plain text, nothing about caching. */
export function notFound(): Answer {
  return answer(404, "text/plain; charset=UTF-8", "404 Not Found\n\nThe resource could not be found.\n");
}

/** The index's tag for a body: its MD5. */
export function etagOf(body: Uint8Array): string {
  return `"${createHash("md5").update(body).digest("base64").replace(/=+$/, "")}"`;
}
