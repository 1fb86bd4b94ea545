import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import * as z from "zod";
import { type Received, readAlert } from "../../bin/sandbox/subscriber.ts";

/** What SNS posts. Source: the SNS developer guide, "Parsing message formats". */
export const POSTED = z.discriminatedUnion("Type", [
  z.looseObject({
    Type: z.literal("SubscriptionConfirmation"),
    TopicArn: z.string(),
    SubscribeURL: z.string(),
  }),
  z.looseObject({ Type: z.literal("Notification"), TopicArn: z.string(), Message: z.string() }),
]);

/** Somebody who subscribed by http, confirms as a pager would, and is told. */
export class HttpSubscriber {
  readonly #alerts = new Map<string, Received>();
  readonly #deliveries: Received[] = [];
  readonly #others: string[] = [];
  readonly #confirmed = new Set<string>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const posted = POSTED.parse(JSON.parse((await buffer(request)).toString("utf8")));
      response.writeHead(204).end();
      if (posted.Type === "Notification") return this.#take(posted.Message);
      await fetch(posted.SubscribeURL);
      this.#confirmed.add(posted.TopicArn);
    });
  }

  static async start(): Promise<HttpSubscriber> {
    const subscriber = new HttpSubscriber();
    await new Promise<void>((resolve) => void subscriber.#server.listen(0, "127.0.0.1", resolve));
    return subscriber;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Each alert once, by its id, in the order of arrival. */
  get alerts(): readonly Received[] {
    return [...this.#alerts.values()];
  }

  /** Every alert as often as it came. */
  get deliveries(): readonly Received[] {
    return this.#deliveries;
  }

  /** What came and is no alert: alarms. */
  get others(): readonly string[] {
    return this.#others;
  }

  /** ARNs of the topics that it confirmed. */
  get confirmed(): ReadonlySet<string> {
    return this.#confirmed;
  }

  stop(): void {
    this.#server.close().closeAllConnections();
  }

  #take(posted: string): void {
    if (!posted.includes('"counterfoil.alert.v1"')) return void this.#others.push(posted);
    const alert = readAlert(posted);
    this.#deliveries.push(alert);
    if (!this.#alerts.has(alert.id)) this.#alerts.set(alert.id, alert);
  }
}
