import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { type Called, calledBy, type Request } from "./called.ts";
import { type Sent, sentBy } from "./sent.ts";

/** What may happen to a call on its way: refused by DynamoDB, kept waiting, or carried out with the answer lost. */
export type Fault =
  | { readonly kind: "throttle" }
  /** As of a table that is just being restored; nobody asks a second time. */
  | { readonly kind: "missing" }
  | { readonly kind: "delay"; readonly delayMs: number }
  | { readonly kind: "lose-answer" };

/** A fault for those calls that it meets, until it is lifted. */
export interface Faulting {
  readonly fault: Fault;
  readonly meets: (called: Called) => boolean;
  /** How many calls it hits at most. */
  readonly times: number;
}

/** A fault under way. */
export interface UnderWay {
  readonly hits: number;
  lift(): void;
}

/** What was asked through the wire, and how often. */
export interface Tally {
  readonly called: Called;
  readonly count: number;
}

/** A call that AWS refused because nothing grants it. */
export interface Refusal {
  readonly called: readonly Called[];
  readonly answer: string;
}

/**
 * Stands between everybody and MiniStack, on the address that MiniStack believes to be its own, so that queue URLs lead
 * through it too. Notes what each stage calls, and does to calls what a test asks for. Calls count as made over TLS, as
 * they are on AWS: policies that refuse anything else are evaluated.
 */
export class Wire {
  readonly #tally = new Map<string, { called: Called; count: number }>();
  readonly #refusals: Refusal[] = [];
  readonly #sent: Sent[] = [];
  readonly #faults = new Set<{ readonly asked: Faulting; hits: number }>();
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 });
  readonly #server: Server;
  readonly #host: string;
  readonly port: number;

  private constructor(host: string, port: number) {
    this.#host = host;
    this.port = port;
    this.#server = createServer((incoming, response) => {
      this.#pass(incoming, response).catch(() => response.destroy());
    });
  }

  /** Listens on 127.0.0.1 and hands on to the same port of another loopback address. */
  static async start(host: string, port: number): Promise<Wire> {
    const wire = new Wire(host, port);
    await new Promise<void>((resolve, reject) => {
      wire.#server.once("error", reject).listen(port, "127.0.0.1", resolve);
    });
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get calls(): readonly Tally[] {
    return [...this.#tally.values()];
  }

  get refusals(): readonly Refusal[] {
    return this.#refusals;
  }

  /** What stages sent to queues, in order. */
  get sent(): readonly Sent[] {
    return this.#sent;
  }

  fault(asked: Faulting): UnderWay {
    const fault = { asked, hits: 0 };
    this.#faults.add(fault);
    return {
      get hits() {
        return fault.hits;
      },
      lift: () => void this.#faults.delete(fault),
    };
  }

  stop(): void {
    this.#server.close().closeAllConnections();
    this.#agent.destroy();
  }

  async #pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url: path = "/", headers } = incoming;
    const asked: Request = { method, path, headers, body: await buffer(incoming) };
    const called = calledBy(asked);
    const fault = this.#faultFor(called);
    if (fault?.kind === "throttle" || fault?.kind === "missing")
      return refuse(response, REFUSALS[fault.kind]);
    if (fault?.kind === "delay") await pause(fault.delayMs);
    for (const each of called) this.#note(each);
    if (called.some(({ stage }) => stage !== null)) this.#sent.push(...sentBy(asked));
    let answer = await this.#ask(asked, incoming.rawHeaders);
    let body = await buffer(answer);
    if (lacksArn(asked, body)) {
      answer = await this.#ask(asked, incoming.rawHeaders);
      body = await buffer(answer);
    }
    if (answer.statusCode === 403 && called.some(({ stage }) => stage !== null))
      this.#refusals.push({ called, answer: body.toString("utf8").slice(0, 500) });
    if (fault?.kind === "lose-answer") return void response.destroy();
    response.writeHead(answer.statusCode ?? 502, headersOf(answer, method, body)).end(body);
  }

  #faultFor(called: readonly Called[]): Fault | null {
    for (const fault of this.#faults) {
      if (fault.hits >= fault.asked.times || !called.some(fault.asked.meets)) continue;
      fault.hits += 1;
      return fault.asked.fault;
    }
    return null;
  }

  #note(called: Called): void {
    const key = `${called.stage} ${called.action} ${called.resource}`;
    const tally = this.#tally.get(key) ?? { called, count: 0 };
    tally.count += 1;
    this.#tally.set(key, tally);
  }

  #ask({ method, path, body }: Request, rawHeaders: readonly string[]): Promise<IncomingMessage> {
    const headers = [...withoutHopHeaders(rawHeaders), "x-forwarded-proto", "https"];
    if (body.length > 0) headers.push("content-length", String(body.length));
    return new Promise((resolve, reject) => {
      const asked = { host: this.#host, port: this.port, method, path, headers, agent: this.#agent };
      request(asked, resolve).once("error", reject).end(body);
    });
  }
}

/**
 * AWS names a subscription by its ARN when asked to, though nobody confirmed it yet; MiniStack does so only when it is asked
 * for the same subscription again. Source: SNS API reference, Subscribe, ReturnSubscriptionArn.
 */
function lacksArn({ body: asked }: Request, answered: Buffer): boolean {
  const form = new URLSearchParams(asked.toString("utf8"));
  return form.get("ReturnSubscriptionArn") === "true" && answered.includes("pending confirmation");
}

/** What says how long a body is that a HEAD does not bring must stay. */
function headersOf(answer: IncomingMessage, method: string, body: Buffer): string[] {
  const sizeBytes = method === "HEAD" ? answer.headers["content-length"] : String(body.length);
  return [...withoutHopHeaders(answer.rawHeaders), ...(sizeBytes ? ["content-length", sizeBytes] : [])];
}

/** Of one connection only, or no longer so: bodies are handed on whole. */
const HOP = new Set(["connection", "keep-alive", "transfer-encoding", "expect", "content-length"]);

function withoutHopHeaders(raw: readonly string[]): string[] {
  const pairs = Array.from({ length: raw.length / 2 }, (_, at) => raw.slice(2 * at, 2 * at + 2));
  return pairs.filter(([name = ""]) => !HOP.has(name.toLowerCase())).flat();
}

/** Source: DynamoDB developer guide, "Error handling with DynamoDB". */
const REFUSALS = {
  throttle: {
    type: "ProvisionedThroughputExceededException",
    message: "The level of configured provisioned throughput for the table was exceeded.",
  },
  missing: { type: "ResourceNotFoundException", message: "Requested resource not found" },
} as const;

function refuse(response: ServerResponse, { type, message }: (typeof REFUSALS)[keyof typeof REFUSALS]): void {
  response
    .writeHead(400, { "content-type": "application/x-amz-json-1.0", "x-amzn-errortype": type })
    .end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }));
}
