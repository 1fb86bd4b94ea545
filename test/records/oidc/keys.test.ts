import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { after, before, beforeEach, describe, it } from "node:test";
import { COOL_DOWN_MS, FRESH_MS, STALE_MS } from "../../../functions/records/oidc/keys.ts";
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

let provider: Provider;
let first: ProviderKey;
let second: ProviderKey;
let clock: HandClock;
let verifier: TokenVerifier;
let askedBefore: number;

before(async () => {
  [provider, first, second] = await Promise.all([startProvider(), newKey("first"), newKey("second")]);
});
after(() => provider.close());
beforeEach(() => {
  clock = new HandClock("2026-11-22T12:00:00.000Z");
  verifier = createTokenVerifier({ issuers: [provider.issuer], audience: AUDIENCE, clock });
  provider.answer(null);
  provider.publish(first);
  askedBefore = provider.asked();
});

const asked = (): number => provider.asked() - askedBefore;
const verify = async (key: ProviderKey): Promise<unknown> =>
  verifier.verify(await signed(key, { ...githubPayload, ...stamped(provider.issuer, AUDIENCE, clock) }));
const down = (response: ServerResponse): unknown => response.writeHead(503).end("down");

const refused = (key: ProviderKey, code: TokenRefused["code"]): Promise<void> =>
  assert.rejects(verify(key), (error) => error instanceof TokenRefused && error.code === code);

describe("an issuer's keys", () => {
  it("are asked for once, however many tokens come at once and later", async () => {
    await Promise.all(Array.from({ length: 20 }, () => verify(first)));
    clock.forward(FRESH_MS - 1);
    await verify(first);
    assert.equal(asked(), 1);
  });

  it("are asked for again when they are no longer fresh, so that a withdrawn one ends", async () => {
    await verify(first);
    provider.publish(second);
    clock.forward(FRESH_MS);
    await refused(first, "bad-token");
    await verify(second);
    assert.equal(asked(), 2);
  });

  it("are asked for again when a token names a new one", async () => {
    await verify(first);
    provider.publish(first, second);
    clock.forward(COOL_DOWN_MS);
    await Promise.all([verify(second), verify(second), verify(first)]);
    assert.equal(asked(), 2);
  });

  it("are not asked for by whoever makes up names of keys", async () => {
    await verify(first);
    const kids = Array.from({ length: 200 }, (_, index) => ({ ...second, kid: `made-up-${index}` }));
    for (const key of kids) await refused(key, "bad-token");
    assert.equal(asked(), 1);
    clock.forward(COOL_DOWN_MS);
    await Promise.all(kids.map((key) => refused(key, "bad-token")));
    assert.equal(asked(), 2);
    await verify(first);
  });

  it("do not depend on each other: the one of another issuer is not asked", async (t) => {
    const other = await startProvider("gitlab");
    t.after(() => other.close());
    const issuers = [provider.issuer, other.issuer];
    verifier = createTokenVerifier({ issuers, audience: AUDIENCE, clock });
    await verify(first);
    assert.deepEqual([asked(), other.asked()], [1, 0]);
  });
});

describe("an issuer that is out of reach", () => {
  it("is believed by its last keys for a day", async () => {
    await verify(first);
    provider.answer((_, response) => down(response));
    clock.forward(STALE_MS - 1);
    await verify(first);
    clock.forward(1);
    await refused(first, "issuer-unreachable");
  });

  it("is asked no more often for that", async () => {
    await verify(first);
    provider.answer((_, response) => down(response));
    clock.forward(FRESH_MS);
    for (let round = 0; round < 10; round += 1) await verify(first);
    assert.equal(asked(), 2);
    clock.forward(COOL_DOWN_MS);
    await verify(first);
    assert.equal(asked(), 3);
  });

  it("leaves open whether a token with a new key is good", async () => {
    await verify(first);
    provider.answer((_, response) => down(response));
    clock.forward(COOL_DOWN_MS);
    await refused(second, "issuer-unreachable");
    await refused(second, "issuer-unreachable");
    assert.equal(asked(), 2);
    provider.answer(null);
    provider.publish(second);
    clock.forward(COOL_DOWN_MS);
    await verify(second);
  });

  it("is welcome as soon as it is back and was not asked a moment ago", async () => {
    provider.answer((_, response) => down(response));
    for (let round = 0; round < 10; round += 1) await refused(first, "issuer-unreachable");
    assert.equal(asked(), 1);
    provider.answer(null);
    clock.forward(COOL_DOWN_MS);
    await verify(first);
  });

  it("may be any that nothing listens for", async () => {
    const gone = await startProvider();
    await gone.close();
    verifier = createTokenVerifier({ issuers: [gone.issuer], audience: AUDIENCE, clock });
    const token = await signed(first, { ...githubPayload, ...stamped(gone.issuer, AUDIENCE, clock) });
    await assert.rejects(verifier.verify(token), { code: "issuer-unreachable" });
  });
});

describe("what is no set of keys", () => {
  const keys = (): string => JSON.stringify({ keys: [first.public] });
  const html = (response: ServerResponse): unknown =>
    response.setHeader("Content-Type", "text/html").end("<html><body>Sign in</body></html>");

  for (const [what, answer] of [
    ["a page", html],
    ["nothing", (response: ServerResponse) => response.end()],
    ["a number", (response: ServerResponse) => response.end("7")],
    ["a set with something else in it", (response: ServerResponse) => response.end('{"keys": ["x"]}')],
    ["a cut connection", (response: ServerResponse) => response.socket?.destroy()],
    ["an error that has keys", (response: ServerResponse) => response.writeHead(404).end(keys())],
  ] as const)
    it(`is ${what}`, async () => {
      provider.answer((_, response) => answer(response));
      await refused(first, "issuer-unreachable");
    });

  it("is a redirect, though it would lead to the keys", async (t) => {
    const elsewhere = await startProvider();
    t.after(() => elsewhere.close());
    elsewhere.publish(first);
    provider.answer((_, response) => response.writeHead(302, { Location: elsewhere.issuer.keysUrl }).end());
    await refused(first, "issuer-unreachable");
    assert.equal(elsewhere.asked(), 0);
  });

  it("is ten megabytes, of which few are read", async () => {
    let sentBytes = 0;
    provider.answer((_, response) => {
      response.on("error", () => undefined);
      const send = (): void => {
        while (sentBytes < 10_000_000 && !response.destroyed) {
          sentBytes += 65_536;
          if (!response.write(" ".repeat(65_536))) return void response.once("drain", send);
        }
        response.end(keys());
      };
      send();
    });
    await refused(first, "issuer-unreachable");
    assert.ok(sentBytes < 10_000_000, `${sentBytes} bytes were sent`);
  });

  it("never arrives, and is given up", async () => {
    const signals: (AbortSignal | null | undefined)[] = [];
    verifier = createTokenVerifier({
      issuers: [provider.issuer],
      audience: AUDIENCE,
      clock,
      fetch: (url, init) => {
        signals.push(init.signal);
        return fetch(url, { ...init, signal: AbortSignal.abort(new DOMException("late", "TimeoutError")) });
      },
    });
    await refused(first, "issuer-unreachable");
    assert.ok(signals.length === 1 && signals[0] instanceof AbortSignal, "asks without an end");
  });
});
