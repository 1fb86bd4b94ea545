import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import type { Instant } from "../../functions/domain/instants.ts";
import { type IndexConfig, type PypiAdapters, pypiAdapters } from "../../functions/pypi/adapters.ts";

export type Answering = (request: IncomingMessage, answer: ServerResponse) => void;

/** An index on loopback that answers as the test says. `seen` are the requests, `sockets` the connections made. */
export interface Serving {
  readonly origin: string;
  readonly port: number;
  readonly seen: {
    readonly method: string;
    readonly url: string;
    readonly headers: IncomingMessage["headers"];
  }[];
  sockets(): number;
}

export async function serve(test: TestContext, answering: Answering): Promise<Serving> {
  const seen: Serving["seen"] = [];
  let sockets = 0;
  const server = createServer((request, answer) => {
    seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers });
    request.resume();
    answering(request, answer);
  });
  server.on("connection", () => sockets++);
  await new Promise<void>((listening) => server.listen(0, listening));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, port, seen, sockets: () => sockets };
}

/** A clock that stands still until it is set. */
export const standingClock = (at: Instant = "2026-11-22T12:00:00.000Z") => {
  const clock = { at, now: () => clock.at };
  return clock;
};

export type SettableClock = ReturnType<typeof standingClock>;

export function adapters(
  test: TestContext,
  origin: string,
  config: Partial<IndexConfig> = {},
  clock: SettableClock = standingClock(),
): PypiAdapters {
  const made = pypiAdapters(
    { index: origin, filesOrigins: [], contact: "https://example.org/us", ...config },
    clock,
  );
  test.after(() => made.close());
  return made;
}

/** Serves, and adapters that read from it. */
export async function reading(
  test: TestContext,
  answering: Answering,
  config: Partial<IndexConfig> = {},
  clock: SettableClock = standingClock(),
) {
  const serving = await serve(test, answering);
  return { ...adapters(test, serving.origin, config, clock), serving };
}

export const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../fixtures/pypi/${name}`, import.meta.url));

/** Answers with these headers and this body, its length given. */
export const answerWith =
  (headers: Record<string, string>, body: string | Buffer, status = 200): Answering =>
  (_request, answer) => {
    answer.writeHead(status, { "Content-Length": Buffer.byteLength(body), ...headers });
    answer.end(body);
  };
