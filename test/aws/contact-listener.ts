import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { readAlert } from "../../bin/sandbox/subscriber.ts";
import { eventually } from "./eventually.ts";
import { POSTED } from "./http-subscriber.ts";

/** Listens for SNS at any path of one address, and says yes only when told to. */
export class ContactListener {
  /** By address: what it was asked with, and what reached it. */
  readonly #asked = new Map<string, string>();
  readonly #reached = new Map<string, string[]>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const body = (await buffer(request)).toString("utf8");
      response.writeHead(204).end();
      this.#take(`${this.url}${request.url}`, body);
    });
  }

  static async start(): Promise<ContactListener> {
    const listener = new ContactListener();
    await new Promise<void>((resolve) => void listener.#server.listen(0, "127.0.0.1", resolve));
    return listener;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** `asked`, or an alert's id, in the order of arrival. */
  reached(address: string): readonly string[] {
    return this.#reached.get(address) ?? [];
  }

  /** The same question once more, as SNS itself would put it; after the first. */
  async askAgain(address: string): Promise<void> {
    await fetch(address, { method: "POST", body: await this.#question(address) });
  }

  /** Waits for the question, and answers yes. */
  async confirm(address: string): Promise<void> {
    const posted = POSTED.parse(JSON.parse(await this.#question(address)));
    if (posted.Type === "SubscriptionConfirmation") await fetch(posted.SubscribeURL);
  }

  stop(): void {
    this.#server.close().closeAllConnections();
  }

  async #question(address: string): Promise<string> {
    const asked = await eventually(
      `${address} is asked`,
      () => this.#asked.get(address),
      (seen) => seen !== undefined,
    );
    return asked ?? "";
  }

  #take(address: string, body: string): void {
    const posted = POSTED.parse(JSON.parse(body));
    const isQuestion = posted.Type === "SubscriptionConfirmation";
    if (isQuestion) this.#asked.set(address, body);
    const what = isQuestion ? "asked" : readAlert(posted.Message).id;
    this.#reached.set(address, [...this.reached(address), what]);
  }
}
