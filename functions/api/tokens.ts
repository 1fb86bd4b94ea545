import type { Clock } from "../ports.ts";
import { DEFAULT_ISSUERS, type Issuer } from "../records/oidc/issuers.ts";
import { createTokenVerifier, type TokenVerifier } from "../records/oidc/tokens.ts";
import type { ApiSettings } from "./seams.ts";

/** Where providers of each kind publish their keys, below the issuer's own address. */
const KEYS_PATH: Readonly<Record<Issuer["provider"], string>> = {
  github: "/.well-known/jwks",
  gitlab: "/oauth/discovery/keys",
};

const withKeys = ({ provider, issuer }: Pick<Issuer, "provider" | "issuer">): Issuer => ({
  provider,
  issuer,
  keysUrl: issuer.replace(/\/+$/, "") + KEYS_PATH[provider],
});

/** The public CI providers, and those that the operator added. */
export function issuersOf({ issuers }: Pick<ApiSettings, "issuers">): readonly Issuer[] {
  const own = issuers.filter(({ issuer }) => !DEFAULT_ISSUERS.some((each) => each.issuer === issuer));
  return [...DEFAULT_ISSUERS, ...own.map(withKeys)];
}

/** Verifies the tokens of the public CI providers and of those that the operator added, made for this very monitor. */
export const tokensFor = (settings: ApiSettings, clock: Clock): TokenVerifier =>
  createTokenVerifier({ issuers: issuersOf(settings), audience: settings.url, clock });
