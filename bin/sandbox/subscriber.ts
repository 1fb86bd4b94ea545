import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import * as z from "zod";

/** The part of an alert that the story reads; its shape is the monitor's contract with every subscriber. */
const ALERT = z.looseObject({
  id: z.string(),
  topic: z.string(),
  severity: z.string(),
  subject: z.string(),
  text: z.string(),
  finding: z.looseObject({ verdict: z.string(), state: z.string(), file: z.nullable(z.string()) }),
});

export type Received = z.infer<typeof ALERT>;

/** An alert as it was posted. Throws when it is not one. */
export const readAlert = (posted: string): Received => ALERT.parse(JSON.parse(posted));

/** Somebody who is told: an HTTP server that takes alerts, each once by its id. */
export interface Subscriber {
  readonly url: string;
  readonly alerts: readonly Received[];
  close(): void;
}

export async function startSubscriber(): Promise<Subscriber> {
  const byId = new Map<string, Received>();
  const alerts: Received[] = [];
  const server = createServer(async (request, response) => {
    const alert = readAlert((await buffer(request)).toString("utf8"));
    if (!byId.has(alert.id)) alerts.push(alert);
    byId.set(alert.id, alert);
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, alerts, close: () => server.close().closeAllConnections() };
}

/** `topic severity verdict state`, the form in which the ground truth is written. */
export const tellingOf = ({ topic, severity, finding }: Received): string =>
  `${topic} ${severity} ${finding.verdict} ${finding.state}`;
