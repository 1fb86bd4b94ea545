import { errors, type JWTVerifyGetKey } from "jose";
import type { Clock } from "../../ports.ts";
import { type Fetch, fetchKeys } from "./fetching.ts";
import type { Issuer } from "./issuers.ts";
import { TokenRefused } from "./refusals.ts";

/** Keys this young are not asked for again, unless a token names one that is not among them. */
export const FRESH_MS = 10 * 60_000;
/** The issuer is asked at most this often, whatever tokens strangers make up. */
export const COOL_DOWN_MS = 30_000;
/** While the issuer is out of reach its last keys are believed this long: a withdrawn key lives on no longer. */
export const STALE_MS = 24 * 3_600_000;

interface Kept {
  readonly find: JWTVerifyGetKey;
  readonly readAt: number;
}

const unreachable = (issuer: string, cause: unknown): TokenRefused =>
  new TokenRefused(
    "issuer-unreachable",
    `The keys of ${issuer} cannot be read now, so nothing is known of this token. Try again in a minute.`,
    cause,
  );

/** One issuer's keys: cached, renewed when a token names a new one, never asked for in a hurry. */
export class IssuerKeys {
  readonly #issuer: Issuer;
  readonly #clock: Clock;
  readonly #fetch: Fetch;
  #kept: Kept | null = null;
  #triedAt = Number.NEGATIVE_INFINITY;
  #failure: unknown = null;
  #underWay: Promise<void> | null = null;

  constructor(issuer: Issuer, clock: Clock, fetch: Fetch) {
    this.#issuer = issuer;
    this.#clock = clock;
    this.#fetch = fetch;
  }

  #now(): number {
    return Date.parse(this.#clock.now());
  }

  async #read(): Promise<void> {
    this.#triedAt = this.#now();
    try {
      this.#kept = { find: await fetchKeys(this.#issuer.keysUrl, this.#fetch), readAt: this.#triedAt };
      this.#failure = null;
    } catch (error) {
      this.#failure = error;
    }
  }

  /** Asks the issuer unless it was asked a moment ago. Those who come meanwhile wait for the same answer. */
  async #renew(): Promise<void> {
    if (this.#underWay === null) {
      if (this.#now() - this.#triedAt < COOL_DOWN_MS) return;
      this.#underWay = this.#read().finally(() => {
        this.#underWay = null;
      });
    }
    await this.#underWay;
  }

  async #usable(): Promise<Kept> {
    if (this.#kept === null || this.#now() - this.#kept.readAt >= FRESH_MS) await this.#renew();
    if (this.#kept === null || this.#now() - this.#kept.readAt >= STALE_MS)
      throw unreachable(this.#issuer.issuer, this.#failure);
    return this.#kept;
  }

  /** The key that a token's header names. Throws `TokenRefused`, or an error of jose. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const before = await this.#usable();
    try {
      return await before.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.#renew();
      // It may be a key of this very minute, and not a forger's: with the issuer out of reach nobody knows.
      if (this.#failure !== null) throw unreachable(this.#issuer.issuer, this.#failure);
      if (this.#kept === null || this.#kept === before) throw error;
      return await this.#kept.find(header, token);
    }
  };
}
