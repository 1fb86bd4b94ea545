import { isOwnMachine } from "../domain/addresses.ts";

/** How a mail server is reached. */
export interface Smtp {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte on. */
  readonly secure: boolean;
  /** Nothing is sent before STARTTLS succeeded. */
  readonly requireTLS: boolean;
  /** On this machine: its certificate, if it has one, is rarely in the name `localhost`. */
  readonly ignoreTLS: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
}

/** A URL's parser knows no usual port of these schemes. Source: RFC 8314, 3.3, and RFC 6409, 3.1. */
const USUAL_PORTS: Readonly<Record<string, number>> = { "smtps:": 465, "smtp:": 587 };

/**
 * Reads `smtps://user:password@host:port`, or `smtp://…`, on which STARTTLS is demanded unless it is this machine. Throws
 * `TypeError`, whose words do not repeat the URL: it may carry a password.
 */
export function parseSmtp(text: string): Smtp {
  // With the scheme of the web the host is read as one: its case, its brackets, an address's many spellings.
  const [, scheme = "", rest = ""] = /^(smtps?:)(\/\/.+)$/i.exec(text) ?? [];
  const usualPort = USUAL_PORTS[scheme.toLowerCase()];
  const url = URL.parse(`http:${rest}`);
  if (usualPort === undefined || url === null)
    throw new TypeError("It must be smtps://USER:PASSWORD@HOST:PORT or smtp://…");
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "")
    throw new TypeError("Nothing may follow the host and the port.");
  if ((url.username === "") !== (url.password === ""))
    throw new TypeError("A user name needs a password, and a password a user name.");
  const secure = scheme.toLowerCase() === "smtps:";
  const own = isOwnMachine(url);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: portIn(rest) ?? usualPort,
    secure,
    requireTLS: !secure && !own,
    ignoreTLS: !secure && own,
    ...(url.username !== "" && { auth: { user: decoded(url.username), pass: decoded(url.password) } }),
  };
}

/** As written: a URL of the web does not say whether its own usual port was. */
function portIn(rest: string): number | null {
  const [, port] = /:(\d+)\/?$/.exec(rest.slice(rest.lastIndexOf("@") + 1)) ?? [];
  return port === undefined ? null : Number(port);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TypeError("The user name or the password is not percent-encoded as URLs are.");
  }
}
