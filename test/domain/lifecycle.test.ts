import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Case } from "../../functions/domain/case.ts";
import { alertId, type Finding, findingId } from "../../functions/domain/findings.ts";
import { judge } from "../../functions/domain/judge.ts";
import { changedFindings } from "../../functions/domain/lifecycle.ts";
import {
  absent,
  attempt,
  caseOf,
  day,
  entry,
  FILE,
  fetched,
  GENUINE,
  listed,
  minute,
  OTHER,
  record,
  type Spoiled,
  seen,
  wrong,
} from "./perfect.ts";

/** Judges these cases one after the other, and answers the latest state of each finding, oldest first. */
function after(...cases: readonly Case[]): Finding[] {
  const known = new Map<string, Finding>();
  for (const of of cases) {
    for (const finding of changedFindings(of, judge(of, null), [...known.values()]))
      known.set(finding.id, finding);
  }
  return [...known.values()];
}

const states = (findings: readonly Finding[]): string[] =>
  findings.map(({ verdict, state, opening }) => `${verdict} ${state} ${opening}`);

const later = (spoiled: Spoiled = {}): Case => caseOf({ now: minute(20), ...spoiled });
const unreadable = (at: number) =>
  fetched([attempt(null, minute(at))], { look: { at: minute(at), asked: `ask-${at}` } });
const right = (at: number) =>
  fetched([attempt(GENUINE, minute(at))], { look: { at: minute(at), serial: 120, asked: `ask-${at}` } });

describe("a finding that resolves by itself when what it waited for arrives", () => {
  const shownAt = (at: number) => listed({ look: { at: minute(at), serial: 130 } });
  const waiting: Readonly<Record<string, readonly [Case, Case]>> = {
    "awaiting-record": [caseOf({ recorded: [] }), caseOf()],
    unrecorded: [later({ recorded: [] }), later()],
    missing: [
      caseOf({ facts: [absent({})], entries: [], now: day(2) }),
      caseOf({ facts: [absent({}), shownAt(60 * 49)], now: day(3) }),
    ],
    unseen: [
      caseOf({ facts: [absent({ serial: 100 })], recorded: [], now: minute(61) }),
      caseOf({ facts: [absent({ serial: 100 }), shownAt(62)], recorded: [], now: minute(62) }),
    ],
    unverifiable: [
      caseOf({ facts: [unreadable(0)], now: day(1) }),
      caseOf({ facts: [unreadable(0), right(1441)], now: day(2) }),
    ],
    "flaky-edge": [
      caseOf({ facts: [fetched(wrong(OTHER, 2, 1))], now: day(1) }),
      caseOf({ facts: [fetched(wrong(OTHER, 2, 1)), right(1441)], now: day(2) }),
    ],
  };
  for (const [verdict, [before, now]] of Object.entries(waiting)) {
    it(`is ${verdict}`, () => {
      assert.deepEqual(states(after(before)), [`${verdict} open 1`]);
      const found = after(before, now).find((each) => each.verdict === verdict);
      assert.equal(found?.state, "resolved");
      assert.equal(found?.openedAt, before.now);
      assert.equal(found?.changedAt, now.now);
    });
  }

  it("is told as resolved with what ended it", () => {
    const [finding] = after(caseOf({ recorded: [] }), later());
    assert.deepEqual(
      finding?.grounds.recorded.map(({ digest }) => digest),
      [GENUINE],
    );
  });

  it("is awaiting-record also when grace ended: unrecorded succeeds it", () => {
    assert.deepEqual(states(after(caseOf({ recorded: [] }), later({ recorded: [] }))), [
      "awaiting-record resolved 1",
      "unrecorded open 1",
    ]);
  });

  it("does not resolve because a look failed meanwhile", () => {
    const facts = [seen(), unreadable(10)];
    const found = after(caseOf({ recorded: [] }), caseOf({ recorded: [], facts, now: minute(11) }));
    assert.deepEqual(states(found), ["awaiting-record open 1", "unverifiable open 1"]);
  });

  it("unrecorded does not resolve by a record of other bytes: that is a mismatch besides", () => {
    const found = after(later({ recorded: [] }), later({ recorded: [record({ digest: OTHER })] }));
    assert.deepEqual(states(found), ["unrecorded open 1", "mismatch open 1"]);
  });
});

describe("a finding that never resolves by itself", () => {
  const changed = fetched([attempt(OTHER, minute(10))], {
    look: { at: minute(10), serial: 110, asked: "change-2" },
    listing: { declared: OTHER },
  });
  const removed = entry("remove release", 140, { seenAt: minute(5) });
  const gone = [10, 13].map((at) => absent({ at: minute(at), serial: 150, asked: `look-${at}` }));
  const never: Readonly<Record<string, Case>> = {
    mismatch: caseOf({ recorded: [record({ digest: OTHER })] }),
    replaced: caseOf({ facts: [fetched(wrong(OTHER, 3, 2))] }),
    misdeclared: caseOf({ facts: [fetched(wrong(GENUINE, 3, 2), { listing: { declared: OTHER } })] }),
    substituted: caseOf({ facts: [seen(), changed], recorded: [] }),
    removed: caseOf({ facts: [seen(), ...gone], entries: [removed], now: minute(14) }),
    vanished: caseOf({ facts: [seen(), ...gone], entries: [], now: minute(14) }),
    yanked: caseOf({ facts: [fetched([attempt(GENUINE)], { listing: { yanked: "" } })] }),
  };
  const well = caseOf({ facts: [seen(), right(30)], now: minute(40) });
  for (const [verdict, before] of Object.entries(never)) {
    it(`is ${verdict}, though everything be well again`, () => {
      assert.equal(judge(well, null).judgement.content, "match");
      assert.deepEqual(states(after(before, well)), [`${verdict} open 1`]);
    });
  }
});

describe("a finding that comes back", () => {
  const story = [caseOf({ facts: [unreadable(0)] }), later({ facts: [unreadable(0), right(10)] })];
  const again = caseOf({ facts: [unreadable(0), right(10), unreadable(30)], now: minute(31) });
  const over = caseOf({ facts: [unreadable(0), right(10), unreadable(30), right(40)], now: minute(41) });

  it("is opened a second time under the same id, and resolves a second time", () => {
    const [first] = after(...story);
    const [second] = after(...story, again);
    assert.equal(second?.id, first?.id);
    assert.deepEqual(states(after(...story, again)), ["unverifiable open 2"]);
    assert.deepEqual(states(after(...story, again, over)), ["unverifiable resolved 2"]);
  });

  it("is told under an alert id of its own each time", () => {
    const told = [1, 2].map((count) => after(...story.slice(0, count))).concat([after(...story, again)]);
    const ids = [...told, after(...story, again, over)].flatMap((found) => found.map(alertId));
    assert.equal(ids.length, 4);
    assert.equal(new Set(ids).size, 4);
  });
});

describe("ids", () => {
  const key = {
    enrolment: "developer",
    subject: `artifact/lantern/${FILE}`,
    verdict: "substituted",
    digests: [GENUINE, OTHER],
    state: "",
  } as const;

  it("of findings can be recomputed by other software: pinned", () => {
    assert.equal(findingId(key), "dc919f12cc0987549db6091b67ddc2429f5bea56e0242f86ffd1520a74574853");
    const [finding] = after(caseOf({ recorded: [] }));
    assert.ok(finding);
    assert.equal(alertId(finding), "04197b1e79709a720d3071142ca25f9c9e7948869d53b06f376e98f9b91aa5d5");
  });

  it("of findings do not depend on the order of digests, and do on all else", () => {
    assert.equal(findingId({ ...key, digests: [OTHER, GENUINE] }), findingId(key));
    const others = [
      { ...key, enrolment: "distribution" },
      { ...key, enrolment: null },
      { ...key, subject: "artifact/lantern/other" },
      { ...key, verdict: "mismatch" as const },
      { ...key, digests: [GENUINE] },
      { ...key, state: "overdue" },
    ];
    assert.equal(new Set([key, ...others].map(findingId)).size, others.length + 1);
  });

  it("of alerts of one enrolment never meet those of another", () => {
    const [mine] = after(caseOf({ recorded: [] }));
    const other = caseOf({ recorded: [] });
    const [theirs] = after({ ...other, enrolment: { ...other.enrolment, id: "distribution" } });
    assert.ok(mine && theirs);
    assert.notEqual(alertId(mine), alertId(theirs));
    assert.notEqual(mine.thread, theirs.thread);
  });

  it("put the alerts of one version into one thread", () => {
    const [one] = after(caseOf({ recorded: [] }));
    const [two] = after(
      caseOf({ recorded: [record({ digest: OTHER })], file: "lantern-1.0-py3-none-any.whl" }),
    );
    const [next] = after(caseOf({ recorded: [], release: "1.1" }));
    assert.equal(one?.thread, two?.thread);
    assert.notEqual(one?.thread, next?.thread);
  });
});

describe("an open finding that becomes graver", () => {
  const mild = later({ recorded: [], habits: { maintainerSince: null, recordsReleases: false } });
  const grave = later({ recorded: [], habits: { maintainerSince: null, recordsReleases: true } });

  it("is told again, under the same finding and another alert id", () => {
    const [first] = changedFindings(mild, judge(mild, null), []);
    assert.ok(first);
    const [again] = changedFindings(grave, judge(grave, null), [first]);
    assert.ok(again);
    assert.deepEqual(
      [first.severity, again.severity, again.openedAt],
      ["warning", "critical", first.openedAt],
    );
    assert.equal(again.id, first.id);
    assert.notEqual(alertId(again), alertId(first));
  });

  it("is not told again when it becomes milder", () => {
    const [first] = changedFindings(grave, judge(grave, null), []);
    assert.ok(first);
    assert.deepEqual(changedFindings(mild, judge(mild, null), [first]), []);
  });
});
