import { isOwnMachine } from "../domain/addresses.ts";

/** A URL that the operator did not allow. Nothing was connected to. */
export class OriginRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = "OriginRefused";
  }
}

/** The origins that may be contacted: exactly those that the configuration names, nothing derived from them. */
export interface AllowList {
  /**
   * The URL, parsed, when its origin is on the list: the only way to a connection. A literal address is therefore
   * reached only where the operator wrote that very address. Throws `OriginRefused`.
   */
  allowed(url: string): URL;
}

/** Builds the list. Throws `OriginRefused` for an entry that is no plain http(s) origin. */
export function allowList(origins: readonly string[]): AllowList {
  const named = new Set(origins.map((text) => indexUrl(text).origin));
  return {
    allowed(url) {
      const parsed = httpUrl(url);
      if (!named.has(parsed.origin))
        throw new OriginRefused(`${parsed.origin} is no origin named by the operator`);
      return parsed;
    },
  };
}

/** Reads an index's or a file host's address as an operator writes it; a path is kept, ending in a slash. Throws `OriginRefused`. */
export function indexUrl(text: string): URL {
  const url = httpUrl(text);
  if (url.search !== "" || url.hash !== "")
    throw new OriginRefused(`${brief(text)} has a query or a fragment`);
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

function httpUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw new OriginRefused(`${brief(text)} is no URL`);
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw new OriginRefused(`${brief(text)} is neither https nor http`);
  if (url.username !== "" || url.password !== "")
    throw new OriginRefused(`a URL at ${url.host} carries credentials`);
  return url;
}

const brief = (text: string): string => JSON.stringify(text.slice(0, 200));

/** Whether an origin can only be this machine (a loopback address, or a `localhost` name: RFC 6761). Politeness is for all others. */
export const isLoopbackOrigin = (origin: string): boolean => isOwnMachine(indexUrl(origin));
