import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { PROBLEMS } from "../../functions/api/problems.ts";
import { assertRefused, get, openWorld, post, type World } from "./world.ts";

/** A view that fails in the way a database does: with a message that is nobody's business. */
const brokenWorld = (): Promise<World> =>
  openWorld((ports) => ({
    ...ports,
    enrolments: {
      ...ports.enrolments,
      ofProject: async () => {
        throw new Error("SQLITE_CORRUPT: /var/lib/secret.db");
      },
    },
  }));

suite("every answer", () => {
  test("has a request id of its own and is kept by no cache", async () => {
    const world = await openWorld();
    const answers = [
      await get(world, "/v1/health"),
      await get(world, "/nowhere"),
      await post(world, "/v1/enrolments", {}),
    ];
    const ids = answers.map((answer) => answer.headers.get("X-Request-Id"));
    assert.equal(new Set(ids).size, 3);
    for (const answer of answers) {
      assert.match(answer.headers.get("X-Request-Id") ?? "", /^[0-9a-f-]{36}$/);
      assert.equal(answer.headers.get("Cache-Control"), "no-store");
    }
  });

  test("to an address that is none: no-such-route", async () => {
    await assertRefused(await get(await openWorld(), "/v1/nothing"), { code: "no-such-route", status: 404 });
  });

  test("to the wrong method: method-not-allowed, and the right one", async () => {
    const world = await openWorld();
    for (const [path, allowed] of [
      ["/v1/enrolments", "POST"],
      ["/v1/projects/six/records/withdraw", "POST"],
    ] as const) {
      const answer = await get(world, path);
      assert.equal(answer.headers.get("Allow"), allowed);
      await assertRefused(answer, { code: "method-not-allowed", status: 405 });
    }
    const answer = await post(world, "/v1/projects/six/artifacts", {});
    await assertRefused(answer, { code: "method-not-allowed", status: 405 });
  });

  test("to a name that cannot be a project's: bad-project-name", async () => {
    const world = await openWorld();
    for (const path of [
      "/v1/projects/-six/artifacts",
      "/v1/projects/six%2F../findings",
      "/v1/projects/%E0%A4%A/artifacts",
    ])
      await assertRefused(await get(world, path), { code: "bad-project-name", status: 400 });
  });

  test("without a key where one is needed says how to show one", async () => {
    const answer = await post(await openWorld(), "/v1/enrolments", {});
    assert.match(answer.headers.get("WWW-Authenticate") ?? "", /^Bearer /);
    await assertRefused(answer, { code: "missing-key", status: 401 });
  });

  test("to our own fault keeps the reason in the log", async () => {
    const world = await brokenWorld();
    const answer = await get(world, "/v1/projects/six/artifacts");
    assert.ok(!(await answer.clone().text()).includes("SQLITE"));
    await assertRefused(answer, { code: "internal", status: 500 });
    const [fault] = world.faults;
    assert.equal(fault?.requestId, answer.headers.get("X-Request-Id"));
    assert.match(String(fault?.error), /SQLITE_CORRUPT/);
  });

  test("a refusal is no fault of ours, and is not reported as one", async () => {
    const world = await openWorld();
    await get(world, "/v1/projects/six/artifacts");
    assert.deepEqual(world.faults, []);
  });

  test("every code leads to what it means", async () => {
    const world = await openWorld();
    for (const [code, kind] of Object.entries(PROBLEMS))
      assert.deepEqual(await (await get(world, `/v1/problems/${code}`)).json(), { code, ...kind });
    assert.equal((await get(world, "/v1/problems/toString")).status, 404);
  });
});
