import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { Catalogue } from "./catalogue.ts";
import type { Throwaway } from "./certificates.ts";
import { readyToHash } from "./content.ts";
import { control } from "./control.ts";
import { Faults } from "./faults.ts";
import { gate, type Origins } from "./gate.ts";
import { PageShelf } from "./pages.ts";
import { RequestLog } from "./requests.ts";
import { filesRoutes, indexRoutes, type World } from "./routes.ts";
import { Accounts } from "./upload.ts";

export interface IndexOptions {
  /** Loopback by default. */
  readonly host?: string;
  /** Any free port by default. */
  readonly port?: number;
  readonly filesPort?: number;
  /** Serves both origins over TLS as well, under a certificate authority made for this run. */
  readonly tls?: boolean;
  /** The serial of the first journal row; a large one by default, as on PyPI. */
  readonly firstSerial?: number;
  readonly now?: () => Date;
  /** Upload tokens and the users behind them. Any token will do by default. */
  readonly tokens?: Readonly<Record<string, string>>;
  /** How many requests the log keeps; all are counted. */
  readonly keptRequests?: number;
}

/** The addresses by TLS, and the authority (PEM) a client must be told to trust. */
export interface TlsOrigins extends Origins {
  readonly authority: string;
}

/**
 * A small PyPI, running. Honest changes (`publish`, `removeFile`, `yank`, …) are inherited from `Catalogue`; `journal`
 * is what it has written down; `faults` makes it misbehave; `requests` tells what clients asked.
 */
export class SandboxIndex extends Catalogue implements Origins {
  readonly faults: Faults = new Faults(this);
  readonly requests: RequestLog;
  /** Where the index answers: `http://127.0.0.1:PORT`, without a slash at the end. */
  url = "";
  /** Where the files are, a second origin. */
  filesOrigin = "";
  tls: TlsOrigins | null = null;
  readonly #servers: Server[] = [];

  constructor(options: IndexOptions) {
    super(options.firstSerial ?? 41_000_001, options.now ?? (() => new Date()));
    this.requests = new RequestLog(options.keptRequests ?? 10_000);
  }

  /** Opens the two origins, or four with TLS. */
  async open(options: IndexOptions): Promise<void> {
    const accounts = new Accounts(options.tokens);
    const world: World = { catalogue: this, faults: this.faults, accounts, shelf: new PageShelf() };
    const host = options.host ?? "127.0.0.1";
    const index = this.#listeners(world, () => this);
    this.url = await this.#listen(createServer(index.pages), host, options.port ?? 0, "http");
    this.filesOrigin = await this.#listen(createServer(index.files), host, options.filesPort ?? 0, "http");
    if (options.tls === true) await this.#openTls(world, host);
  }

  /** Stops listening and drops every connection, answered or not. */
  async close(): Promise<void> {
    await Promise.all(this.#servers.map(closed));
  }

  async #openTls(world: World, host: string): Promise<void> {
    const { throwawayCertificate } = await import("./certificates.ts");
    const made: Throwaway = await throwawayCertificate(host);
    const origins = { url: "", filesOrigin: "" };
    const { pages, files } = this.#listeners(world, () => origins);
    origins.url = await this.#listen(createTlsServer(made, pages), host, 0, "https");
    origins.filesOrigin = await this.#listen(createTlsServer(made, files), host, 0, "https");
    this.tls = { ...origins, authority: made.authority };
  }

  #listeners(world: World, origins: () => Origins): { pages: RequestListener; files: RequestListener } {
    const pages = control(this, gate(indexRoutes, world, this.requests, origins));
    return { pages, files: gate(filesRoutes, world, this.requests, origins) };
  }

  async #listen(server: Server, host: string, port: number, scheme: string): Promise<string> {
    this.#servers.push(server);
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
    return `${scheme}://${host}:${portOf(server)}`;
  }
}

/**
 * Starts a small PyPI in this process, in memory, on loopback: the index on one port, its files on another.
 * Call `close()` when done.
 */
export async function startIndex(options: IndexOptions = {}): Promise<SandboxIndex> {
  await readyToHash();
  const index = new SandboxIndex(options);
  await index.open(options);
  return index;
}

function portOf(server: Server): number {
  const address = server.address() as AddressInfo;
  return address.port;
}

async function closed(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
