import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { inForce, quietens, superseded, withEntry } from "../../functions/domain/amendments.ts";
import { type Amendment, type Ask, type Enrolment, newEnrolment } from "../../functions/domain/enrolments.ts";
import type { Instant } from "../../functions/domain/instants.ts";
import { chained, type LedgerBody, type LedgerEntry } from "../../functions/domain/ledger.ts";
import { aboutAmendment, aboutCancelling } from "../../functions/domain/notices.ts";
import {
  DEFAULT_POLICY,
  type ExpectedPublisher,
  overlaps,
  type Policy,
  type PolicyChange,
  parted,
} from "../../functions/domain/policy.ts";
import { minute } from "./perfect.ts";

const NEW = newEnrolment({ id: "developer", project: "lantern", enrolledAt: minute(0) });

const amendment = (id: string, ask: Ask, from: number, to = from): Amendment => ({
  id,
  ask,
  askedAt: minute(from),
  inForceAt: minute(to),
  by: "key-1",
});

const policy = (change: PolicyChange): Ask => ({ kind: "policy", policy: change });

const CONTACT = {
  id: "c1",
  kind: "webhook",
  address: "https://example.org/",
  confirmedAt: null,
  handle: null,
  addedAt: minute(1),
  endsAt: null,
} as const;

/** The enrolment after these entries, each appended at its instant. */
function after(bodies: readonly (readonly [number, LedgerBody])[], from: Enrolment = NEW): Enrolment {
  let last: LedgerEntry | null = chained("enrolment/developer", null, minute(0), {
    kind: "enrolled",
    enrolment: from,
    by: "operator",
  });
  let enrolment = from;
  for (const [at, body] of bodies) {
    last = chained("enrolment/developer", last, minute(at), body);
    enrolment = withEntry(enrolment, last);
  }
  return enrolment;
}

const amended = (amendment: Amendment, supersedes: readonly string[] = []): LedgerBody => ({
  kind: "amended",
  amendment,
  supersedes,
  notices: [aboutAmendment(NEW, amendment)],
});

const graceAt = (enrolment: Enrolment, at: number): number =>
  inForce(enrolment, minute(at)).policy.graceMinutes;

describe("a change of an enrolment", () => {
  it("acts from its instant on, and not before, with nobody awake", () => {
    const enrolment = after([[1, amended(amendment("a", policy({ graceMinutes: 60 }), 1, 10))]]);
    assert.deepEqual(
      [2, 9, 10, 11].map((at) => graceAt(enrolment, at)),
      [15, 15, 60, 60],
    );
    assert.deepEqual(
      [9, 10].map((at) => inForce(enrolment, minute(at)).amendments.length),
      [1, 0],
    );
  });

  it("taken back never acts", () => {
    const pending = amendment("a", policy({ graceMinutes: 60 }), 1, 10);
    const notices = [aboutCancelling(NEW, pending, "key-2", minute(5))];
    const cancelled: LedgerBody = { kind: "cancelled", amendments: ["a"], by: "key-2", notices };
    const enrolment = after([
      [1, amended(pending)],
      [5, cancelled],
    ]);
    assert.equal(graceAt(enrolment, 99), 15);
  });

  it("taken back is gone, even if its instant came while that was written down", () => {
    const pending = amendment("a", policy({ graceMinutes: 60 }), 1, 10);
    const enrolment = after([
      [1, amended(pending)],
      [11, { kind: "cancelled", amendments: ["a"], by: "key-2", notices: [] }],
    ]);
    assert.equal(graceAt(enrolment, 11), 15);
  });

  it("of one choice leaves the others as they were made meanwhile", () => {
    const enrolment = after([
      [1, amended(amendment("a", policy({ graceMinutes: 60 }), 1, 10))],
      [2, amended(amendment("b", policy({ strict: true }), 2))],
    ]);
    const { graceMinutes, strict } = inForce(enrolment, minute(11)).policy;
    assert.deepEqual([graceMinutes, strict], [60, true]);
  });

  it("supersedes what waits for the same choice, and nothing else", () => {
    const enrolment = after([
      [1, amended(amendment("grace", policy({ graceMinutes: 60 }), 1, 10))],
      [1, amended(amendment("late", policy({ deadlines: { unseenMinutes: 600 } }), 1, 10))],
    ]);
    assert.deepEqual(superseded(enrolment, policy({ graceMinutes: 0 })), ["grace"]);
    assert.deepEqual(superseded(enrolment, policy({ deadlines: { unseenMinutes: 1 } })), ["late"]);
    assert.deepEqual(superseded(enrolment, policy({ deadlines: { missingMinutes: 1 } })), []);
  });

  it("ends a contact, which is told until then and known by name for ever", () => {
    const enrolment = after([
      [1, amended(amendment("a", { kind: "add-contact", contact: CONTACT }, 1))],
      [2, amended(amendment("b", { kind: "end-contact", id: "c1" }, 2, 10))],
    ]);
    const endsAt = (at: number) => inForce(enrolment, minute(at)).contacts.map((each) => each.endsAt);
    assert.deepEqual([endsAt(9), endsAt(10)], [[null], [minute(10)]]);
  });

  it("that replaces a key leaves the old one working for the while that was said", () => {
    const held = (id: string) => ({ id, kind: "ci", name: "", addedAt: minute(0), endsAt: null }) as const;
    const replaces = { id: "old", endsAt: minute(20) };
    const ask: Ask = { kind: "add-credential", credential: held("new"), replaces };
    const enrolment = after([[1, amended(amendment("a", ask, 1, 10))]], {
      ...NEW,
      credentials: [held("old")],
    });
    const ends = (at: number) =>
      inForce(enrolment, minute(at)).credentials.map(({ id, endsAt }) => [id, endsAt]);
    assert.deepEqual(ends(9), [["old", null]]);
    assert.deepEqual(ends(10), [
      ["old", minute(20)],
      ["new", null],
    ]);
  });

  it("brings a revoked signing key back, and keeps the time in which it counted before", () => {
    const signer = {
      fingerprint: "SHA256:a",
      type: "ssh-ed25519",
      blob: "AAAA",
      name: "",
      addedAt: minute(1),
      endsAt: null,
    } as const;
    const enrolment = after([
      [1, amended(amendment("a", { kind: "add-signer", signer }, 1))],
      [2, amended(amendment("b", { kind: "end-signer", fingerprint: "SHA256:a" }, 2))],
      [5, amended(amendment("c", { kind: "add-signer", signer }, 5))],
    ]);
    assert.deepEqual(
      enrolment.signers.map(({ addedAt, endsAt }) => [addedAt, endsAt]),
      [
        [minute(1), minute(2)],
        [minute(5), null],
      ],
    );
  });

  it("told again by the same entry changes nothing", () => {
    const entry = chained("enrolment/developer", null, minute(1), {
      kind: "confirmed",
      contact: "c1",
    });
    const told = { ...entry, number: 2 };
    const once = withEntry({ ...NEW, contacts: [CONTACT] }, told);
    assert.equal(once.contacts[0]?.confirmedAt, minute(1));
    assert.deepEqual(withEntry(once, { ...told, at: minute(9) }), once);
  });

  it("tells the contacts as they were before it, also of their own end", () => {
    const before = { ...NEW, contacts: [CONTACT] };
    const told = aboutAmendment(before, amendment("a", { kind: "end-contact", id: "c1" }, 2));
    assert.deepEqual(told.to, ["c1"]);
  });
});

const ONE = { provider: "github", repository: "lantern/lantern", workflow: "release.yml" } as const;
const OTHER_WORKFLOW = { ...ONE, workflow: "test.yml" } as const;

const INSTANTS = fc.integer({ min: 0, max: 50 });
const CHANGES: fc.Arbitrary<PolicyChange> = fc.record(
  {
    graceMinutes: fc.integer({ min: 0, max: 10_080 }),
    strict: fc.boolean(),
    frozen: fc.boolean(),
    silencedBy: fc.constantFrom("ci", "maintainer"),
    requireSignature: fc.boolean(),
    provenance: fc.option(
      fc.record({ publisher: fc.constantFrom(ONE, OTHER_WORKFLOW), counts: fc.boolean() }),
    ),
    rehashDays: fc.option(fc.integer({ min: 1, max: 365 })),
    builders: fc.subarray([
      { files: "*.whl", publisher: ONE },
      { files: "*", publisher: ONE },
    ]),
    deadlines: fc.record(
      {
        unverifiableMinutes: fc.integer({ min: 0, max: 99 }),
        unseenMinutes: fc.integer({ min: 0, max: 99 }),
        missingMinutes: fc.integer({ min: 0, max: 5_000 }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

describe("a policy's change", () => {
  it("is parted without loss: each choice is either at once or later", () => {
    fc.assert(
      fc.property(CHANGES, (change) => {
        const { louder, quieter } = parted(DEFAULT_POLICY, change);
        assert.equal(overlaps(louder, quieter), false);
        const { deadlines, ...choices } = change;
        const both = { ...louder, ...quieter, deadlines: { ...louder.deadlines, ...quieter.deadlines } };
        assert.deepEqual(both, { ...choices, deadlines: { ...deadlines } });
      }),
    );
  });

  it("is quieter exactly where an unrecorded file would be told later, or less loudly", () => {
    const quieterOf = (change: PolicyChange, from = DEFAULT_POLICY) => parted(from, change).quieter;
    const strict = { ...DEFAULT_POLICY, strict: true, frozen: true, silencedBy: "maintainer" } as const;
    assert.deepEqual(quieterOf({ graceMinutes: 14 }), {});
    assert.deepEqual(quieterOf({ graceMinutes: 15 }), {});
    assert.deepEqual(quieterOf({ graceMinutes: 16, strict: true }), { graceMinutes: 16 });
    assert.deepEqual(quieterOf({ strict: false, frozen: false, silencedBy: "ci" }, strict), {
      strict: false,
      frozen: false,
      silencedBy: "ci",
    });
    assert.deepEqual(quieterOf({ requireSignature: true }), {});
    assert.deepEqual(quieterOf({ requireSignature: false }, { ...strict, requireSignature: true }), {
      requireSignature: false,
    });
    const daily = { ...DEFAULT_POLICY, rehashDays: 1 };
    for (const rehashDays of [2, null]) assert.deepEqual(quieterOf({ rehashDays }, daily), { rehashDays });
    assert.deepEqual(quieterOf({ rehashDays: 1 }, { ...daily, rehashDays: 2 }), {});
    // Beyond the operator's bound it says nothing, and is no less than nothing.
    assert.deepEqual(quieterOf({ rehashDays: 365 }), {});
    assert.deepEqual(quieterOf({ deadlines: { unseenMinutes: 61, missingMinutes: 1 } }), {
      deadlines: { unseenMinutes: 61 },
    });
  });

  it("is quieter where less provenance is expected, or it counts for more", () => {
    const said = (publisher: ExpectedPublisher, counts = false) => ({ publisher, counts });
    const isQuieter = (before: Policy["provenance"], provenance: Policy["provenance"]): boolean =>
      Object.keys(parted({ ...DEFAULT_POLICY, provenance: before }, { provenance }).quieter).length > 0;
    const any = { ...ONE, workflow: null };
    const rows: readonly [Policy["provenance"], Policy["provenance"], boolean][] = [
      [null, said(ONE), false],
      [null, said(ONE, true), true],
      [said(ONE), said(ONE, true), true],
      [said(ONE, true), said(ONE), false],
      [said(ONE), null, true],
      [said(ONE), said(OTHER_WORKFLOW), true],
      [said(ONE), said({ ...ONE, repository: "lantern/other" }), true],
      [said(ONE), said(any), true],
      [said(any), said(ONE), false],
      [said(any), said({ ...ONE, repository: "lantern/other" }), true],
      [said(ONE), said(ONE), false],
    ];
    assert.deepEqual(
      rows.map(([before, now]) => isQuieter(before, now)),
      rows.map(([, , quieter]) => quieter),
    );
  });

  it("is quieter where a service builds more files, and not where it builds fewer", () => {
    const [wheels, sdists] = ["*.whl", "*.tar.gz"].map((files) => ({ files, publisher: ONE }));
    assert.ok(wheels !== undefined && sdists !== undefined);
    const quieter = (before: Policy["builders"], builders: Policy["builders"]) =>
      parted({ ...DEFAULT_POLICY, builders: before }, { builders }).quieter;
    assert.deepEqual(quieter([wheels], [wheels, sdists]), { builders: [wheels, sdists] });
    assert.deepEqual(quieter([wheels, sdists], [sdists]), {});
    assert.deepEqual(quieter([wheels], [{ ...wheels, publisher: OTHER_WORKFLOW }]), {
      builders: [{ ...wheels, publisher: OTHER_WORKFLOW }],
    });
  });

  it("acts the same however the changes of others lie before and behind it in time", () => {
    const asks = fc.array(fc.tuple(CHANGES, INSTANTS, INSTANTS), { maxLength: 6 });
    fc.assert(
      fc.property(asks, INSTANTS, (changes, now) => {
        const pending = changes.map(
          ([change, from, wait], index): Amendment =>
            amendment(`a${index}`, policy(change), from, from + wait),
        );
        const whole = inForce({ ...NEW, amendments: pending }, minute(now));
        const shuffled = inForce({ ...NEW, amendments: pending.toReversed() }, minute(now));
        assert.deepEqual(shuffled.policy, whole.policy);
        // In steps or at once: nothing depends on who looked when.
        let stepped: Enrolment = { ...NEW, amendments: pending };
        for (let at = 0; at <= now; at += 1) stepped = inForce(stepped, minute(at));
        assert.deepEqual(stepped.policy, whole.policy);
      }),
    );
  });
});

describe("what quietens", () => {
  it("is everything that lets more pass, and never what takes a credential away", () => {
    const at: Instant = minute(0);
    const held = { id: "x", kind: "ci", name: "", addedAt: at, endsAt: null } as const;
    const waits: Ask[] = [
      { kind: "add-credential", credential: held, replaces: null },
      { kind: "end-contact", id: "c" },
      { kind: "end-enrolment" },
    ];
    const acts: Ask[] = [
      { kind: "add-contact", contact: CONTACT },
      { kind: "end-credential", id: "x" },
      { kind: "end-signer", fingerprint: "SHA256:x" },
      { kind: "end-publisher", id: "x" },
    ];
    assert.deepEqual(waits.map(quietens), [true, true, true]);
    assert.deepEqual(acts.map(quietens), [false, false, false, false]);
  });
});
