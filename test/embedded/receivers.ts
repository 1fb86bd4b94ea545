import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { type Throwaway, throwawayCertificate } from "../../bin/sandbox/index/certificates.ts";

export interface Got {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly body: string;
}

/** A webhook on loopback, and what it was sent. */
export interface Hook {
  readonly url: string;
  readonly got: readonly Got[];
  /** What it answers from now on. @default 204 */
  status: number;
  close(): Promise<void>;
}

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
};

const closed = (server: Server) => async (): Promise<void> => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
};

async function heard(request: IncomingMessage): Promise<Got> {
  const { headers, method, url: path } = request;
  return { headers, method, path, body: (await buffer(request)).toString("utf8") };
}

/** With a certificate for `localhost`, it speaks TLS. */
export async function startHook(certificate?: { key: string; cert: string }): Promise<Hook> {
  const got: Got[] = [];
  const answer: RequestListener = async (request, response) => {
    got.push(await heard(request));
    const where = hook.status >= 300 && hook.status < 400 ? { location: "/elsewhere" } : {};
    response.writeHead(hook.status, where).end("thanks");
  };
  const server = certificate === undefined ? createServer(answer) : createTlsServer(certificate, answer);
  const port = await listening(server);
  const url =
    certificate === undefined ? `http://127.0.0.1:${port}/hook?k=1` : `https://localhost:${port}/hook`;
  const hook: Hook = { url, got, status: 204, close: closed(server) };
  return hook;
}

/** Answers as it is told to, with a server's whole power over the wire. */
export async function startServer(answer: RequestListener): Promise<Pick<Hook, "url" | "close">> {
  const server = createServer(answer);
  const port = await listening(server);
  return { url: `http://127.0.0.1:${port}/hook`, close: closed(server) };
}

export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
  readonly secure: boolean;
  readonly user: string | null;
}

/** A mail server on loopback, and what it took. */
export interface Mailbox {
  readonly port: number;
  readonly mails: readonly ParsedMail[];
  /** As they came, header lines and all. */
  readonly raw: readonly string[];
  readonly envelopes: readonly Envelope[];
  /** Refuses recipients with this, from now on; `null` takes them. */
  refusal: string | null;
  close(): Promise<void>;
}

const addressIn = (given: { readonly address: string } | false): string =>
  given === false ? "" : given.address;

function refused(reply: string): Error {
  const responseCode = Number(reply.slice(0, 3));
  return Object.assign(new Error(reply.slice(4)), { responseCode });
}

/** One for all: making them takes a while. */
let certificate: Promise<Throwaway> | null = null;
const anyCertificate = (): Promise<Throwaway> => {
  certificate ??= throwawayCertificate("127.0.0.1");
  return certificate;
};

/** A real one, over TCP: `smtp-server`, read by `mailparser`. */
export async function startMailbox(options: SMTPServerOptions = {}): Promise<Mailbox> {
  const mails: ParsedMail[] = [];
  const raw: string[] = [];
  const envelopes: Envelope[] = [];
  const server = new SMTPServer({
    ...(await anyCertificate()),
    authOptional: true,
    onAuth: ({ username }, _session, done) => done(null, { user: username }),
    onRcptTo: (_address, _session, done) => done(box.refusal === null ? null : refused(box.refusal)),
    onData: (stream, session, done) => {
      void buffer(stream).then(async (bytes) => {
        const { mailFrom, rcptTo } = session.envelope;
        const user = typeof session.user === "string" ? session.user : null;
        const to = rcptTo.map(({ address }) => address);
        raw.push(bytes.toString("utf8"));
        envelopes.push({ from: addressIn(mailFrom), to, secure: session.secure, user });
        mails.push(await simpleParser(bytes));
        done();
      });
    },
    ...options,
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(resolve));
  const box: Mailbox = { port, mails, raw, envelopes, refusal: null, close };
  return box;
}
