import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Alert } from "../../functions/ports.ts";

const ENTRY = fileURLToPath(new URL("../../bin/counterfoil.js", import.meta.url));

export interface Place {
  readonly index: string;
  readonly filesOrigin: string;
  readonly folder: string;
  readonly notify: string;
}

/** One life of `counterfoil serve`, in a process of its own. */
export class Life {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #printed = "";
  #complained = "";

  constructor({ index, filesOrigin, folder, notify }: Place) {
    const where = ["--index", index, "--files-origin", filesOrigin, "--data", folder, "--notify", notify];
    const args = [ENTRY, "serve", ...where, "--port", "0", "--poll", "0.1", "--confirm", "0.5"];
    this.#child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    this.#child.stdout?.on("data", (chunk: Buffer) => {
      this.#printed += chunk.toString("utf8");
    });
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#complained += chunk.toString("utf8");
    });
    this.#ended = once(this.#child, "close");
  }

  /** Where its API is; `null` until it says so. */
  get url(): string | null {
    const up = this.#printed.includes("Interrupt to stop");
    return up ? (/API +(http:\S+)/.exec(this.#printed)?.[1] ?? null) : null;
  }

  get stderr(): string {
    return this.#complained;
  }

  /** Answers the exit code; `null` for a process that was killed. */
  async end(signal: "SIGKILL" | "SIGTERM" | "SIGINT" | null): Promise<number | null> {
    if (signal !== null && this.#child.exitCode === null) this.#child.kill(signal);
    await this.#ended;
    return this.#child.exitCode;
  }
}

/** Waits for something that another process brings about. Throws after a minute and a half. */
export async function until<T>(what: string, asked: () => T | null | Promise<T | null>): Promise<T> {
  const latest = Date.now() + 90_000;
  for (;;) {
    const answer = await asked();
    if (answer !== null) return answer;
    if (Date.now() > latest) throw new Error(`waited in vain for ${what}`);
    await pause(5);
  }
}

export const operatorKeyIn = (folder: string): string =>
  readFileSync(join(folder, "operator.key"), "utf8").trim();

/** A subscriber by HTTP who is out of order now and then: one answer in so many is a 503. */
export interface Listener {
  readonly url: string;
  /** Everything that was accepted, repetitions included. */
  readonly accepted: readonly Alert[];
  close(): void;
}

export async function listen(failOneIn: number): Promise<Listener> {
  const accepted: Alert[] = [];
  let asked = 0;
  const server = createServer(async (request, response) => {
    const body = await buffer(request).catch(() => null);
    if (body === null) return;
    asked += 1;
    if (asked % failOneIn === 0) return void response.writeHead(503).end();
    accepted.push(JSON.parse(body.toString("utf8")) as Alert);
    response.writeHead(204).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    accepted,
    close: () => void server.close().closeAllConnections(),
  };
}
