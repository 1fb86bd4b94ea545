import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { after, hourOf, hours } from "../../functions/domain/instants.ts";
import { judge } from "../../functions/domain/judge.ts";
import {
  absent,
  attempt,
  caseOf,
  day,
  fetched,
  GENUINE,
  listed,
  minute,
  OTHER,
  record,
  type Spoiled,
  seen,
  THIRD,
  toldOf,
  verdictOf,
  wrong,
} from "./perfect.ts";

const NOTHING: readonly string[] = [];

describe("an artifact whose bytes are as recorded", () => {
  it("matches, with the authority of the record, and nothing is told", () => {
    assert.equal(verdictOf(), "match listed");
    assert.deepEqual(toldOf(), NOTHING);
    assert.equal(judge(caseOf(), null).judgement.authority, "maintainer");
  });

  it("matches with the authority of CI when only CI said so", () => {
    const of = caseOf({ recorded: [record({ authority: "ci" })] });
    const { judgement } = judge(of, null);
    assert.deepEqual([judgement.content, judgement.authority], ["match", "ci"]);
  });

  it("matches with the stronger authority when both said so", () => {
    const recorded = [record({ authority: "ci" }), record()];
    assert.equal(judge(caseOf({ recorded }), null).judgement.authority, "maintainer");
  });

  it("matches when two records are contested and one of them fits", () => {
    assert.equal(verdictOf({ recorded: [record({ digest: OTHER }), record()] }), "match listed");
  });
});

describe("a CI record beside maintainer records", () => {
  const byCi: Spoiled = { recorded: [record({ authority: "ci" })] };

  it("no longer silences once a maintainer record was used", () => {
    const habits = { maintainerSince: "2000-01-01T00:00:00.000Z", recordsReleases: true };
    assert.equal(verdictOf({ ...byCi, habits }), "awaiting-record listed");
    assert.equal(verdictOf({ ...byCi, habits, now: minute(15) }), "unrecorded listed");
  });

  it("does not silence where the policy wants a maintainer", () => {
    assert.equal(verdictOf({ ...byCi, policy: { silencedBy: "maintainer" } }), "awaiting-record listed");
  });

  it("is named in what is told", () => {
    const habits = { maintainerSince: "2000-01-01T00:00:00.000Z", recordsReleases: true };
    const [told] = judge(caseOf({ ...byCi, habits }), null).told;
    assert.match(told?.grounds.note ?? "", /CI recorded this digest \(credential key-1\)/);
  });

  it("does not turn into baseline what a weak record speaks of", () => {
    const habits = { maintainerSince: "2000-01-01T00:00:00.000Z", recordsReleases: true };
    assert.equal(verdictOf({ ...byCi, habits, baseline: GENUINE }), "awaiting-record listed");
  });

  it("makes no mismatch milder by agreeing with bytes that the maintainer's record does not name", () => {
    const recorded = [record({ authority: "ci" }), record({ digest: OTHER })];
    const since = (maintainerSince: string) => ({ maintainerSince, recordsReleases: true });
    // Also one that came before any maintainer's: on this file a maintainer has spoken since.
    for (const habits of [since("2000-01-01T00:00:00.000Z"), since("2999-01-01T00:00:00.000Z")]) {
      const { judgement, told } = judge(caseOf({ recorded, habits }), null);
      assert.equal(judgement.content, "mismatch");
      assert.deepEqual(
        told.map(({ severity }) => severity),
        ["critical"],
      );
      assert.match(told[0]?.grounds.note ?? "", /CI recorded this digest \(credential key-1\)/);
    }
  });

  it("that does not count leaves the mismatch with another that does", () => {
    const habits = { maintainerSince: minute(5), recordsReleases: true };
    const early = record({ authority: "ci", digest: OTHER, recordedAt: minute(0) });
    const late = record({ authority: "ci", recordedAt: minute(6) });
    assert.equal(verdictOf({ recorded: [early, late], habits, now: minute(7) }), "mismatch listed");
  });

  it("that differs is a mismatch all the same", () => {
    assert.equal(verdictOf({ recorded: [record({ authority: "ci", digest: OTHER })] }), "mismatch listed");
  });
});

describe("bytes that differ from the declaration", () => {
  const differs = (attempts: ReturnType<typeof wrong>): Spoiled => ({ facts: [fetched(attempts)] });

  it("three times alike over the confirmation window are replaced", () => {
    assert.equal(verdictOf(differs(wrong(OTHER, 3, 2))), "replaced listed");
    assert.deepEqual(toldOf(differs(wrong(OTHER, 3, 2))), ["findings critical replaced"]);
  });

  it("two times alike are not reproduced, however far apart", () => {
    assert.equal(verdictOf(differs(wrong(OTHER, 2, 60))), "flaky-edge listed");
    assert.deepEqual(toldOf(differs(wrong(OTHER, 2, 60))), ["health notice flaky-edge"]);
  });

  it("three times alike within less than the window are not reproduced", () => {
    assert.equal(verdictOf(differs(wrong(OTHER, 3, 1.99))), "flaky-edge listed");
  });

  it("three times, each time others, are not reproduced", () => {
    const attempts = [attempt(OTHER), attempt(THIRD, minute(1)), attempt(OTHER, minute(2))];
    assert.equal(verdictOf(differs(attempts)), "flaky-edge listed");
  });

  it("once, and right the next time, are a match with a flaky edge beside it, on health", () => {
    const facts = [fetched([attempt(OTHER), attempt(GENUINE, minute(1))])];
    assert.equal(verdictOf({ facts }), "match listed");
    assert.deepEqual(toldOf({ facts }), ["health notice flaky-edge"]);
  });

  it("three times, and then right, are a match: one agreement is enough", () => {
    const facts = [fetched([...wrong(OTHER, 3, 2), attempt(GENUINE, minute(3))])];
    assert.equal(verdictOf({ facts }), "match listed");
  });

  it("not reproduced until the deadline become a finding of their own", () => {
    const spoiled = { ...differs(wrong(OTHER, 2, 1)), now: minute(60) };
    assert.deepEqual(toldOf(spoiled), ["findings warning flaky-edge"]);
  });

  it("are misdeclared when they are what was recorded", () => {
    const facts = [fetched(wrong(GENUINE, 3, 2), { listing: { declared: OTHER } })];
    assert.equal(verdictOf({ facts }), "misdeclared listed");
    assert.deepEqual(toldOf({ facts }), ["findings critical misdeclared"]);
    assert.equal(verdictOf({ facts, recorded: [record({ digest: THIRD })] }), "replaced listed");
  });

  it("are misdeclared when, without records, they are what was seen before", () => {
    const before = fetched([attempt(GENUINE, day(-1))], { look: { at: day(-1), serial: 90 } });
    const now = fetched(wrong(GENUINE, 3, 2), { listing: { declared: OTHER } });
    assert.equal(verdictOf({ facts: [before, now], recorded: [] }), "misdeclared listed");
    assert.equal(verdictOf({ facts: [now], recorded: [] }), "replaced listed");
  });
});

describe("a flaky edge that comes back for the same artifact", () => {
  const flakyOn = (count: number) =>
    fetched([attempt(OTHER, day(count)), attempt(GENUINE, day(count))], {
      look: { at: day(count), asked: `sweep-${count}` },
    });

  it("is weather on two days, and replaced on the third", () => {
    const [first, second, third] = [flakyOn(0), flakyOn(1), flakyOn(2)];
    assert.equal(verdictOf({ facts: [first, second], now: day(2) }), "match listed");
    assert.equal(verdictOf({ facts: [first, second, third], now: day(3) }), "replaced listed");
  });

  it("twice on the same day counts once", () => {
    const again = fetched([attempt(OTHER, minute(30)), attempt(GENUINE, minute(30))], {
      look: { at: minute(30), asked: "sweep-again" },
    });
    assert.equal(verdictOf({ facts: [flakyOn(0), again, flakyOn(1)], now: day(2) }), "match listed");
  });

  it("stays weather while other projects have it in the same hours", () => {
    const facts = [flakyOn(0), flakyOn(1), flakyOn(2)];
    const flakyHours = new Map([0, 1, 2].map((each) => [hourOf(day(each)), 3]));
    assert.equal(verdictOf({ facts, flakyHours, now: day(3) }), "match listed");
    assert.deepEqual(toldOf({ facts, flakyHours, now: day(3) }), ["health notice flaky-edge"]);
  });

  it("does not count a day whose hour many shared", () => {
    const facts = [flakyOn(0), flakyOn(1), flakyOn(2)];
    assert.equal(
      verdictOf({ facts, flakyHours: new Map([[hourOf(day(1)), 5]]), now: day(3) }),
      "match listed",
    );
  });

  it("is judged only once the hour is over, when it is known who shared it", () => {
    const facts = [flakyOn(0), flakyOn(1), flakyOn(2)];
    const { judgement } = judge(caseOf({ facts, now: day(2) }), null);
    assert.equal(judgement.content, "match");
    assert.equal(judgement.until, after(`${hourOf(day(2))}:00:00.000Z`, hours(1)));
  });

  it("is judged by its wrong bytes, which are what the alert must show", () => {
    const { judgement } = judge(caseOf({ facts: [flakyOn(0), flakyOn(1), flakyOn(2)], now: day(3) }), null);
    assert.equal(judgement.observed, OTHER);
  });

  it("that is clean on the next look is a match again", () => {
    const clean = fetched([attempt(GENUINE, day(4))], { look: { at: day(4), asked: "sweep-4" } });
    assert.equal(
      verdictOf({ facts: [flakyOn(0), flakyOn(1), flakyOn(2), clean], now: day(4) }),
      "match listed",
    );
  });
});

describe("index and bytes that change together", () => {
  const changed = fetched([attempt(OTHER, minute(10))], {
    look: { at: minute(10), serial: 120, asked: "change-2" },
    listing: { declared: OTHER },
  });

  it("are substituted", () => {
    assert.equal(verdictOf({ facts: [seen(), changed] }), "substituted listed");
    assert.deepEqual(toldOf({ facts: [seen(), changed] }), ["findings critical substituted"]);
  });

  it("are substituted even when a record agrees, and the record is named", () => {
    const of = caseOf({ facts: [seen(), changed], recorded: [record({ digest: OTHER })] });
    const { judgement, told } = judge(of, null);
    assert.equal(judgement.content, "substituted");
    assert.match(told[0]?.grounds.note ?? "", /A record agrees with the new bytes/);
    assert.deepEqual(
      told[0]?.grounds.recorded.map(({ digest }) => digest),
      [OTHER],
    );
  });

  it("stay substituted when they turn back, as the same finding", () => {
    const back = fetched([attempt(GENUINE, minute(20))], {
      look: { at: minute(20), serial: 130, asked: "change-3" },
    });
    const first = judge(caseOf({ facts: [seen(), changed] }), null).told[0];
    const second = judge(caseOf({ facts: [seen(), changed, back] }), null).told[0];
    assert.equal(second?.verdict, "substituted");
    assert.deepEqual([...(second?.digests ?? [])].sort(), [...(first?.digests ?? [])].sort());
  });

  it("are nothing when the new declaration was never fetched: that is unverifiable", () => {
    const announced = listed({ look: { at: minute(10), serial: 120 }, listing: { declared: OTHER } });
    assert.equal(verdictOf({ facts: [seen(), announced] }), "unverifiable listed");
  });
});

describe("an artifact without a record", () => {
  const none: Spoiled = { recorded: [] };

  it("awaits it while grace lasts, told as a notice at once", () => {
    assert.equal(verdictOf(none), "awaiting-record listed");
    assert.deepEqual(toldOf(none), ["findings notice awaiting-record"]);
  });

  it("is unrecorded when grace ends, by our own first sighting and not by the index's times", () => {
    assert.equal(verdictOf({ ...none, now: minute(14.99) }), "awaiting-record listed");
    assert.equal(verdictOf({ ...none, now: minute(15) }), "unrecorded listed");
    const later = [
      seen(),
      fetched([attempt(GENUINE, minute(14))], { look: { at: minute(14), asked: "again" } }),
    ];
    assert.equal(verdictOf({ ...none, facts: later, now: minute(15) }), "unrecorded listed");
  });

  it("asks to be judged again when grace ends", () => {
    assert.equal(judge(caseOf(none), null).judgement.until, minute(15));
  });

  it("has no grace under a strict or a frozen policy, and is critical", () => {
    for (const policy of [{ strict: true }, { frozen: true }]) {
      assert.equal(verdictOf({ ...none, policy, now: minute(0) }), "unrecorded listed");
      assert.deepEqual(toldOf({ ...none, policy }), ["findings critical unrecorded"]);
    }
  });

  it("is a warning for a watcher who records nothing, critical for one who records releases", () => {
    const late = { ...none, now: minute(16) };
    assert.deepEqual(toldOf(late), ["findings warning unrecorded"]);
    const habits = { maintainerSince: null, recordsReleases: true };
    assert.deepEqual(toldOf({ ...late, habits }), ["findings critical unrecorded"]);
  });

  it("is critical when it joins a release that is older than a day, not at a day sharp", () => {
    const late = { ...none, now: minute(16) };
    assert.deepEqual(toldOf({ ...late, releaseSeen: minute(-24 * 60) }), ["findings warning unrecorded"]);
    assert.deepEqual(toldOf({ ...late, releaseSeen: minute(-24 * 60 - 1) }), [
      "findings critical unrecorded",
    ]);
  });

  it("is baseline when the first page had it with this digest, and then vouched for by nobody", () => {
    const { judgement, told } = judge(caseOf({ ...none, baseline: GENUINE }), null);
    assert.deepEqual([judgement.content, judgement.authority, told], ["baseline", "first-seen", []]);
  });

  it("is not baseline when the first page had it with another digest", () => {
    assert.equal(verdictOf({ ...none, baseline: OTHER, now: minute(16) }), "unrecorded listed");
  });
});

describe("an artifact whose bytes nobody got", () => {
  const failed = (at: number) =>
    fetched([attempt(null, minute(at))], { look: { at: minute(at), asked: `ask-${at}` } });

  it("is unverifiable, and on health until its deadline", () => {
    assert.equal(verdictOf({ facts: [failed(0)] }), "unverifiable listed");
    assert.deepEqual(toldOf({ facts: [failed(0)] }), ["health notice unverifiable"]);
    assert.deepEqual(toldOf({ facts: [failed(0)], now: minute(60) }), ["findings warning unverifiable"]);
  });

  it("is not news before the first try, but is past the deadline", () => {
    assert.deepEqual(toldOf({ facts: [listed()] }), NOTHING);
    assert.deepEqual(toldOf({ facts: [listed()], now: minute(60) }), ["findings warning unverifiable"]);
  });

  it("does not get more time by being asked for again", () => {
    const facts = [0, 20, 40, 59].map(failed);
    assert.deepEqual(toldOf({ facts, now: minute(60) }), ["findings warning unverifiable"]);
  });

  it("gets its deadline anew only after bytes were right in between", () => {
    const right = fetched([attempt(GENUINE, minute(30))], { look: { at: minute(30), asked: "ask-30" } });
    assert.deepEqual(toldOf({ facts: [failed(0), right, failed(50)], now: minute(60) }), [
      "health notice unverifiable",
    ]);
  });

  it("says why in what is told", () => {
    assert.equal(judge(caseOf({ facts: [failed(0)] }), null).told[0]?.grounds.note, "ECONNREFUSED");
  });

  it("gets its deadline anew after other bytes were reproduced, too: that was told as what it is", () => {
    const replaced = fetched(wrong(OTHER, 3, 3));
    const rewritten = listed({ look: { at: minute(90), serial: 120 }, listing: { declared: OTHER } });
    assert.deepEqual(toldOf({ facts: [replaced, rewritten], now: minute(91) }), []);
    assert.deepEqual(toldOf({ facts: [replaced, rewritten], now: minute(150) }), [
      "findings warning unverifiable",
    ]);
  });

  it("is asked for again at the latest at its deadline, and hourly past it", () => {
    const until = (now: number) =>
      judge(caseOf({ facts: [failed(0)], now: minute(now) }), null).judgement.until;
    assert.equal(until(5), minute(15));
    assert.equal(until(55), minute(60));
    assert.equal(until(70), minute(130));
  });

  it("cannot match where the index declares no SHA-256: there is nothing to compare with", () => {
    const facts = [fetched([attempt(GENUINE)], { listing: { declared: null } })];
    assert.equal(verdictOf({ facts }), "unverifiable listed");
  });
});

describe("since", () => {
  it("stays while content and standing stay, and is now when one of them changes", () => {
    const first = judge(caseOf(), null).judgement;
    assert.equal(first.since, minute(5));
    assert.equal(judge(caseOf({ now: minute(9) }), first).judgement.since, minute(5));
    assert.equal(judge(caseOf({ now: minute(9), recorded: [] }), first).judgement.since, minute(9));
    const yanked = caseOf({
      now: minute(9),
      facts: [fetched([attempt(GENUINE)], { listing: { yanked: "" } })],
    });
    assert.equal(judge(yanked, first).judgement.since, minute(9));
  });
});

describe("an artifact that no page has listed", () => {
  it("has no content verdict: its standing speaks", () => {
    const { judgement } = judge(caseOf({ facts: [absent({})] }), null);
    assert.deepEqual([judgement.content, judgement.declared, judgement.observed], [null, null, null]);
    assert.equal(judgement.standing, "expected");
  });
});
