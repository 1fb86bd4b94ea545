import { decodeJwt, errors, type JWTPayload, jwtVerify } from "jose";
import type { Clock } from "../../ports.ts";
import { quoted } from "../quoted.ts";
import type { Claims } from "./claims.ts";
import type { Fetch } from "./fetching.ts";
import { githubClaims } from "./github.ts";
import { gitlabClaims } from "./gitlab.ts";
import { type Issuer, issuersByName } from "./issuers.ts";
import { IssuerKeys } from "./keys.ts";
import { TokenRefused } from "./refusals.ts";

/** Proves who sent a CI provider's token. */
export interface TokenVerifier {
  /** What a token proves of the job that asked for it. Throws `TokenRefused`, and nothing else for any text. */
  verify(token: string): Promise<Claims>;
}

/** What the providers sign with (GitHub and GitLab: RS256). Pinned: a token does not choose how it is checked. */
const ALGORITHMS = ["RS256", "ES256"];
/**
 * No token works for longer after it was issued, whatever end it claims. GitHub's end after minutes; GitLab's live as long as
 * their job may, an hour unless somebody chose longer.
 */
export const MOST_AGE_SECONDS = 3600;
const TOLERANCE_SECONDS = 30;
/** GitHub's have some 2 kB; GitLab's may list groups. */
const MOST_TOKEN_LENGTH = 16_384;

const TOKEN = /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/;

/** Whether a bearer's secret has the form of a CI provider's token (a JWT) and not of a key of ours. Proves nothing. */
export const looksLikeToken = (text: string): boolean => TOKEN.test(text);

/** Spelt as an encoder would: otherwise one signature has several spellings, and one token would be many. */
const isCanonical = (token: string): boolean =>
  token.split(".").every((part) => Buffer.from(part, "base64url").toString("base64url") === part);

const malformed = (why: string): TokenRefused => new TokenRefused("bad-token", `This is no token: ${why}.`);

function issuerNamedBy(token: string): unknown {
  if (token.length > MOST_TOKEN_LENGTH) throw malformed(`it is over ${MOST_TOKEN_LENGTH} characters long`);
  if (!looksLikeToken(token) || !isCanonical(token)) throw malformed("it has not the form of a JWT");
  try {
    return decodeJwt(token).iss;
  } catch (cause) {
    throw new TokenRefused("bad-token", "This is no token: its claims cannot be read.", cause);
  }
}

/** Our words for jose's errors. Its own may quote the token. */
function refusalOf(error: unknown, audience: string): TokenRefused {
  if (error instanceof TokenRefused) return error;
  if (error instanceof errors.JWTExpired)
    return new TokenRefused(
      "expired-token",
      "The token has expired, or was issued over an hour ago. Ask for it right before it is used.",
      error,
    );
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.claim === "aud"
      ? wrongAudience(audience, error)
      : new TokenRefused(
          "bad-token",
          `The token's claim ${quoted(error.claim)} is missing, or not of this moment.`,
          error,
        );
  if (error instanceof errors.JWKSNoMatchingKey)
    return new TokenRefused("bad-token", "The token is signed by no key that its issuer publishes.", error);
  return new TokenRefused(
    "bad-token",
    "The token's signature, algorithm or form is not as it must be.",
    error,
  );
}

const wrongAudience = (audience: string, cause?: unknown): TokenRefused =>
  new TokenRefused(
    "wrong-audience",
    `The token is meant for somebody else. Ask the provider for one with the audience ${audience} and no other.`,
    cause,
  );

/** jose is content with one of several audiences. But then each of the others could pass the token on to here. */
function demandSoleAudience({ aud }: JWTPayload, audience: string): void {
  const all = Array.isArray(aud) ? aud : [aud];
  if (all.length !== 1 || all[0] !== audience) throw wrongAudience(audience);
}

/** An issuer, with what is needed to check its tokens. */
interface Trusted {
  readonly issuer: Issuer;
  readonly keys: IssuerKeys;
}

async function proven(
  token: string,
  { issuer, keys }: Trusted,
  audience: string,
  clock: Clock,
): Promise<Claims> {
  const { payload, protectedHeader } = await jwtVerify(token, keys.find, {
    algorithms: ALGORITHMS,
    issuer: issuer.issuer,
    audience,
    requiredClaims: ["exp", "iat"],
    maxTokenAge: MOST_AGE_SECONDS,
    clockTolerance: TOLERANCE_SECONDS,
    currentDate: new Date(clock.now()),
  });
  if (protectedHeader.kid === undefined) throw malformed("it does not name the key that signed it");
  demandSoleAudience(payload, audience);
  return issuer.provider === "github" ? githubClaims(payload, issuer) : gitlabClaims(payload, issuer);
}

/**
 * Verifies tokens of the issuers that the operator named, meant for `audience` alone. Asks an issuer for its keys, and nobody
 * for anything else. Tokens are not remembered: one that is stolen works until it ends. Throws `TypeError` for
 * a configuration that cannot be trusted.
 */
export function createTokenVerifier(options: {
  readonly issuers: readonly Issuer[];
  readonly audience: string;
  readonly clock: Clock;
  readonly fetch?: Fetch;
}): TokenVerifier {
  const { audience, clock, fetch = globalThis.fetch } = options;
  const trusted = new Map(
    [...issuersByName(options.issuers)].map(([name, issuer]): [unknown, Trusted] => [
      name,
      { issuer, keys: new IssuerKeys(issuer, clock, fetch) },
    ]),
  );
  return {
    async verify(token) {
      const named = issuerNamedBy(token);
      const by = trusted.get(named);
      if (by === undefined)
        throw new TokenRefused(
          "unknown-issuer",
          `This monitor believes no tokens of ${typeof named === "string" ? quoted(named) : "nobody"}.`,
        );
      try {
        return await proven(token, by, audience, clock);
      } catch (error) {
        throw refusalOf(error, audience);
      }
    },
  };
}
