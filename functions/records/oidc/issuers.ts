import type { PublisherClaims } from "../../domain/enrolments.ts";

/** A CI provider that the operator believes. Nothing of it is discovered: what a token says leads to no address. */
export interface Issuer {
  readonly provider: PublisherClaims["provider"];
  /** The exact `iss` of its tokens. */
  readonly issuer: string;
  /** Where its public keys are (a JSON Web Key Set, RFC 7517), at the issuer's own origin. */
  readonly keysUrl: string;
}

/** As both providers' `/.well-known/openid-configuration` had them when this was written. */
export const DEFAULT_ISSUERS: readonly Issuer[] = [
  {
    provider: "github",
    issuer: "https://token.actions.githubusercontent.com",
    keysUrl: "https://token.actions.githubusercontent.com/.well-known/jwks",
  },
  { provider: "gitlab", issuer: "https://gitlab.com", keysUrl: "https://gitlab.com/oauth/discovery/keys" },
];

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

function parsed(text: string, what: string): URL {
  const url = URL.parse(text);
  if (url === null) throw new TypeError(`${what} is no URL: ${text}`);
  const secure = url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.test(url.hostname));
  if (!secure) throw new TypeError(`${what} must be https (http only on loopback): ${text}`);
  if (url.username !== "" || url.password !== "" || url.hash !== "")
    throw new TypeError(`${what} carries credentials or a fragment: ${text}`);
  return url;
}

/**
 * The issuers by their exact `iss`. Throws `TypeError` for a configuration that would take keys over an open wire, from
 * another origin than the issuer's, or from two places for one issuer.
 */
export function issuersByName(issuers: readonly Issuer[]): ReadonlyMap<string, Issuer> {
  const known = new Map<string, Issuer>();
  for (const each of issuers) {
    const [named, keys] = [parsed(each.issuer, "an issuer"), parsed(each.keysUrl, "an issuer's keysUrl")];
    if (named.origin !== keys.origin)
      throw new TypeError(`the keys of ${each.issuer} must come from its own origin, not ${keys.origin}`);
    if (known.has(each.issuer)) throw new TypeError(`${each.issuer} is configured twice`);
    known.set(each.issuer, each);
  }
  return known;
}

const GITHUB = "https://token.actions.githubusercontent.com";

/** Where people see the issuer's repositories, without a slash at its end. */
export function siteOf({ provider, issuer }: Pick<Issuer, "provider" | "issuer">): string {
  if (provider === "gitlab") return issuer.replace(/\/+$/, "");
  const { origin } = new URL(issuer);
  // An enterprise may have an issuer of its own below the public one; on its own server the issuer is below the site.
  return origin === GITHUB ? "https://github.com" : origin;
}
