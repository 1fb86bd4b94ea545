import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { after, hours } from "../../functions/domain/instants.ts";
import { brokenAt, invitationsSubject } from "../../functions/domain/ledger.ts";
import type { EnrolledAnswer, InvitedAnswer } from "../../functions/records/answers/enrolments.ts";
import { parseKey } from "../../functions/records/credentials.ts";
import { asks, done, historyOf, pathOf, refusal } from "./changing.ts";
import { watcher } from "./watchers.ts";
import { openWorld, type World } from "./world.ts";

const DAY_MS = hours(24);

const invited = (world: World, json: object = { project: "six" }): Promise<InvitedAnswer> =>
  done(world, "POST", "/v1/invitations", { key: world.operator, json });

const redeem = (world: World, key: string, project = "six", more: object = {}): Promise<Response> =>
  asks(world, "POST", "/v1/enrolments", { key, json: { project, ...more } });

const codeOf = async (answer: Response): Promise<string> => ((await answer.json()) as { code: string }).code;

suite("an invitation", () => {
  test("is written down before it works, is shown once, and its secret is nowhere", async () => {
    const world = await openWorld();
    const answer = await invited(world, { project: "My_Project" });
    const parts = parseKey(answer.invitation);
    const expiresAt = after(world.kept.now, 7 * DAY_MS);
    assert.deepEqual(answer, {
      project: "my-project",
      invitation: answer.invitation,
      credential: parts?.id,
      expiresAt,
    });
    assert.equal(parts?.kind, "invitation");
    const [entry, ...rest] = await world.ports.ledger.read(invitationsSubject("my-project"));
    const by = parseKey(world.operator)?.id;
    assert.deepEqual(entry?.body, {
      kind: "invited",
      credential: parts?.id,
      project: "my-project",
      expiresAt,
      by,
    });
    assert.equal(rest.length, 0);
    assert.ok(!world.stored().includes(parts?.secret ?? "?"));
    assert.equal(world.kept.unflushed, 0);
  });

  test("lets one watcher in, as somebody who was invited, with keys that the operator does not have", async () => {
    const world = await openWorld();
    const { invitation, credential } = await invited(world);
    const answer = await redeem(world, invitation);
    assert.equal(answer.status, 201);
    const enrolled = (await answer.json()) as EnrolledAnswer;
    assert.equal(enrolled.selfClaimed, false);
    const [entry] = await historyOf(world, enrolled);
    assert.equal(entry?.body.kind === "enrolled" && entry.body.by, credential);
    const key = enrolled.keys.maintainer;
    assert.equal((await asks(world, "GET", pathOf(enrolled), { key })).status, 200);
  });

  test("is used up by that, and unknown afterwards", async () => {
    const world = await openWorld();
    const { invitation } = await invited(world);
    assert.equal((await redeem(world, invitation)).status, 201);
    const before = world.stored();
    const again = await redeem(world, invitation);
    assert.match(
      await again.clone().text(),
      /was used: it enrols once\. If you did not use it, tell the operator/,
    );
    assert.equal(await codeOf(again), "unknown-key");
    assert.equal(world.stored(), before);
  });

  test("is not used up by an enrolment that is refused", async () => {
    const world = await openWorld();
    const { invitation } = await invited(world);
    const refused = await redeem(world, invitation, "six", { policy: { graceMinutes: -1 } });
    assert.equal(await codeOf(refused), "bad-policy");
    assert.equal((await redeem(world, invitation)).status, 201);
  });

  test("is good for its own project only, however that is spelled", async () => {
    const world = await openWorld();
    const { invitation } = await invited(world, { project: "my.project" });
    assert.equal(await codeOf(await redeem(world, invitation, "six")), "wrong-project-key");
    assert.equal((await redeem(world, invitation, "My_Project")).status, 201);
  });

  test("is good until the instant it was answered with", async () => {
    for (const [days, status] of [
      [1, 201],
      [1, 401],
      [30, 201],
    ] as const) {
      const world = await openWorld();
      const { invitation, expiresAt } = await invited(world, { project: "six", days });
      assert.equal(expiresAt, after(world.kept.now, days * DAY_MS));
      world.kept.now = after(expiresAt, status === 201 ? -1 : 0);
      assert.equal((await redeem(world, invitation)).status, status);
    }
  });

  for (const count of [2, 5])
    test(`redeemed ${count} times at once lets exactly one in`, async () => {
      const world = await openWorld();
      const { invitation } = await invited(world);
      const answers = await Promise.all(Array.from({ length: count }, () => redeem(world, invitation)));
      const statuses = answers.map(({ status }) => status).sort();
      assert.deepEqual(statuses, [201, ...Array.from({ length: count - 1 }, () => 401)]);
      assert.equal(world.kept.enrolments.length, 1);
    });

  test("does not enrol as nobody where registration is open, once it is used up", async () => {
    const world = await openWorld(undefined, "open");
    const { invitation } = await invited(world);
    assert.equal((await redeem(world, invitation)).status, 201);
    assert.equal(await codeOf(await redeem(world, invitation)), "unknown-key");
    assert.equal(world.kept.enrolments.length, 1);
  });

  test("opens nothing else", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const { invitation: key } = await invited(world);
    for (const [method, path] of [
      ["POST", "/v1/invitations"],
      ["GET", pathOf(own)],
      ["POST", `${pathOf(own)}/vouch`],
      ["POST", "/v1/projects/six/records"],
    ] as const)
      assert.equal(
        await refusal(world, method, path, { key, ...(method === "POST" && { json: { project: "six" } }) }),
        "wrong-key-kind",
      );
  });
});

suite("invitations", () => {
  for (const [what, json, code] of [
    ["for 0 days", { project: "six", days: 0 }, "bad-request"],
    ["for 31 days", { project: "six", days: 31 }, "bad-request"],
    ["for half a day", { project: "six", days: 0.5 }, "bad-request"],
    ["for a name that is none", { project: "../six" }, "bad-project-name"],
    ["with a key of one's choice", { project: "six", invitation: "x" }, "unknown-field"],
  ] as const)
    test(`${what} are refused, and nothing stored`, async () => {
      const world = await openWorld();
      const before = world.stored();
      assert.equal(await refusal(world, "POST", "/v1/invitations", { key: world.operator, json }), code);
      assert.equal(world.stored(), before);
    });

  test("are the operator's to make, and nobody else's", async () => {
    const world = await openWorld();
    const own = await watcher(world);
    const json = { project: "six" };
    for (const key of [own.maintainer, own.ci])
      assert.equal(await refusal(world, "POST", "/v1/invitations", { key, json }), "wrong-key-kind");
    assert.equal(await refusal(world, "POST", "/v1/invitations", { json }), "missing-key");
  });

  test("made at once are all written down, in one chain", async () => {
    const world = await openWorld();
    await Promise.all([invited(world), invited(world), invited(world)]);
    const entries = await world.ports.ledger.read(invitationsSubject("six"));
    assert.deepEqual([entries.length, brokenAt(entries)], [3, null]);
  });
});
