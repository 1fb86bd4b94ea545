import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request as it came. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers one request. */
export type Answer = (response: ServerResponse, asked: Asked) => unknown;

/** A server on loopback that answers as it is told, the last way again and again, and notes what it was asked. */
export interface Stub {
  readonly url: string;
  readonly asked: readonly Asked[];
  answer(...ways: readonly Answer[]): void;
  close(): Promise<void>;
}

export async function startStub(): Promise<Stub> {
  const asked: Asked[] = [];
  let ways: readonly Answer[] = [];
  const server = createServer(async (request, response) => {
    const { method = "", url: path = "", headers } = request;
    const now: Asked = { method, path, headers, body: await text(request) };
    asked.push(now);
    const [way, ...later] = ways;
    if (later.length > 0) ways = later;
    way?.(response, now);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answer: (...next) => {
      ways = next;
      asked.length = 0;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const sha256 = (body: string): string => createHash("sha256").update(body).digest("hex");

/** A receipt for whatever was sent, with `about` where its files are. */
export const receipt =
  (about = ""): Answer =>
  (response, { body }) =>
    response
      .writeHead(201, { "Content-Type": "text/plain" })
      .end(`Receipt, manifest sha256:${sha256(body)}\n\n${about}\n`);

export const status =
  (code: number, body = ""): Answer =>
  (response) =>
    response.writeHead(code).end(body);

export const problem = (code: number, name: string, detail: string): Answer =>
  status(
    code,
    JSON.stringify({ type: `/v1/problems/${name}`, title: "No", status: code, code: name, detail }),
  );

/** As GitHub's token endpoint answers. */
export const token = (value: string): Answer => status(200, JSON.stringify({ count: value.length, value }));
