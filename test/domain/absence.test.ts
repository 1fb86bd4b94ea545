import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { judge } from "../../functions/domain/judge.ts";
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
  toldOf,
  verdictOf,
} from "./perfect.ts";

const ADDED = entry(`add source file ${FILE}`, 101);

/** Not there at ten past and, as far as it goes, at thirteen past: more than a window apart. */
const once = absent({ at: minute(10), serial: 150, asked: "look-2" });
const twice = absent({ at: minute(13), serial: 150, asked: "look-3" });
const gone: Spoiled = { facts: [seen(), once, twice], now: minute(14) };
const by = (...texts: string[]): Spoiled => ({
  ...gone,
  entries: [ADDED, ...texts.map((text, index) => entry(text, 140 + index, { seenAt: minute(9) }))],
});
const ofProject = (text: string, serial = 140) => entry(text, serial, { release: null, seenAt: minute(9) });

describe("an artifact that was taken away by an entry", () => {
  it("is removed, whether the entry names the file, its release, or the project", () => {
    assert.equal(verdictOf(by(`remove file ${FILE}`)), "match removed");
    assert.equal(verdictOf(by("remove release")), "match removed");
    assert.equal(verdictOf(by("remove")), "match removed");
    assert.equal(verdictOf({ ...gone, entries: [ADDED, ofProject("remove project")] }), "match removed");
    assert.equal(verdictOf({ ...gone, entries: [ADDED, ofProject("remove")] }), "match removed");
  });

  it("is removed at the first reading that lacks it: nothing has to be proven", () => {
    assert.equal(verdictOf({ ...by("remove release"), facts: [seen(), once] }), "match removed");
  });

  it("is a warning when it had matched, a notice when it had not, critical when frozen", () => {
    const removed = by(`remove file ${FILE}`);
    assert.deepEqual(toldOf(removed), ["findings warning removed"]);
    assert.deepEqual(toldOf({ ...removed, recorded: [], baseline: GENUINE }), ["findings notice removed"]);
    assert.deepEqual(toldOf({ ...removed, policy: { frozen: true } }), ["findings critical removed"]);
  });

  it("is told with the entry's own words", () => {
    const [told] = judge(caseOf(by("remove release")), null).told;
    assert.equal(told?.grounds.entry, "remove release (serial 140)");
  });

  it("is not explained by an entry about another file or another release", () => {
    assert.equal(verdictOf(by("remove file lantern-1.0-py3-none-any.whl")), "match vanished");
    const other = entry("remove release", 140, { release: "1.1" });
    assert.equal(verdictOf({ ...gone, entries: [ADDED, other] }), "match vanished");
  });

  it("is explained by its release however that is spelled", () => {
    const spelled = entry("remove release", 140, { release: "1.0.0" });
    assert.equal(verdictOf({ ...gone, entries: [ADDED, spelled] }), "match removed");
  });

  it("is not explained by an entry older than the page that showed it", () => {
    const old = entry("remove release", 90, { seenAt: minute(-30) });
    assert.equal(verdictOf({ ...gone, entries: [old, ADDED] }), "match vanished");
  });

  it("a second removal is another finding than the first", () => {
    const removal = (serial: number) =>
      judge(caseOf({ ...gone, entries: [ADDED, entry("remove release", serial)] }), null).told[0]?.state;
    assert.notEqual(removal(140), removal(145));
  });
});

describe("an artifact hidden by a quarantine", () => {
  it("is hidden and nobody is told, by the project's state or by an entry", () => {
    const state = absent({ at: minute(10), serial: 150, asked: "look-2" }, "quarantined");
    for (const spoiled of [
      { ...gone, facts: [seen(), state] },
      { ...gone, entries: [ADDED, ofProject("project quarantined")] },
      by("release quarantined"),
    ]) {
      assert.equal(verdictOf(spoiled), "match hidden");
      assert.deepEqual(toldOf(spoiled), []);
    }
  });

  it("is no longer explained once the quarantine was cleared", () => {
    const cleared = [ofProject("project quarantined", 140), ofProject("project quarantine cleared", 141)];
    assert.equal(verdictOf({ ...gone, entries: [ADDED, ...cleared] }), "match vanished");
    assert.equal(verdictOf(by("release quarantined", "release quarantine cleared")), "match vanished");
  });

  it("is not proven gone by what a quarantine explained, nor by a page from before that was lifted", () => {
    const quarantined = entry("release quarantined", 140, { seenAt: minute(9) });
    const lifted = [ADDED, quarantined, entry("release quarantine cleared", 151, { seenAt: minute(20) })];
    const stale = [21, 24].map((at) => absent({ at: minute(at), serial: 150, asked: `stale-${at}` }));
    const fresh = [26, 29].map((at) => absent({ at: minute(at), serial: 151, asked: `fresh-${at}` }));
    const facts = [seen(), once, twice, ...stale];
    assert.equal(verdictOf({ facts, entries: lifted, now: minute(25) }), "match listed");
    assert.equal(
      verdictOf({ facts: [...facts, ...fresh], entries: lifted, now: minute(30) }),
      "match vanished",
    );
  });

  it("is not proven gone by one look after its project's page was quarantined", () => {
    const hidden = [10, 13].map((at) =>
      absent({ at: minute(at), serial: 150, asked: `h-${at}` }, "quarantined"),
    );
    const after = [absent({ at: minute(20), serial: 150, asked: "a-20" })];
    assert.equal(verdictOf({ facts: [seen(), ...hidden, ...after], now: minute(21) }), "match listed");
    const again = absent({ at: minute(23), serial: 150, asked: "a-23" });
    assert.equal(
      verdictOf({ facts: [seen(), ...hidden, ...after, again], now: minute(24) }),
      "match vanished",
    );
  });

  it("is not overdue for having been hidden longer than a file may be lacked", () => {
    const entries = [
      ADDED,
      entry("release quarantined", 140, { seenAt: minute(9) }),
      entry("release quarantine cleared", 151, { seenAt: day(3) }),
    ];
    const facts = [seen(), once, twice, absent({ at: day(3), serial: 150, asked: "stale" })];
    assert.equal(verdictOf({ facts, entries, now: day(3.1) }), "match listed");
    assert.deepEqual(toldOf({ facts, entries, now: day(4) }), ["findings warning vanished"]);
  });

  it("is not explained by another release's quarantine", () => {
    const other = entry("release quarantined", 140, { release: "2.0" });
    assert.equal(verdictOf({ ...gone, entries: [ADDED, other] }), "match vanished");
  });

  it("is not explained by a quarantine that a later page has shown it through", () => {
    const shown = listed({ look: { at: minute(5), serial: 145, asked: "look-1b" } });
    const facts = [seen(), shown, once, twice];
    assert.equal(
      verdictOf({ ...gone, facts, entries: [ADDED, ofProject("project quarantined")] }),
      "match vanished",
    );
  });
});

describe("an artifact that no entry takes away", () => {
  it("has vanished, critically, after two readings a window apart", () => {
    assert.equal(verdictOf(gone), "match vanished");
    assert.deepEqual(toldOf(gone), ["findings critical vanished"]);
  });

  it("has not after one reading, and is asked for again a window later", () => {
    const { judgement, told } = judge(caseOf({ ...gone, facts: [seen(), once] }), null);
    assert.deepEqual([judgement.standing, told], ["listed", []]);
    assert.equal(judgement.until, minute(16));
  });

  it("has not after two readings closer together than the window", () => {
    const soon = absent({ at: minute(11), serial: 150, asked: "look-3" });
    assert.equal(verdictOf({ ...gone, facts: [seen(), once, soon] }), "match listed");
  });

  it("has not while the cursor is short of the page's serial", () => {
    const journal = { epoch: 1, serial: 149, caughtUpAt: minute(14), blind: false, intervals: [] };
    assert.equal(verdictOf({ ...gone, journal }), "match listed");
    assert.equal(verdictOf({ ...gone, journal: { ...journal, serial: 150 } }), "match vanished");
  });

  it("has not for an hour where its project has no page: a 404 names no serial, and its entry may be late", () => {
    const none = [10, 13].map((at) => absent({ at: minute(at), serial: null, asked: `none-${at}` }, "gone"));
    const caughtUp = (until: number) => ({
      ...{ facts: [seen(), ...none], now: minute(until) },
      journal: { epoch: 1, serial: 200, caughtUpAt: minute(until), blind: false, intervals: [] },
    });
    assert.equal(verdictOf(caughtUp(72)), "match listed");
    assert.equal(verdictOf(caughtUp(73)), "match vanished");
  });

  it("has not while the monitor is blind, or has not polled since the reading", () => {
    const journal = { epoch: 1, serial: 200, caughtUpAt: minute(14), blind: true, intervals: [] };
    assert.equal(verdictOf({ ...gone, journal }), "match listed");
    assert.equal(
      verdictOf({ ...gone, journal: { ...journal, blind: false, caughtUpAt: minute(12) } }),
      "match listed",
    );
  });

  it("has not when an older page lacks it: that proves nothing", () => {
    const older = [100, 100].map((serial, index) =>
      absent({ at: minute(10 + 5 * index), serial, asked: `stale-${index}` }),
    );
    assert.equal(verdictOf({ ...gone, facts: [seen(), ...older] }), "match listed");
  });

  it("is a warning only when a new epoch hides what happened in between", () => {
    const facts = [
      seen(),
      absent({ at: minute(10), serial: 7, epoch: 2, asked: "look-2" }),
      absent({ at: minute(13), serial: 7, epoch: 2, asked: "look-3" }),
    ];
    const journal = { epoch: 2, serial: 7, caughtUpAt: minute(14), blind: false, intervals: [] };
    assert.equal(verdictOf({ ...gone, facts, journal }), "match vanished");
    assert.deepEqual(toldOf({ ...gone, facts, journal }), ["findings warning vanished"]);
  });

  it("is a warning only when the journal could not be seen for a while since the file was last shown", () => {
    const seenBlind = { since: minute(11), until: minute(12) };
    const longAgo = { since: minute(-20), until: minute(-10) };
    const journal = { epoch: 1, serial: 200, caughtUpAt: minute(14), blind: false };
    assert.deepEqual(toldOf({ ...gone, journal: { ...journal, intervals: [seenBlind] } }), [
      "findings warning vanished",
    ]);
    assert.deepEqual(toldOf({ ...gone, journal: { ...journal, intervals: [longAgo] } }), [
      "findings critical vanished",
    ]);
  });

  it("that is shown again has reappeared, and its next disappearance is another finding", () => {
    const back = listed({ look: { at: minute(20), serial: 160, asked: "look-4" } });
    assert.equal(verdictOf({ ...gone, facts: [seen(), once, twice, back] }), "match reappeared");
    const again = [30, 33].map((at) => absent({ at: minute(at), serial: 170, asked: `look-${at}` }));
    const first = judge(caseOf(gone), null).told[0];
    const second = judge(caseOf({ ...gone, facts: [seen(), back, ...again], now: minute(34) }), null).told[0];
    assert.equal(second?.verdict, "vanished");
    assert.notEqual(second?.state, first?.state);
  });

  it("vanishes beside its content verdict, never instead of it", () => {
    const facts = [fetched([attempt(OTHER)], { listing: { declared: OTHER } }), once, twice];
    assert.deepEqual(toldOf({ ...gone, facts }), [
      "findings critical mismatch",
      "findings critical vanished",
    ]);
  });
});

describe("an artifact that was never shown", () => {
  const never: Spoiled = { facts: [absent({ serial: 100 })], recorded: [], now: minute(59) };

  it("is expected until the deadline of the entry that named it, then unseen", () => {
    assert.equal(verdictOf(never), "null expected");
    assert.deepEqual(toldOf(never), []);
    assert.deepEqual(toldOf({ ...never, now: minute(60) }), ["findings warning unseen"]);
  });

  it("is expected until the deadline of its first record, then missing", () => {
    const recorded = [record({ recordedAt: minute(0) }), record({ digest: OTHER, recordedAt: minute(30) })];
    const spoiled = { ...never, recorded, entries: [] };
    assert.equal(verdictOf({ ...spoiled, now: day(0.99) }), "null expected");
    assert.deepEqual(toldOf({ ...spoiled, now: day(1) }), ["findings warning missing"]);
  });

  it("is not waited for where the entry that added it is from before the watch: a quarantine may have hidden it since", () => {
    const began = { at: minute(-60), serial: 100, head: 101, epoch: 1, lists: false };
    assert.deepEqual(toldOf({ ...never, began, now: minute(60) }), []);
    assert.equal(verdictOf({ ...never, began, now: minute(60) }), "null expected");
  });

  it("is unseen rather than missing when both are overdue", () => {
    assert.deepEqual(toldOf({ ...never, recorded: [record()], now: day(2) }), ["findings warning unseen"]);
  });

  it("is removed when an entry took it away after the one that added it", () => {
    const entries = [ADDED, entry(`remove file ${FILE}`, 110)];
    assert.equal(verdictOf({ ...never, entries, now: minute(90) }), "null removed");
  });

  it("is asked for every ten minutes until then, and hourly after", () => {
    const until = (now: number) => judge(caseOf({ ...never, now: minute(now) }), null).judgement.until;
    assert.equal(until(5), minute(15));
    assert.equal(until(55), minute(60));
    assert.equal(until(61), minute(121));
  });
});

describe("an artifact that was yanked", () => {
  it("is yanked while it is listed, with whatever reason, told as a notice beside its match", () => {
    for (const yanked of ["", "broken"]) {
      const facts = [seen(), listed({ look: { at: minute(3), serial: 120 }, listing: { yanked } })];
      assert.equal(verdictOf({ facts }), "match yanked");
      assert.deepEqual(toldOf({ facts }), ["findings notice yanked"]);
    }
  });

  it("is listed again when it was unyanked", () => {
    const facts = [
      listed({ look: { at: minute(3), serial: 120 }, listing: { yanked: "broken" } }),
      fetched([attempt(GENUINE)], { look: { at: minute(4), serial: 121 } }),
    ];
    assert.equal(verdictOf({ facts }), "match listed");
  });
});
