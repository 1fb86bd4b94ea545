import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { configuration } from "../../functions/aws/configuration.ts";
import { DEFAULT_SETTINGS } from "../../functions/domain/settings.ts";

describe("a function's configuration", () => {
  it("is read from the environment, each variable in its own form", () => {
    const pairs = [{ queue: "facts", url: "https://q/facts", deadLettersUrl: "https://q/dead" }];
    const read = configuration({
      COUNTERFOIL_STAGE: "feed",
      COUNTERFOIL_POLL_MS: "5000",
      COUNTERFOIL_SETTINGS: JSON.stringify(DEFAULT_SETTINGS),
      COUNTERFOIL_FILES_ORIGINS: '["https://files.pythonhosted.org"]',
      COUNTERFOIL_BACKLOG: JSON.stringify(pairs),
      COUNTERFOIL_REGISTRATION: "open",
      COUNTERFOIL_PUBLIC_URL: "https://counterfoil.example",
      COUNTERFOIL_QUIETENING_HOURS: "0.5",
      COUNTERFOIL_OIDC_ISSUERS: '[{"provider":"gitlab","issuer":"https://gitlab.example"}]',
    });
    assert.deepEqual(
      [read.stage, read.pollMs, read.settings, read.filesOrigins, read.backlog, read.registration],
      ["feed", 5000, DEFAULT_SETTINGS, ["https://files.pythonhosted.org"], pairs, "open"],
    );
    assert.equal(read.heartbeatUrl, undefined);
    assert.deepEqual(
      [read.publicUrl, read.quieteningHours, read.oidcIssuers],
      ["https://counterfoil.example", 0.5, [{ provider: "gitlab", issuer: "https://gitlab.example" }]],
    );
  });

  it("needs nothing that nobody asks for, and names what is missing", () => {
    const read = configuration({});
    assert.throws(() => read.ledgerTable, /COUNTERFOIL_LEDGER_TABLE is missing.*deploy the stack again/);
    assert.throws(() => read.settings, /COUNTERFOIL_SETTINGS is missing/);
  });

  const WRONG: readonly [string, string, string][] = [
    ["settings", "COUNTERFOIL_SETTINGS", "{"],
    ["settings", "COUNTERFOIL_SETTINGS", '{"confirmMs":1}'],
    ["pollMs", "COUNTERFOIL_POLL_MS", "often"],
    ["pollMs", "COUNTERFOIL_POLL_MS", "0"],
    ["index", "COUNTERFOIL_INDEX", "pypi"],
    ["filesOrigins", "COUNTERFOIL_FILES_ORIGINS", "https://files.pythonhosted.org"],
    ["registration", "COUNTERFOIL_REGISTRATION", "closed"],
    ["heartbeatUrl", "COUNTERFOIL_HEARTBEAT_URL", ""],
    ["publicUrl", "COUNTERFOIL_PUBLIC_URL", "counterfoil"],
    ["quieteningHours", "COUNTERFOIL_QUIETENING_HOURS", "0"],
    ["oidcIssuers", "COUNTERFOIL_OIDC_ISSUERS", '["https://gitlab.example"]'],
    ["oidcIssuers", "COUNTERFOIL_OIDC_ISSUERS", '[{"provider":"jenkins","issuer":"https://a.example"}]'],
    ["stage", "COUNTERFOIL_STAGE", ""],
  ];
  for (const [name, variable, value] of WRONG) {
    it(`is refused with ${JSON.stringify(value)} for ${variable}`, () => {
      const read = configuration({ [variable]: value });
      assert.throws(() => read[name as keyof typeof read], new RegExp(`${variable} cannot be read: .`));
    });
  }
});
