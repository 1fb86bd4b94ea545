/** Why a token was refused. Closed: the API publishes these words, and clients may switch over them. */
export type TokenCode =
  | "bad-token"
  | "unknown-issuer"
  | "expired-token"
  | "wrong-audience"
  | "token-not-bound"
  /** Nothing is known of the token: the issuer's keys could not be read. The same token may be welcome later. */
  | "issuer-unreachable";

/** A CI provider's token proves nothing here. The message may be shown to whoever sent it. */
export class TokenRefused extends Error {
  readonly code: TokenCode;
  constructor(code: TokenCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "TokenRefused";
    this.code = code;
  }
}

/** Closed, as `TokenCode` is. */
export type PublisherCode = "bad-publisher";

/** What somebody typed cannot be enrolled as a publisher. Nothing was stored. */
export class PublisherRefused extends Error {
  readonly code: PublisherCode = "bad-publisher";
  constructor(message: string) {
    super(message);
    this.name = "PublisherRefused";
  }
}
