import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Enrolment } from "../../functions/domain/enrolments.ts";
import { after, hours } from "../../functions/domain/instants.ts";
import { DEFAULT_POLICY, type PolicyChange } from "../../functions/domain/policy.ts";
import type { AmendedAnswer } from "../../functions/records/answers/enrolments.ts";
import {
  asks,
  contact,
  done,
  historyOf,
  pass,
  passDelay,
  pathOf,
  refusal,
  standing,
  toldOf,
} from "./changing.ts";
import { FaultyWrites } from "./faulty.ts";
import { watcher } from "./watchers.ts";
import { type Keys, openWorld, QUIETENING_MS, type World } from "./world.ts";

interface Scene {
  readonly world: World;
  readonly own: Keys;
  readonly change: (policy: PolicyChange) => Promise<AmendedAnswer>;
}

async function scene(chosen: Partial<Enrolment> = {}): Promise<Scene> {
  const world = await openWorld();
  const own = await watcher(world, { contacts: [contact("pager", world)], ...chosen });
  const key = own.maintainer;
  const change = (json: PolicyChange) => done(world, "PATCH", `${pathOf(own)}/policy`, { key, json });
  return { world, own, change };
}

const DEADLINES = DEFAULT_POLICY.deadlines;

const RELEASES = { provider: "github", repository: "psf/requests", workflow: "release.yml" } as const;
const expecting = (counts: boolean, spoiled: object = {}) => ({
  publisher: { ...RELEASES, ...spoiled },
  counts,
});

/** One row per choice: a quiet word of it and a loud one. */
const CHOICES: readonly (readonly [name: string, quiet: PolicyChange, loud: PolicyChange])[] = [
  ["graceMinutes", { graceMinutes: 16 }, { graceMinutes: 15 }],
  ["strict", { strict: false }, { strict: true }],
  ["frozen", { frozen: false }, { frozen: true }],
  ["silencedBy", { silencedBy: "ci" }, { silencedBy: "maintainer" }],
  ["requireSignature", { requireSignature: false }, { requireSignature: true }],
  ["provenance", { provenance: expecting(true) }, { provenance: expecting(false) }],
  ["builders", { builders: [{ files: "*.whl", publisher: RELEASES }] }, { builders: [] }],
  ["rehashDays", { rehashDays: null }, { rehashDays: 1 }],
  ...(["unverifiableMinutes", "unseenMinutes", "missingMinutes"] as const).map(
    (name) => [name, { deadlines: { [name]: 61 } }, { deadlines: { [name]: 60 } }] as const,
  ),
];

/** A policy in which one choice is as it is said. */
const withChoice = ({ deadlines, ...change }: PolicyChange) => ({
  ...DEFAULT_POLICY,
  ...change,
  deadlines: { ...DEADLINES, ...deadlines },
});

suite("a choice of the policy", () => {
  test("has its row in the table", () => {
    const names = [
      ...Object.keys(DEFAULT_POLICY).filter((name) => name !== "deadlines"),
      ...Object.keys(DEADLINES),
    ];
    assert.deepEqual(CHOICES.map(([name]) => name).sort(), names.sort());
  });

  for (const [name, quiet, loud] of CHOICES) {
    test(`${name}: louder acts at once, and everything is judged again`, async () => {
      const { world, own, change } = await scene({ policy: withChoice(quiet) });
      const { enrolment, changes } = await change(loud);
      assert.deepEqual(enrolment.policy, withChoice(loud));
      assert.deepEqual(standing(world, own).policy, withChoice(loud));
      assert.deepEqual(
        changes.map(({ inForceAt }) => inForceAt),
        [world.kept.now],
      );
      assert.deepEqual(enrolment.pending, []);
      assert.deepEqual(
        world.kept.changes.map(({ project, reason, lane }) => `${project} ${reason} ${lane}`),
        ["six policy now"],
      );
      assert.deepEqual(
        world.kept.deadlines.map(({ kind }) => kind),
        name === "rehashDays" ? ["pace"] : [],
      );
      assert.equal(world.kept.alerts.length, 1);
      assert.equal(world.kept.unflushed, 0);
    });

    test(`${name}: quieter waits, to the millisecond`, async () => {
      const { world, own, change } = await scene({ policy: withChoice(loud) });
      const asked = world.kept.now;
      const due = after(asked, QUIETENING_MS);
      const { enrolment, changes } = await change(quiet);
      assert.deepEqual(enrolment.policy, withChoice(loud));
      assert.deepEqual(enrolment.pending, changes);
      assert.deepEqual(
        changes.map(({ askedAt, inForceAt }) => [askedAt, inForceAt]),
        [[asked, due]],
      );
      assert.deepEqual(world.kept.deadlines, [
        { kind: "terms", project: "six", file: changes[0]?.id, due, sizeBytes: 0 },
      ]);
      world.kept.now = after(due, -1);
      assert.deepEqual(standing(world, own).policy, withChoice(loud));
      world.kept.now = due;
      assert.deepEqual(standing(world, own).policy, withChoice(quiet));
    });
  }
});

suite("a change of several choices", () => {
  const MIXED = { strict: true, graceMinutes: 60, deadlines: { unseenMinutes: 5, missingMinutes: 10_000 } };

  test("is parted: what is louder at once, the rest later", async () => {
    const { world, own, change } = await scene();
    const { changes } = await change(MIXED);
    assert.equal(changes.length, 2);
    const now = withChoice({ strict: true, deadlines: { unseenMinutes: 5 } });
    assert.deepEqual(standing(world, own).policy, now);
    passDelay(world);
    assert.deepEqual(standing(world, own).policy, withChoice(MIXED));
  });

  test("asked for again while it waits asks for nothing, and does not begin to wait anew", async () => {
    const { world, own, change } = await scene();
    const first = await change(MIXED);
    pass(world, QUIETENING_MS - 1);
    const again = await change(MIXED);
    assert.deepEqual(again.changes, []);
    assert.deepEqual(again.enrolment.pending, [first.changes[1]]);
    assert.equal((await historyOf(world, own)).length, 3);
    pass(world, 1);
    assert.deepEqual(standing(world, own).policy, withChoice(MIXED));
    assert.deepEqual((await change(MIXED)).changes, []);
  });

  test("asks for nothing where everything is so already", async () => {
    const { world, own, change } = await scene();
    assert.deepEqual((await change(DEFAULT_POLICY)).changes, []);
    assert.deepEqual((await change({})).changes, []);
    assert.deepEqual([world.kept.alerts.length, (await historyOf(world, own)).length], [0, 1]);
  });
});

suite("a choice that waits", () => {
  test("is taken back by another word on it, which says so, and waits itself", async () => {
    const { world, own, change } = await scene();
    await change({ graceMinutes: 60 });
    pass(world, hours(20));
    const { changes, enrolment } = await change({ graceMinutes: 30 });
    assert.deepEqual(enrolment.pending, changes);
    assert.deepEqual(
      world.kept.deadlines.map(({ file, due }) => [file, due]),
      [[changes[0]?.id, after(world.kept.now, QUIETENING_MS)]],
    );
    pass(world, hours(4));
    assert.equal(standing(world, own).policy.graceMinutes, 15);
    pass(world, hours(20));
    assert.equal(standing(world, own).policy.graceMinutes, 30);
    assert.deepEqual(
      toldOf(world).map((text) => text.replaceAll(/[0-9a-f]{16}/g, "…")),
      [
        "open to pager: Policy: graceMinutes from 15 to 60. Asked for with …; change ….",
        "open to pager: Policy: graceMinutes from 15 to 30. Asked for with …; change ….",
        "resolved to pager: Policy: graceMinutes from 15 to 60. Taken back with …; change ….",
      ],
    );
  });

  test("is taken back by saying again what is in force", async () => {
    const { world, own, change } = await scene();
    await change({ graceMinutes: 60 });
    const { enrolment } = await change({ graceMinutes: 15 });
    assert.deepEqual([enrolment.pending, world.kept.deadlines], [[], []]);
    passDelay(world);
    assert.equal(standing(world, own).policy.graceMinutes, 15);
  });

  test("together with one that is said anew, and said again itself, is not lost", async () => {
    const { world, own, change } = await scene({ policy: withChoice({ strict: true }) });
    await change({ graceMinutes: 60, strict: false });
    pass(world, hours(20));
    await change({ graceMinutes: 10, strict: false });
    assert.deepEqual(standing(world, own).policy, withChoice({ graceMinutes: 10, strict: true }));
    passDelay(world);
    assert.deepEqual(standing(world, own).policy, withChoice({ graceMinutes: 10, strict: false }));
  });

  test("leaves one alone that waits for something else", async () => {
    const { world, own, change } = await scene();
    await change({ graceMinutes: 60 });
    await change({ deadlines: { unseenMinutes: 90 } });
    passDelay(world);
    assert.deepEqual(
      standing(world, own).policy,
      withChoice({ graceMinutes: 60, deadlines: { unseenMinutes: 90 } }),
    );
  });

  test("that others were told of is judged again neither earlier nor more than once", async () => {
    const { world, change } = await scene();
    const { changes } = await change({ graceMinutes: 60 });
    assert.deepEqual(
      world.kept.deadlines.map(({ due }) => due),
      [changes[0]?.inForceAt],
    );
  });
});

suite("whoever hears of a change", () => {
  test("is told before the stored enrolment changes, after it is in the history", async () => {
    const writes = new FaultyWrites();
    const world = await openWorld(writes.through);
    const own = await watcher(world);
    writes.arm(null);
    const asked = { key: own.maintainer, json: { strict: true, graceMinutes: 60 } };
    await done(world, "PATCH", `${pathOf(own)}/policy`, asked);
    const [due, stored, again] = ["deadlines.put", "enrolments.put", "changes.send"];
    const first = ["ledger.append", "ledger.append", "alerts.send"];
    assert.deepEqual(writes.names, [...first, due, stored, again, "durability.flush"]);
  });

  test("is who was told before, also of what was said while a contact's end waits, and not those who ended", async () => {
    const { world, own, change } = await scene();
    const contacts = [
      contact("pager", world),
      contact("second", world),
      { ...contact("gone", world), endsAt: world.kept.now },
    ];
    const stored = standing(world, own);
    await world.ports.enrolments.put({ ...stored, contacts, number: stored.number + 1 });
    world.kept.ledger.delete(`enrolment/${own.id}`);
    await change({ frozen: true });
    assert.deepEqual(world.kept.alerts[0]?.to, ["pager", "second"]);
  });

  test("is told in words what changes, by which key, from when on, and what to name to take it back", async () => {
    const { world, own, change } = await scene();
    const { changes } = await change({ graceMinutes: 60 });
    const [alert] = world.kept.alerts;
    const by = own.maintainer.split("_")[2];
    assert.deepEqual(
      [alert?.verdict, alert?.severity, alert?.topic, alert?.state, alert?.grounds.deadline],
      ["enrolment-changed", "warning", "findings", "open", after(world.kept.now, QUIETENING_MS)],
    );
    assert.deepEqual([alert?.grounds.by, alert?.grounds.change], [by, changes[0]?.id]);
    assert.match(alert?.grounds.note ?? "", /graceMinutes from 15 to 60/);
  });
});

suite("taking back", () => {
  const cancel = ({ world, own }: Scene, id: string, key = own.maintainer) =>
    asks(world, "DELETE", `${pathOf(own)}/changes/${id}`, { key });

  test("is done at once, told, and once", async () => {
    const of = await scene();
    const { changes } = await of.change({ graceMinutes: 60 });
    const id = changes[0]?.id ?? "";
    const answer = (await (await cancel(of, id)).json()) as AmendedAnswer;
    assert.deepEqual([answer.enrolment.pending, of.world.kept.deadlines], [[], []]);
    assert.deepEqual(
      of.world.kept.alerts.map(({ state, grounds }) => [state, grounds.change]),
      [
        ["open", id],
        ["resolved", id],
      ],
    );
    passDelay(of.world);
    assert.equal(standing(of.world, of.own).policy.graceMinutes, 15);
    const path = `${pathOf(of.own)}/changes/${id}`;
    assert.equal(await refusal(of.world, "DELETE", path, { key: of.own.maintainer }), "no-such-change");
  });

  test("is the operator's too", async () => {
    const of = await scene();
    const { changes } = await of.change({ graceMinutes: 60 });
    assert.equal((await cancel(of, changes[0]?.id ?? "", of.world.operator)).status, 200);
    assert.deepEqual(standing(of.world, of.own).amendments, []);
  });

  test("is possible until the last millisecond, and not afterwards", async () => {
    for (const [timeMs, status] of [
      [QUIETENING_MS - 1, 200],
      [QUIETENING_MS, 404],
    ] as const) {
      const of = await scene();
      const { changes } = await of.change({ graceMinutes: 60 });
      pass(of.world, timeMs);
      assert.equal((await cancel(of, changes[0]?.id ?? "")).status, status);
      passDelay(of.world);
      assert.equal(standing(of.world, of.own).policy.graceMinutes, status === 200 ? 15 : 60);
    }
  });
});
