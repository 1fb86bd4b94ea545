import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { after, minutes } from "../../functions/domain/instants.ts";
import { DEFAULT_POLICY } from "../../functions/domain/policy.ts";
import type { EnrolledAnswer } from "../../functions/records/answers/enrolments.ts";
import { parseKey } from "../../functions/records/credentials.ts";
import { assertRefused, enrolled, jsonOf, openWorld, post } from "./world.ts";

const PATH = "/v1/enrolments";

suite("enrolling", () => {
  test("answers the normalised project, the whole policy and two keys", async () => {
    const world = await openWorld();
    const body = JSON.stringify({
      project: "My_Project",
      policy: { strict: true, deadlines: { unseenMinutes: 5 } },
    });
    const answer = await post(world, PATH, { key: world.operator, body });
    assert.equal(answer.status, 201);
    const { keys, credentials, ...rest } = await jsonOf<EnrolledAnswer>(answer);
    assert.deepEqual(rest, {
      id: world.kept.enrolments[0]?.id,
      project: "my-project",
      policy: {
        ...DEFAULT_POLICY,
        strict: true,
        deadlines: { ...DEFAULT_POLICY.deadlines, unseenMinutes: 5 },
      },
      enrolledAt: world.kept.now,
      selfClaimed: false,
      vouchedAt: null,
      endedAt: null,
      watchedSince: null,
      watcher: "",
      contacts: [],
      signers: [],
      publishers: [],
      pending: [],
    });
    const held = { name: "first", addedAt: world.kept.now, endsAt: null, lastUsedAt: null };
    assert.deepEqual(credentials, [
      { id: parseKey(keys.maintainer)?.id, kind: "maintainer", ...held },
      { id: parseKey(keys.ci)?.id, kind: "ci", ...held },
    ]);
    assert.deepEqual([parseKey(keys.maintainer)?.kind, parseKey(keys.ci)?.kind], ["maintainer", "ci"]);
  });

  test("is in the ledger, on the road, looked at from now on, and durable before it is answered", async () => {
    const world = await openWorld();
    const { id } = await enrolled(world);
    const [entry] = await world.ports.ledger.read(`enrolment/${id}`);
    assert.equal(entry?.body.kind, "enrolled");
    assert.deepEqual(
      world.kept.changes.map(({ project, reason, lane }) => [project, reason, lane]),
      [["six", "enrolment", "now"]],
    );
    assert.deepEqual(world.kept.deadlines, [
      { kind: "page", project: "six", file: "", due: after(world.kept.now, minutes(10)), sizeBytes: 0 },
    ]);
    assert.equal(world.kept.unflushed, 0);
  });

  test("keeps no secret", async () => {
    const world = await openWorld();
    const { maintainer, ci } = await enrolled(world);
    for (const key of [maintainer, ci, world.operator])
      assert.ok(!world.stored().includes(parseKey(key)?.secret ?? "?"));
  });

  test("a second watcher of the same project gets an enrolment of their own", async () => {
    const world = await openWorld();
    const [one, other] = [await enrolled(world, "six"), await enrolled(world, "SIX")];
    assert.notEqual(one.id, other.id);
    assert.equal((await world.ports.enrolments.ofProject("six")).length, 2);
    assert.equal(world.kept.deadlines.length, 1);
  });
});

suite("an enrolment is refused, and nothing stored", () => {
  const REFUSED: readonly [what: string, body: string, code: string, status: number][] = [
    ["no JSON", "project=six", "bad-json", 400],
    ["an empty body", "", "bad-json", 400],
    ["a list", "[]", "bad-request", 422],
    ["no project", "{}", "bad-request", 422],
    ["a number for a project", '{"project": 6}', "bad-request", 422],
    ["a name PyPI would not take", '{"project": "-six"}', "bad-project-name", 400],
    ["a path for a name", '{"project": "../six"}', "bad-project-name", 400],
    ["a field of no meaning", '{"project": "six", "contact": "x"}', "unknown-field", 422],
    ["a choice of no meaning", '{"project": "six", "policy": {"grace": 5}}', "unknown-field", 422],
    ["negative grace", '{"project": "six", "policy": {"graceMinutes": -1}}', "bad-policy", 422],
    ["more than 7 days of grace", '{"project": "six", "policy": {"graceMinutes": 10081}}', "bad-policy", 422],
    ["endless grace", '{"project": "six", "policy": {"graceMinutes": 1e999}}', "bad-policy", 422],
    ...["0", "1.5", "366", '"1"'].map((days): [string, string, string, number] => [
      `a re-hash within ${days} days`,
      `{"project": "six", "policy": {"rehashDays": ${days}}}`,
      "bad-policy",
      422,
    ]),
    ["a word for a switch", '{"project": "six", "policy": {"strict": "yes"}}', "bad-policy", 422],
    [
      "an authority that is none",
      '{"project": "six", "policy": {"silencedBy": "first-seen"}}',
      "bad-policy",
      422,
    ],
    [
      "a deadline over 30 days",
      '{"project": "six", "policy": {"deadlines": {"unseenMinutes": 43201}}}',
      "bad-policy",
      422,
    ],
  ];
  for (const [what, body, code, status] of REFUSED)
    test(`${what}: ${code}`, async () => {
      const world = await openWorld();
      const before = world.stored();
      await assertRefused(await post(world, PATH, { key: world.operator, body }), { code, status });
      assert.equal(world.stored(), before);
    });

  test("without a key, or with a maintainer's", async () => {
    const world = await openWorld();
    const { maintainer } = await enrolled(world);
    const before = world.stored();
    const body = '{"project": "six"}';
    await assertRefused(await post(world, PATH, { body }), { code: "missing-key", status: 401 });
    await assertRefused(await post(world, PATH, { key: maintainer, body }), {
      code: "wrong-key-kind",
      status: 403,
    });
    assert.equal(world.stored(), before);
  });
});
