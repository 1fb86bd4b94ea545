import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Case } from "../../functions/domain/case.ts";
import type { Digest } from "../../functions/domain/digests.ts";
import type { ArtifactFact } from "../../functions/domain/facts.ts";
import { alertId, type Finding } from "../../functions/domain/findings.ts";
import { type Judgement, judge } from "../../functions/domain/judge.ts";
import { changedFindings } from "../../functions/domain/lifecycle.ts";
import { absent, attempt, caseOf, day, fetched, GENUINE, minute, OTHER, record, THIRD } from "./perfect.ts";

/** One enrolment's findings over time: looks are judged, a person acknowledges or resolves in between. */
class Told {
  readonly findings = new Map<string, Finding>();
  readonly judgements: Judgement[] = [];

  /** What this look tells. */
  look(of: Case): Finding[] {
    const ruling = judge(of, this.judgements.at(-1) ?? null);
    const changed = changedFindings(of, ruling, [...this.findings.values()], this.judgements);
    this.judgements.push(ruling.judgement);
    for (const each of changed) this.findings.set(each.id, each);
    return changed;
  }

  person(spoiled: Partial<Finding>): void {
    for (const [id, each] of this.findings) this.findings.set(id, { ...each, ...spoiled });
  }

  readonly acknowledge = (): void => this.person({ acknowledged: BY });
  readonly resolve = (): void => this.person({ state: "resolved", resolvedBy: BY });
}

const BY = { at: minute(7), by: "key-1", note: "seen" };
const said = (findings: readonly Finding[]): string[] =>
  findings.map(({ verdict, state, opening }) => `${verdict} ${state} ${opening}`);

/** The index declares and serves these bytes at this minute; `null`: they could not be fetched. */
const served = (digest: Digest | null, at: number, declared = digest ?? GENUINE): ArtifactFact =>
  fetched([attempt(digest, minute(at))], {
    look: { at: minute(at), serial: 101 + at, asked: `ask-${at}` },
    listing: { declared },
  });

/** The case after these looks, one a minute, from the first one on. */
const seenAs = (digests: readonly (Digest | null)[], spoiled: Partial<Case> = {}): Case =>
  caseOf({
    facts: digests.map((digest, at) => served(digest, at)),
    recorded: [],
    now: minute(digests.length),
    habits: { maintainerSince: null, recordsReleases: true },
    ...spoiled,
  });

const mismatching = (digests: readonly (Digest | null)[], spoiled: Partial<Case> = {}): Case =>
  seenAs(digests, { recorded: [record({ digest: THIRD })], ...spoiled });

describe("a finding that a person resolved", () => {
  it("is not told again while the same verdict stands over the same bytes", () => {
    const told = new Told();
    assert.deepEqual(said(told.look(mismatching([OTHER]))), ["mismatch open 1"]);
    told.resolve();
    for (const looks of [2, 3, 4]) assert.deepEqual(told.look(mismatching(Array(looks).fill(OTHER))), []);
  });

  it("is not told again because a look between could not tell", () => {
    const told = new Told();
    told.look(mismatching([GENUINE]));
    told.resolve();
    const unreadable = told.look(mismatching([GENUINE, null]));
    assert.deepEqual(said(unreadable), ["unverifiable open 1"]);
    const back = told.look(mismatching([GENUINE, null, GENUINE]));
    assert.deepEqual(said(back), ["unverifiable resolved 1"]);
  });

  it("is told when the file changes to bytes not seen before", () => {
    const told = new Told();
    told.look(mismatching([OTHER]));
    told.resolve();
    assert.deepEqual(said(told.look(mismatching([OTHER, GENUINE]))), ["substituted open 1"]);
  });

  it("is told again when the file is changed once more, though to bytes seen before", () => {
    const told = new Told();
    told.look(seenAs([GENUINE]));
    assert.deepEqual(said(told.look(seenAs([GENUINE, OTHER])))[0], "substituted open 1");
    // PyPI mended it, and that was the end of it.
    told.look(seenAs([GENUINE, OTHER, GENUINE]));
    told.resolve();
    assert.deepEqual(told.look(seenAs([GENUINE, OTHER, GENUINE, GENUINE])), []);
    const again = told.look(seenAs([GENUINE, OTHER, GENUINE, GENUINE, OTHER]));
    assert.deepEqual(said(again), ["substituted open 2"]);
    assert.deepEqual([again[0]?.resolvedBy, again[0]?.acknowledged], [null, null]);
  });

  it("is told again when it became graver", () => {
    const told = new Told();
    const mild = (at: number) =>
      caseOf({ recorded: [], now: minute(at), habits: { maintainerSince: null, recordsReleases: false } });
    const [first] = told.look(mild(20));
    assert.deepEqual([first?.verdict, first?.severity], ["unrecorded", "warning"]);
    told.resolve();
    assert.deepEqual(told.look(mild(21)), []);
    const [grave] = told.look({ ...mild(22), habits: { maintainerSince: null, recordsReleases: true } });
    assert.deepEqual([grave?.id, grave?.severity, grave?.opening], [first?.id, "critical", 2]);
    assert.equal(grave?.resolvedBy, null);
  });

  it("is told again when its verdict comes anew", () => {
    const told = new Told();
    told.look(mismatching([GENUINE]));
    told.resolve();
    assert.deepEqual(told.look(seenAs([GENUINE, GENUINE], { recorded: [record()] })), []);
    assert.deepEqual(said(told.look(mismatching([GENUINE, GENUINE, GENUINE]))), ["mismatch open 2"]);
  });

  it("about its standing is not told again while it lasts", () => {
    const told = new Told();
    const missing = (at: number) => caseOf({ facts: [absent({})], entries: [], now: day(at) });
    assert.deepEqual(said(told.look(missing(2))), ["missing open 1"]);
    told.resolve();
    assert.deepEqual(told.look(missing(3)), []);
  });
});

describe("an acknowledgement", () => {
  it("stays while nothing new is told, and covers no graver state", () => {
    const told = new Told();
    const unrecorded = (at: number, recordsReleases: boolean) =>
      caseOf({ recorded: [], now: minute(at), habits: { maintainerSince: null, recordsReleases } });
    told.look(unrecorded(20, false));
    told.acknowledge();
    assert.deepEqual(told.look(unrecorded(21, false)), []);
    const [graver] = told.look(unrecorded(22, true));
    assert.equal(graver?.acknowledged, null);
  });

  it("stays with the finding when that resolves by itself", () => {
    const told = new Told();
    told.look(caseOf({ recorded: [] }));
    told.acknowledge();
    const [over] = told.look(caseOf());
    assert.deepEqual([over?.state, over?.acknowledged, over?.resolvedBy], ["resolved", BY, null]);
  });
});

describe("whatever a person acknowledges and resolves", () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<Digest | null>(GENUINE, OTHER, THIRD, null) },
    { weight: 1, arbitrary: fc.constantFrom("acknowledge" as const, "resolve" as const) },
  );

  /** Plays it through; answers how often the bytes changed. */
  function played(steps: readonly (Digest | null | "acknowledge" | "resolve")[]): number {
    const told = new Told();
    const looks: (Digest | null)[] = [];
    const alerts: string[] = [];
    let changes = 0;
    for (const each of steps) {
      if (each === "acknowledge" || each === "resolve") {
        told[each]();
        continue;
      }
      const before = looks.findLast((digest) => digest !== null);
      looks.push(each);
      alerts.push(...told.look(seenAs(looks)).map(alertId));
      if (each === null || before === undefined || each === before) continue;
      changes += 1;
      const open = [...told.findings.values()].filter(({ state }) => state === "open");
      assert.ok(
        open.some(({ verdict }) => verdict === "substituted"),
        `a change to ${each} in look ${looks.length} is open nowhere`,
      );
    }
    assert.equal(new Set(alerts).size, alerts.length, "two alerts have one id");
    return changes;
  }

  it("every change of the bytes to others is told, and no two alerts have one id", () => {
    let changes = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 14 }), (steps) => {
        changes += played(steps);
      }),
      { numRuns: 300 },
    );
    assert.ok(changes > 100, `saw only ${changes} changes`);
  });
});
