import { type LookupOptions, lookup } from "node:dns";
import http, { type RequestOptions } from "node:http";
import https from "node:https";
import { isLocalName, isPublicAddress, literalOf } from "../domain/addresses.ts";
import { type Found, type Resolve, screened } from "../domain/lookups.ts";
import { type Alert, ChannelRefused } from "../ports.ts";
import { confirmationOf } from "./confirmations.ts";
import { Unreachable, type Way } from "./ways.ts";

export interface WebhookConfig {
  readonly userAgent: string;
  /** Whether http and addresses that are not of the public Internet may be contacted. @default false */
  readonly allowPrivate?: boolean;
  /** PEM of the authorities to trust in place of the system's. */
  readonly ca?: string;
  /** Stands in for the system's resolver. */
  readonly resolve?: Resolve<LookupOptions>;
  /** From the beginning to the head of the answer. @default 15 seconds */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;
const GONE = 410;

/** What is sent along with an alert, so that a receiver can sort without reading it. */
export const alertHeaders = ({ id, topic, severity }: Alert) => ({
  "content-type": "application/json",
  "counterfoil-alert": id,
  "counterfoil-topic": topic,
  "counterfoil-severity": severity,
});

/**
 * Webhooks of contacts. Their URLs are typed by watchers, strangers among them, and this host may stand inside somebody's
 * network: nothing but https to addresses of the public Internet is contacted, also where a name leads elsewhere by now.
 * Redirects are not followed, and of an answer nothing is read but its head.
 */
export function webhooks(config: WebhookConfig): Way {
  const post = poster(config);
  const urlOf = (address: string): URL => webhookUrl(address, config.allowPrivate === true);
  return {
    check: (address) => void urlOf(address),
    tell: async ({ address }, alert) => post(urlOf(address), alertHeaders(alert), alert),
    ask: async (asked) => {
      const headers = { "content-type": "application/json", "counterfoil-confirmation": asked.contact.id };
      return post(urlOf(asked.contact.address), headers, confirmationOf(asked));
    },
  };
}

/** The address, parsed. Throws `ChannelRefused`. */
function webhookUrl(address: string, allowPrivate: boolean): URL {
  const url = URL.parse(address);
  if (url === null) throw new ChannelRefused("A webhook's address must be a URL.");
  if (url.protocol !== "https:" && !(allowPrivate && url.protocol === "http:"))
    throw new ChannelRefused("A webhook's URL must begin with https://.");
  if (url.username !== "" || url.password !== "")
    throw new ChannelRefused("A webhook's URL must not carry a user name or a password.");
  if (!allowPrivate && isInside(url))
    throw new ChannelRefused(`A webhook must be on the public Internet, and ${url.hostname} is not.`);
  return url;
}

function isInside(url: URL): boolean {
  const literal = literalOf(url);
  return literal === null ? isLocalName(url.hostname) : !isPublicAddress(literal);
}

/** Not only when it is typed: whoever controls a name's DNS can let it lead elsewhere at any time. */
function publicOnly(hostname: string, found: readonly Found[]): Found[] | Error {
  const inside = found.find(({ address }) => !isPublicAddress(address));
  return inside === undefined
    ? [...found]
    : new ChannelRefused(`${hostname} leads to ${inside.address}, which is not on the public Internet`);
}

const anywhere = (_hostname: string, found: readonly Found[]): Found[] => [...found];

type Post = (url: URL, headers: Readonly<Record<string, string>>, body: unknown) => Promise<void>;

/** POSTs JSON. Resolves on a 2xx answer, throws on every other. */
function poster(config: WebhookConfig): Post {
  const { resolve = lookup, timeoutMs = TIMEOUT_MS } = config;
  const connecting = {
    // A connection of its own each time: no kept one stands for an address that was checked long ago.
    agent: false as const,
    lookup: screened(resolve, config.allowPrivate === true ? anywhere : publicOnly),
    ...(config.ca !== undefined && { ca: config.ca }),
  };
  return async (url, headers, body) => {
    const sent = { ...headers, "user-agent": config.userAgent };
    const signal = AbortSignal.timeout(timeoutMs);
    const status = await statusOf(url, { ...connecting, headers: sent, signal }, JSON.stringify(body));
    if (status === GONE) throw new Unreachable(`${url.origin} answered 410: gone for good`);
    if (status < 200 || status > 299) throw new Error(`${url.origin} answered ${status}`);
  };
}

function statusOf(url: URL, options: RequestOptions, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const length = Buffer.byteLength(body);
    const headers = { ...options.headers, "content-length": length };
    const request = (url.protocol === "https:" ? https : http).request(url, {
      ...options,
      method: "POST",
      headers,
    });
    request.on("response", (answer) => {
      resolve(answer.statusCode ?? 0);
      // Whatever else it says is a stranger's, of any length.
      answer.on("error", () => {}).destroy();
    });
    request.on("error", reject);
    request.on("close", () => reject(new Error(`${url.origin} ended the connection without an answer`)));
    request.end(body);
  });
}
