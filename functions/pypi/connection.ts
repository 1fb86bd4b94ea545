import http, { type IncomingMessage, type OutgoingHttpHeaders, type RequestOptions } from "node:http";
import https from "node:https";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import { guardedLookup, type Resolve } from "./addresses.ts";
import type { AllowList } from "./origins.ts";

/** The other side took longer than its limit. */
export class TooSlow extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TooSlow";
  }
}

/** One request. `totalMs` runs from its socket to the last byte of its answer. */
export interface Asked {
  readonly url: string;
  readonly totalMs: number;
  readonly headers?: OutgoingHttpHeaders;
  /** Makes it a POST. */
  readonly body?: string;
  /** On a connection of its own, to another address than these where the host has several. */
  readonly fresh?: { readonly avoid: readonly string[] };
}

/** All requests to the index and its file host. */
export interface Connection {
  /**
   * Resolves with the answer's head; the body is the caller's to read or `dismiss`. Redirects come back as they are.
   * Throws `OriginRefused`, `TooSlow` or the socket's error.
   */
  ask(asked: Asked): Promise<IncomingMessage>;
  /** Ends every connection. */
  close(): void;
}

export interface ConnectionConfig {
  readonly origins: AllowList;
  readonly userAgent: string;
  readonly idleMs: number;
  readonly sockets: number;
  /** PEM of a further authority to trust. */
  readonly ca?: string;
  /** Stands in for the system's resolver. */
  readonly resolve?: Resolve;
}

/** Opens nothing yet. */
export function connection(config: ConnectionConfig): Connection {
  const kept = agents(config, true);
  const single = agents(config, false);
  const lookup = guardedLookup([], config.resolve);
  const optionsFor = (asked: Asked, url: URL): RequestOptions => ({
    method: asked.body === undefined ? "GET" : "POST",
    headers: {
      "User-Agent": config.userAgent,
      "Accept-Encoding": "identity",
      // Without it an agent of limited sockets hands a connection on to whoever waits for one.
      ...(asked.fresh && { Connection: "close" }),
      ...asked.headers,
    },
    timeout: config.idleMs,
    agent: (asked.fresh === undefined ? kept : single).get(url.protocol),
    lookup: asked.fresh === undefined ? lookup : guardedLookup(asked.fresh.avoid, config.resolve),
  });
  return {
    async ask(asked) {
      const url = config.origins.allowed(asked.url);
      const answer = await send(url, optionsFor(asked, url), asked);
      return answer ?? sure(await send(url, optionsFor({ fresh: { avoid: [] }, ...asked }, url), asked));
    },
    close() {
      for (const agent of [...kept.values(), ...single.values()]) agent.destroy();
    },
  };
}

function agents(config: ConnectionConfig, keepAlive: boolean): Map<string, http.Agent> {
  const options = { keepAlive, maxSockets: config.sockets };
  return new Map([
    ["http:", new http.Agent(options)],
    ["https:", new https.Agent({ ...options, ...trusting(config.ca), rejectUnauthorized: true })],
  ]);
}

/**
 * A context made once. Handed the certificates themselves, an agent writes them all into the name of every connection:
 * measured, 10 KB files come seven times slower.
 */
function trusting(authority: string | undefined): { secureContext?: SecureContext } {
  if (authority === undefined) return {};
  return { secureContext: createSecureContext({ ca: [...getCACertificates("default"), authority] }) };
}

function sure(answer: IncomingMessage | null): IncomingMessage {
  if (answer === null) throw new Error("the connection was reset");
  return answer;
}

const RESET = new Set(["ECONNRESET", "EPIPE"]);

/** `null` when a kept connection turned out to have been closed in the meantime: nothing was lost but a moment. */
function send(url: URL, options: RequestOptions, asked: Asked): Promise<IncomingMessage | null> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? https : http).request(url, options);
    let answer: IncomingMessage | null = null;
    let total: NodeJS.Timeout | undefined;
    const stop = (why: string) => (answer ?? request).destroy(new TooSlow(why));
    request.once("socket", () => {
      total = setTimeout(stop, asked.totalMs, `no end within ${asked.totalMs} ms`);
    });
    request.on("timeout", () => stop(`no byte for ${options.timeout} ms`));
    request.on("close", () => clearTimeout(total));
    request.on("error", (error: NodeJS.ErrnoException) => {
      if (request.reusedSocket && RESET.has(error.code ?? "")) resolve(null);
      else reject(error);
    });
    request.on("response", (head) => {
      answer = head;
      resolve(head);
    });
    request.end(asked.body);
  });
}
