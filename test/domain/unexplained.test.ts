import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Began } from "../../functions/domain/case.ts";
import type { AbsentSighting, ListedSighting, Observation } from "../../functions/domain/facts.ts";
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
  type Spoiled,
  seen,
  toldOf,
  verdictOf,
} from "./perfect.ts";

const shownAt = (at: number, serial: number | null = 101): ListedSighting =>
  listed({ look: { at: minute(at), serial, asked: `look-${at}` } });
const began = (spoiled: Partial<Began> = {}): Began => ({
  at: minute(-60),
  serial: 90,
  head: 95,
  epoch: 1,
  lists: false,
  ...spoiled,
});
const journal = (spoiled: object) => ({
  epoch: 1,
  serial: 10_000,
  caughtUpAt: day(30),
  blind: false,
  intervals: [],
  ...spoiled,
});

/** Listed, recorded and matching; fetched at noon, seen again three minutes later, and never in the journal. */
const SILENT: Spoiled = { entries: [], facts: [seen(), shownAt(3)], now: minute(4) };

describe("an artifact that no entry ever added", () => {
  it("is unannounced, critically, though it matches", () => {
    assert.equal(verdictOf(SILENT), "match unannounced");
    assert.deepEqual(toldOf(SILENT), ["findings critical unannounced"]);
  });

  it("is told once, whatever is read later", () => {
    const state = (facts: Spoiled["facts"]) =>
      judge(caseOf({ ...SILENT, facts: facts ?? [] }), null).told[0]?.state;
    assert.equal(state([seen(), shownAt(3)]), state([seen(), shownAt(3), shownAt(9, 140)]));
  });

  it("is not called that after one reading, nor after two within the window", () => {
    assert.equal(verdictOf({ ...SILENT, facts: [seen()] }), "match listed");
    assert.equal(verdictOf({ ...SILENT, facts: [seen(), shownAt(1)] }), "match listed");
  });

  it("is asked for again a window after its first reading, and rarely where the journal stays unread", () => {
    const until = (spoiled: Spoiled) => judge(caseOf({ ...SILENT, ...spoiled }), null).judgement.until;
    assert.equal(until({ facts: [seen()], now: minute(0) }), minute(2));
    const blind = { facts: [seen(), shownAt(3)], journal: journal({ blind: true }) };
    assert.equal(until({ ...blind, now: minute(1_000) }), minute(1_500));
    assert.equal(until({ ...blind, now: day(40) }), day(41));
  });

  it("is not called that while the cursor has not passed its page, or is blind", () => {
    assert.equal(verdictOf({ ...SILENT, journal: journal({ serial: 100 }) }), "match listed");
    assert.equal(verdictOf({ ...SILENT, journal: journal({ caughtUpAt: minute(2) }) }), "match listed");
    assert.equal(verdictOf({ ...SILENT, journal: journal({ blind: true }) }), "match listed");
  });

  it("is waited for an hour where its page claims more than the journal has: a late journal, not a silent one", () => {
    const ahead = (at: number) =>
      listed({ look: { at: minute(at), serial: null, ahead: 140, asked: `look-${at}` } });
    const facts = [ahead(0), ahead(3)];
    const day2 = { ...SILENT, began: began({ at: day(-2) }), facts };
    const lagging = (until: number) => journal({ serial: 120, caughtUpAt: minute(until) });
    assert.equal(verdictOf({ ...day2, now: minute(60), journal: lagging(59) }), "unverifiable listed");
    assert.equal(verdictOf({ ...day2, now: minute(64), journal: lagging(63) }), "unverifiable unannounced");
    const caughtUp = journal({ serial: 140, caughtUpAt: minute(10) });
    assert.equal(verdictOf({ ...day2, now: minute(11), journal: caughtUp }), "unverifiable unannounced");
  });

  it("is excused by a claim of its page no longer than the journal takes to come to it", () => {
    const ahead = listed({ look: { at: minute(0), serial: null, ahead: 140, asked: "look-0" } });
    const later = [70, 80].map((at) =>
      listed({ look: { at: minute(at), serial: 140, asked: `look-${at}` } }),
    );
    const young = { ...SILENT, began: began({ at: minute(-60) }), facts: [ahead, ...later], now: minute(90) };
    const journalAt = (serial: number) => journal({ serial, caughtUpAt: minute(89) });
    assert.equal(verdictOf({ ...young, journal: journalAt(120) }), "unverifiable listed");
    assert.equal(verdictOf({ ...young, journal: journalAt(140) }), "unverifiable unannounced");
  });

  it("is a warning only where the monitor was blind while it may have come", () => {
    const blindAt = (until: string) => journal({ intervals: [{ since: day(-3), until }] });
    assert.deepEqual(toldOf({ ...SILENT, journal: blindAt(minute(-10)) }), ["findings warning unannounced"]);
    assert.deepEqual(toldOf({ ...SILENT, journal: blindAt(day(-2)) }), ["findings critical unannounced"]);
  });

  it("is never of the baseline, also not under another digest", () => {
    assert.equal(verdictOf({ ...SILENT, began: began({ lists: true }) }), "match listed");
  });

  it("is excused where it may have come between a stale baseline page and the head asked then", () => {
    const at = (serial: number): Spoiled => {
      const look = { serial, asked: "first" };
      return { ...SILENT, facts: [fetched([attempt(GENUINE)], { look }), shownAt(3, serial)] };
    };
    assert.equal(verdictOf(at(95)), "match listed");
    assert.equal(verdictOf(at(91)), "match listed");
    // The very serial of the baseline page: nothing was journalled between, so nothing excuses it.
    assert.equal(verdictOf(at(90)), "match unannounced");
    assert.equal(verdictOf(at(96)), "match unannounced");
  });

  it("is excused by a page without serial for as long as an edge keeps a page", () => {
    const bare = (from: number): Spoiled => {
      const look = { at: minute(from), serial: null };
      const facts = [fetched([attempt(GENUINE, minute(from))], { look }), shownAt(from + 3, null)];
      return { ...SILENT, facts, now: minute(from + 4) };
    };
    assert.equal(verdictOf(bare(0)), "match listed");
    assert.equal(verdictOf(bare(24 * 60)), "match unannounced");
  });

  it("is listed as any other once an entry adds it, however late that is read", () => {
    const late = entry(`add source file ${FILE}`, 101, { seenAt: minute(10) });
    assert.equal(verdictOf({ ...SILENT, entries: [late] }), "match listed");
  });
});

/** Gone at these minutes on a page of this serial. */
const goneAt = (serial: number, ...at: number[]): AbsentSighting[] =>
  at.map((each) => absent({ at: minute(each), serial, asked: `look-${each}` }));
const REMOVAL = entry(`remove file ${FILE}`, 140, { seenAt: minute(9) });
const ADDED = entry(`add source file ${FILE}`, 101);
const back = (digest = GENUINE): Observation =>
  fetched([attempt(digest, minute(30))], {
    look: { at: minute(30), serial: 160, asked: "look-30" },
    listing: { declared: digest },
  });
const AGAIN: Spoiled = {
  entries: [ADDED, REMOVAL],
  facts: [seen(), ...goneAt(150, 10), back()],
  now: minute(31),
};

describe("an artifact that was gone and is back", () => {
  it("has reappeared when an entry had taken it away", () => {
    assert.equal(verdictOf(AGAIN), "match reappeared");
    assert.deepEqual(toldOf(AGAIN), ["findings critical reappeared"]);
  });

  it("with other bytes is substituted and reappeared, each told", () => {
    const facts = [seen(), ...goneAt(150, 10), back(OTHER)];
    assert.deepEqual(toldOf({ ...AGAIN, facts }), [
      "findings critical substituted",
      "findings critical reappeared",
    ]);
  });

  it("has reappeared when it had vanished without an entry, and that was proven", () => {
    const vanished: Spoiled = { ...AGAIN, entries: [ADDED] };
    assert.equal(
      verdictOf({ ...vanished, facts: [seen(), ...goneAt(150, 10, 13), back()] }),
      "match reappeared",
    );
    assert.equal(verdictOf({ ...vanished, facts: [seen(), ...goneAt(150, 10), back()] }), "match listed");
    assert.equal(verdictOf({ ...vanished, facts: [seen(), ...goneAt(150, 10, 11), back()] }), "match listed");
  });

  it("was only hidden by a quarantine, of its project or its release", () => {
    const hidden = [10, 13].map((at) =>
      absent({ at: minute(at), serial: 150, asked: `look-${at}` }, "quarantined"),
    );
    assert.equal(
      verdictOf({ ...AGAIN, entries: [ADDED], facts: [seen(), ...hidden, back()] }),
      "match listed",
    );
    const facts = [seen(), ...goneAt(150, 10, 13), back()];
    const entries = [ADDED, entry("release quarantined", 140), entry("release quarantine cleared", 155)];
    assert.equal(verdictOf({ ...AGAIN, entries, facts }), "match listed");
  });

  it("is told anew each time it comes back, and once each time", () => {
    const state = (facts: Spoiled["facts"]) =>
      judge(caseOf({ ...AGAIN, facts: facts ?? [] }), null).told[0]?.state;
    const once = [seen(), ...goneAt(150, 10, 13), back()];
    const flicker = [...once, ...goneAt(170, 40), shownAt(41, 171)];
    const twice = [...once, ...goneAt(170, 40, 43), shownAt(50, 171)];
    assert.equal(state(flicker), state(once));
    assert.notEqual(state(twice), state(once));
  });

  it("was never taken away by the removal of an earlier release of its number", () => {
    const earlier = entry("remove release", 99, { seenAt: minute(-30) });
    const facts = [seen(), ...goneAt(150, 10), back()];
    assert.equal(verdictOf({ ...AGAIN, entries: [earlier, ADDED], facts }), "match listed");
  });

  it("is removed again when the next entry takes it away", () => {
    const next = entry(`remove file ${FILE}`, 180, { seenAt: minute(40) });
    const facts = [seen(), ...goneAt(150, 10), back(), ...goneAt(190, 41)];
    assert.equal(
      verdictOf({ ...AGAIN, entries: [ADDED, REMOVAL, next], facts, now: minute(42) }),
      "match removed",
    );
  });
});
