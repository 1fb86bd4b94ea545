import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import type { Alert } from "../../../functions/ports.ts";
import { nowMs } from "../figures.ts";

/** Somebody who gets alerts by POST and notes when. */
export interface Subscriber {
  readonly url: string;
  /** When the first alert about a file came, by file name. */
  readonly heardMs: ReadonlyMap<string, number>;
  heard(files: number): Promise<void>;
  close(): void;
}

const HEARD_MS = 60_000;

export async function startSubscriber(): Promise<Subscriber> {
  const heardMs = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const atMs = nowMs();
    const { finding } = (await json(request)) as Alert;
    response.writeHead(204).end();
    if (finding.file !== null && !heardMs.has(finding.file)) heardMs.set(finding.file, atMs);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    heardMs,
    heard: async (files) => {
      const until = performance.now() + HEARD_MS;
      while (heardMs.size < files) {
        if (performance.now() > until) throw new Error(`${heardMs.size} of ${files} alerts came`);
        await setTimeout(50);
      }
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
