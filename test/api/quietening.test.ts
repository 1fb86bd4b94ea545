/** Nobody with a stolen maintainer key makes the monitor quieter before the delay is over; each test is named after the attack. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import type { Enrolment } from "../../functions/domain/enrolments.ts";
import { after, hours } from "../../functions/domain/instants.ts";
import { DEFAULT_POLICY, MOST_DEADLINE_MINUTES, MOST_GRACE_MINUTES } from "../../functions/domain/policy.ts";
import type { AmendedAnswer } from "../../functions/records/answers/enrolments.ts";
import { asks, done, pass, pathOf, standing } from "./changing.ts";
import { watcher } from "./watchers.ts";
import { type Keys, openWorld, QUIETENING_MS, type World } from "./world.ts";

interface Scene {
  readonly world: World;
  readonly own: Keys;
  readonly at: string;
  /** Asks with the stolen key. */
  readonly patch: (json: unknown) => Promise<Response>;
  readonly grace: () => number;
}

async function scene(): Promise<Scene> {
  const world = await openWorld();
  const own = await watcher(world);
  const at = pathOf(own);
  const patch = (json: unknown) => asks(world, "PATCH", `${at}/policy`, { key: own.maintainer, json });
  return { world, own, at, patch, grace: () => standing(world, own).policy.graceMinutes };
}

suite("nobody makes the policy quieter within the delay", () => {
  test("by many small steps", async () => {
    const of = await scene();
    for (let minute = 16; minute < 16 + 46; minute += 1) {
      await of.patch({ graceMinutes: minute });
      pass(of.world, hours(0.5));
      assert.equal(of.grace(), 15);
    }
  });

  test("by taking back and asking again, so that an earlier instant would count", async () => {
    const of = await scene();
    for (let count = 0; count < 5; count += 1) {
      const { changes } = (await (await of.patch({ graceMinutes: 60 })).json()) as AmendedAnswer;
      pass(of.world, QUIETENING_MS - 1);
      await done(of.world, "DELETE", `${of.at}/changes/${changes[0]?.id}`, { key: of.own.maintainer });
    }
    pass(of.world, 1);
    await of.patch({ graceMinutes: 60 });
    assert.equal(of.grace(), 15);
  });

  test("by letting a louder change take a quieter one along", async () => {
    const of = await scene();
    await of.patch({ strict: true });
    for (const json of [
      { frozen: true, strict: false },
      { silencedBy: "maintainer", strict: false, graceMinutes: 0 },
      { deadlines: { unseenMinutes: 1, missingMinutes: 43_200 } },
    ])
      await of.patch(json);
    const { strict, frozen, silencedBy, graceMinutes, deadlines } = standing(of.world, of.own).policy;
    assert.deepEqual([strict, frozen, silencedBy, graceMinutes], [true, true, "maintainer", 0]);
    assert.deepEqual(deadlines, { ...DEFAULT_POLICY.deadlines, unseenMinutes: 1 });
  });

  test("by making it louder first and then what it was before", async () => {
    const of = await scene();
    await of.patch({ graceMinutes: 0 });
    await of.patch({ graceMinutes: 15 });
    pass(of.world, QUIETENING_MS - 1);
    assert.equal(of.grace(), 0);
  });

  test("by asking twice at the same instant", async () => {
    const of = await scene();
    const answers = await Promise.all([60, 60, 90, 120].map((graceMinutes) => of.patch({ graceMinutes })));
    for (const { status } of answers) assert.equal(status, 200);
    const { amendments } = standing(of.world, of.own);
    assert.equal(amendments.length, 1);
    assert.equal(amendments[0]?.inForceAt, after(of.world.kept.now, QUIETENING_MS));
    assert.equal(of.grace(), 15);
  });

  test("by racing another change that takes it back", async () => {
    const of = await scene();
    await of.patch({ graceMinutes: 60 });
    const pending = standing(of.world, of.own).amendments[0]?.id;
    pass(of.world, QUIETENING_MS - 1);
    await Promise.all([
      asks(of.world, "DELETE", `${of.at}/changes/${pending}`, { key: of.own.maintainer }),
      of.patch({ graceMinutes: 61 }),
      of.patch({ graceMinutes: 60 }),
    ]);
    pass(of.world, QUIETENING_MS - 1);
    assert.equal(of.grace(), 15);
  });

  test("by the edge of the clock: a step asked for just before another comes into force waits in full", async () => {
    const of = await scene();
    await of.patch({ graceMinutes: 60 });
    pass(of.world, QUIETENING_MS - 1);
    await of.patch({ deadlines: { unseenMinutes: 600 } });
    pass(of.world, 1);
    await of.patch({ graceMinutes: 10_080 });
    const [{ unseenMinutes }, grace] = [standing(of.world, of.own).policy.deadlines, of.grace()];
    assert.deepEqual([unseenMinutes, grace], [60, 60]);
    pass(of.world, QUIETENING_MS - 1);
    assert.equal(of.grace(), 60);
  });
});

const minutes = (most: number) => fc.integer({ min: 0, max: most });
const PUBLISHERS = fc.record({
  provider: fc.constant("github"),
  repository: fc.constantFrom("psf/requests", "psf/other"),
  workflow: fc.constantFrom("release.yml", "test.yml", null),
});
const CHANGES = fc.record(
  {
    graceMinutes: minutes(MOST_GRACE_MINUTES),
    strict: fc.boolean(),
    frozen: fc.boolean(),
    silencedBy: fc.constantFrom("ci", "maintainer"),
    requireSignature: fc.boolean(),
    provenance: fc.option(fc.record({ publisher: PUBLISHERS, counts: fc.boolean() })),
    rehashDays: fc.option(fc.integer({ min: 1, max: 365 })),
    deadlines: fc.record(
      {
        unverifiableMinutes: minutes(MOST_DEADLINE_MINUTES),
        unseenMinutes: minutes(MOST_DEADLINE_MINUTES),
        missingMinutes: minutes(MOST_DEADLINE_MINUTES),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

/** How loud each choice is, by this test's own words. */
const loudness = ({ policy }: Enrolment): number[] => [
  -policy.graceMinutes,
  Number(policy.strict),
  Number(policy.frozen),
  policy.silencedBy === "maintainer" ? 1 : 0,
  Number(policy.requireSignature),
  policy.provenance?.counts === true ? 0 : 1,
  -(policy.rehashDays ?? 366),
  ...Object.values(policy.deadlines).map((count) => -count),
];

test("nothing that is asked for makes any choice quieter within the delay", async () => {
  let waited = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(CHANGES, { minLength: 1, maxLength: 6 }), async (changes) => {
      const of = await scene();
      let least = loudness(standing(of.world, of.own));
      for (const change of changes) {
        assert.equal((await of.patch(change)).status, 200);
        pass(of.world, QUIETENING_MS / 7);
        const now = standing(of.world, of.own);
        waited += now.amendments.length;
        const loud = loudness(now);
        for (const [index, value] of loud.entries()) assert.ok(value >= (least[index] ?? 0), `${index}`);
        least = loud;
      }
    }),
    { numRuns: 40 },
  );
  assert.ok(waited > 40, "hardly anything was asked for that waits");
});
