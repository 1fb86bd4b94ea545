import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  DEFAULT_ISSUERS,
  type Issuer,
  issuersByName,
  siteOf,
} from "../../../functions/records/oidc/issuers.ts";

const one = (issuer: string, keysUrl: string): Issuer[] => [{ provider: "gitlab", issuer, keysUrl }];

describe("the issuers an operator names", () => {
  it("are GitHub Actions and gitlab.com unless they say otherwise", () => {
    assert.deepEqual(
      [...issuersByName(DEFAULT_ISSUERS).keys()],
      ["https://token.actions.githubusercontent.com", "https://gitlab.com"],
    );
  });

  it("may be a server of their own, and one on loopback without TLS", () => {
    for (const origin of [
      "https://git.example",
      "https://git.example:8443/gitlab",
      "http://127.0.0.1:80",
      "http://localhost:3000",
      "http://[::1]:9",
    ])
      assert.equal(issuersByName(one(origin, `${new URL(origin).origin}/keys`)).size, 1, origin);
  });

  it("are refused when their keys would come from elsewhere or could be changed on the way", () => {
    for (const [issuer, keysUrl] of [
      ["https://git.example", "https://keys.example/keys"],
      ["https://git.example", "https://git.example:444/keys"],
      ["https://git.example", "http://git.example/keys"],
      ["http://git.example", "http://git.example/keys"],
      ["http://127.0.0.1.example", "http://127.0.0.1.example/keys"],
      ["http://localhost.example", "http://localhost.example/keys"],
      ["https://user:pw@git.example", "https://git.example/keys"],
      ["file:///keys", "file:///keys"],
      ["git.example", "git.example/keys"],
    ] as const)
      assert.throws(() => issuersByName(one(issuer, keysUrl)), TypeError, `${issuer} ${keysUrl}`);
    assert.throws(() => issuersByName([...DEFAULT_ISSUERS, ...DEFAULT_ISSUERS]), /twice/);
  });

  it("have a site where people see their repositories", () => {
    const site = (provider: Issuer["provider"], issuer: string): string => siteOf({ provider, issuer });
    assert.equal(site("github", "https://token.actions.githubusercontent.com"), "https://github.com");
    assert.equal(site("github", "https://token.actions.githubusercontent.com/acme"), "https://github.com");
    assert.equal(site("github", "https://ghe.example/_services/token"), "https://ghe.example");
    assert.equal(site("gitlab", "https://git.example/gitlab/"), "https://git.example/gitlab");
  });
});
