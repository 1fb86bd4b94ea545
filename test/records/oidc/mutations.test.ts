import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import type { JWTPayload } from "jose";
import { TokenRefused } from "../../../functions/records/oidc/refusals.ts";
import { createTokenVerifier, type TokenVerifier } from "../../../functions/records/oidc/tokens.ts";
import {
  githubPayload,
  HandClock,
  newKey,
  type Provider,
  type ProviderKey,
  signed,
  stamped,
  startProvider,
} from "./provider.ts";

const AUDIENCE = "https://monitor.example";

let github: Provider;
let rsa: ProviderKey;
let ec: ProviderKey;
let verifier: TokenVerifier;
const clock = new HandClock("2026-11-22T12:00:00.000Z");

before(async () => {
  [github, rsa, ec] = await Promise.all([startProvider(), newKey("one"), newKey("two", "ES256")]);
  github.publish(rsa, ec);
  verifier = createTokenVerifier({ issuers: [github.issuer], audience: AUDIENCE, clock });
});
after(() => github.close());

const payload = (): JWTPayload => ({ ...githubPayload, ...stamped(github.issuer, AUDIENCE, clock) });
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("any change of a good token", () => {
  const mutated = fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    fc.nat(65),
    fc.constantFrom("swap", "drop", "add"),
  );
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=";

  function spoil(token: string, [where, what, how]: [number, number, string]): string {
    const index = Math.floor(where * token.length);
    const letter = ALPHABET[what] ?? ".";
    return (
      token.slice(0, index) + (how === "drop" ? "" : letter) + token.slice(how === "add" ? index : index + 1)
    );
  }

  it("makes it a bad one", async () => {
    const good = [await signed(rsa, payload()), await signed(ec, payload())];
    for (const token of good) await verifier.verify(token);
    let spoilt = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...good), mutated, async (token, way) => {
        const text = spoil(token, way);
        if (text === token) return;
        spoilt += 1;
        await assert.rejects(verifier.verify(text), TokenRefused);
      }),
      { numRuns: 1500 },
    );
    assert.ok(spoilt > 1000, `only ${spoilt} were changed`);
  });

  it("makes it a bad one at its very end, where an encoding has room", async () => {
    const token = await signed(rsa, payload());
    for (const letter of ALPHABET) {
      const text = token.slice(0, -1) + letter;
      if (text !== token) await assert.rejects(verifier.verify(text), TokenRefused, letter);
    }
  });

  it("of what it says makes it a bad one too", async () => {
    const token = await signed(rsa, payload());
    const [head, , signature] = token.split(".");
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(payload())), fc.jsonValue(), async (claim, value) => {
        const body = { ...payload(), [claim]: value };
        if (JSON.stringify(body) === JSON.stringify(payload())) return;
        await assert.rejects(verifier.verify(`${head}.${encoded(body)}.${signature}`), TokenRefused);
      }),
      { numRuns: 300 },
    );
  });
});
