import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createApi } from "../../functions/api/api.ts";
import { countedAs } from "../../functions/api/limiting.ts";
import type { ApiSettings } from "../../functions/api/seams.ts";
import { memoryPorts } from "./memory-ports.ts";
import { assertRefused, SETTINGS } from "./world.ts";

/** Asks as somebody at an address. */
function asking(
  spoiled: Partial<ApiSettings>,
): (path: string, address: string, method?: string) => Promise<Response> {
  let address = "";
  const app = createApi(memoryPorts().ports, { ...SETTINGS, ...spoiled, addressOf: () => address });
  return async (path, from, method = "GET") => {
    address = from;
    return app.request(path, { method, ...(method === "POST" && { body: "{}" }) });
  };
}

const LIMITS = { requestsPerMinute: 3, strangersPerHour: 1 };

describe("who asks too often", () => {
  it("is refused, and told when to ask again; nobody else is", async () => {
    const ask = asking({ limits: LIMITS });
    for (let times = 0; times < 3; times += 1)
      assert.notEqual((await ask("/v1/health", "192.0.2.1")).status, 429);
    const refused = await ask("/v1/health", "192.0.2.1");
    const seconds = Number(refused.headers.get("Retry-After"));
    assert.ok(seconds >= 1 && seconds <= 60);
    await assertRefused(refused, { code: "throttled", status: 429 });
    assert.notEqual((await ask("/v1/health", "192.0.2.2")).status, 429);
  });

  it("is refused a second enrolment as a stranger sooner than a second read", async () => {
    const ask = asking({ limits: LIMITS, registration: "open" });
    assert.equal((await ask("/v1/enrolments", "192.0.2.1", "POST")).status, 422);
    await assertRefused(await ask("/v1/enrolments", "192.0.2.1", "POST"), { code: "throttled", status: 429 });
    assert.notEqual((await ask("/v1/health", "192.0.2.1")).status, 429);
  });

  it("is not refused where somebody in front sees to it, nor on our own machine", async () => {
    const unlimited = asking({ limits: null });
    const own = asking({ limits: LIMITS });
    for (let times = 0; times < 9; times += 1) {
      assert.notEqual((await unlimited("/v1/health", "192.0.2.1")).status, 429);
      assert.notEqual((await own("/v1/health", "127.0.0.1")).status, 429);
    }
  });
});

describe("an address is counted as", () => {
  const rows: readonly (readonly [string, string | null])[] = [
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
    ["127.0.0.1", null],
    ["::1", null],
    ["::ffff:127.0.0.1", null],
    ["unknown", "unknown"],
  ];
  for (const [address, counted] of rows)
    it(`${address}: ${counted}`, () => assert.equal(countedAs(address), counted));
});

describe("a page in somebody's browser", () => {
  it("may read what anybody may read", async () => {
    const answer = await asking({})("/v1/health", "192.0.2.1");
    assert.equal(answer.headers.get("Access-Control-Allow-Origin"), "*");
    assert.match(answer.headers.get("Access-Control-Expose-Headers") ?? "", /X-Request-Id/);
  });

  it("may neither send a key nor write", async () => {
    const { ports } = memoryPorts();
    const preflight = await createApi(ports, SETTINGS).request("/v1/enrolments", {
      method: "OPTIONS",
      headers: {
        Origin: "https://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
      },
    });
    assert.equal(preflight.headers.get("Access-Control-Allow-Headers"), "Accept");
    assert.doesNotMatch(preflight.headers.get("Access-Control-Allow-Methods") ?? "", /POST/);
    assert.equal(preflight.headers.get("Access-Control-Allow-Credentials"), null);
  });
});
