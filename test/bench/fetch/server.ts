/** The static files that everybody fetches: `/files/<wheel>`, `/small/…` of 10 KB, and the page that pip asks for. */
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { throwawayCertificate } from "../../../bin/sandbox/index/certificates.ts";
import { answerAs } from "../answering.ts";
import { type Wheel, wheelOf } from "./wheel.ts";

/** Where the files are, and what their digests are. */
export interface Served {
  readonly url: string;
  readonly tlsUrl: string;
  readonly authority: string;
  readonly wheel: Omit<Wheel, "chunks">;
  readonly small: { readonly sizeBytes: number; readonly sha256: string };
}

const SMALL = randomBytes(10_000);

async function serve({ megabytes }: { readonly megabytes: number }): Promise<Served> {
  const wheel = wheelOf(megabytes);
  const made = await throwawayCertificate("127.0.0.1");
  const url = `http://${await listening(createServer(filesOf(wheel)))}`;
  const tlsUrl = `https://${await listening(createTlsServer(made, filesOf(wheel)))}`;
  const { chunks: _, ...about } = wheel;
  const small = { sizeBytes: SMALL.length, sha256: createHash("sha256").update(SMALL).digest("hex") };
  return { url, tlsUrl, authority: made.authority, wheel: about, small };
}

const filesOf =
  (wheel: Wheel): RequestListener =>
  (request, response) => {
    const { url = "" } = request;
    if (url.startsWith("/small/")) answer(response, "application/octet-stream", SMALL);
    else if (url === `/files/${wheel.name}`) void send(wheel, response);
    else if (url === "/simple/bulky/") answer(response, "text/html", pageOf(wheel));
    else response.writeHead(404).end();
  };

function answer(response: ServerResponse, type: string, body: Buffer): void {
  response.writeHead(200, { "Content-Type": type, "Content-Length": body.length }).end(body);
}

async function send(wheel: Wheel, response: ServerResponse): Promise<void> {
  response.writeHead(200, { "Content-Type": "application/octet-stream", "Content-Length": wheel.sizeBytes });
  await pipeline(Readable.from(wheel.chunks), response);
}

const pageOf = ({ name, sha256 }: Wheel): Buffer =>
  Buffer.from(
    `<!DOCTYPE html><html><body><a href="/files/${name}#sha256=${sha256}">${name}</a></body></html>`,
  );

async function listening(server: Server): Promise<string> {
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

answerAs({ serve });
