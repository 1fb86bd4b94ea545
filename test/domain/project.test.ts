import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { newEnrolment } from "../../functions/domain/enrolments.ts";
import type { ProjectSighting } from "../../functions/domain/facts.ts";
import { threadOf } from "../../functions/domain/findings.ts";
import type { Entry } from "../../functions/domain/journal.ts";
import { isNews } from "../../functions/domain/looks.ts";
import { day, minute } from "./perfect.ts";
import { baseline, findingsIn, owners, said, sighted, toldIn } from "./projects.ts";

const PAGE_SAYS = "quarantined: The project's page says so; the journal has not said it yet.";
const ENTRY_SAYS = (serial: number): string => `quarantined: project quarantined (serial ${serial})`;
const ARCHIVED = "archived: The journal does not name it: the project's page alone shows it.";
const DAY = 24 * 60;

describe("a project's quarantine", () => {
  const entry = said("project quarantined", 105);
  const seen = sighted("quarantined", 6, 105);

  it("is told by its entry before a page shows it, by a page before an entry is read, and once by both", () => {
    assert.deepEqual(toldIn({ entries: [entry] }), [ENTRY_SAYS(105)]);
    assert.deepEqual(toldIn({ sightings: [baseline(), seen] }), [PAGE_SAYS]);
    assert.deepEqual(toldIn({ entries: [entry], sightings: [baseline(), seen] }), [ENTRY_SAYS(105)]);
  });

  it("that was told by one of them is not told again by the other", () => {
    const byPage = findingsIn({ sightings: [baseline(), seen] });
    const byEntry = findingsIn({ entries: [entry] });
    const both = { entries: [entry], sightings: [baseline(), seen] };
    assert.deepEqual(toldIn(both, byPage), []);
    assert.deepEqual(toldIn(both, byEntry), []);
    const earlier = sighted("quarantined", 5, 105);
    assert.deepEqual(toldIn({ sightings: [baseline(), earlier, seen] }, byPage), []);
  });

  it("that is cleared and comes again is told again, by the journal or by the page", () => {
    const entries = [entry, said("project quarantine cleared", 107), said("project quarantined", 109)];
    assert.deepEqual(toldIn({ entries }, findingsIn({ entries: [entry] })), [ENTRY_SAYS(109)]);
    const first = [baseline(), seen];
    const looks = [...first, sighted("active", 7, 107), sighted("quarantined", 9, 109)];
    assert.deepEqual(toldIn({ sightings: looks }, findingsIn({ sightings: first })), [PAGE_SAYS]);
    assert.deepEqual(toldIn({ entries, sightings: looks }), [ENTRY_SAYS(105), ENTRY_SAYS(109)]);
  });

  it("whose entry nobody read does not swallow the next one's", () => {
    const first = [baseline(), seen];
    const entries = [said("project quarantine cleared", 107), said("project quarantined", 109)];
    assert.deepEqual(toldIn({ entries, sightings: first }, findingsIn({ sightings: first })), [
      ENTRY_SAYS(109),
    ]);
  });

  it("is not taken back by an older page that comes later, nor by an old copy under the same serial", () => {
    const first = [baseline(), seen];
    const known = findingsIn({ sightings: first });
    const stale = sighted("active", 20, 104);
    assert.deepEqual(toldIn({ sightings: [...first, stale, sighted("quarantined", 30, 105)] }, known), []);
    const copy = sighted("active", 20, 105);
    assert.deepEqual(toldIn({ sightings: [...first, copy, sighted("quarantined", 30, 105)] }, known), []);
  });

  it("that stood when the watch began is told once", () => {
    const sightings = [sighted("quarantined", -60, 90), baseline("quarantined")];
    const entries = [said("project quarantined", 90)];
    assert.deepEqual(toldIn({ sightings, entries }), [PAGE_SAYS]);
    const later = [...sightings, sighted("quarantined", 30, 103)];
    assert.deepEqual(toldIn({ sightings: later, entries }, findingsIn({ sightings, entries })), []);
  });

  it("that was over when the watch began is not told", () => {
    const sightings = [sighted("quarantined", -60, 90), sighted("active", -30, 95), baseline()];
    const entries = [said("project quarantined", 90), said("project quarantine cleared", 95)];
    assert.deepEqual(toldIn({ sightings, entries }), []);
  });

  it("of one release names it, and each of its occasions is told", () => {
    const release = { release: "1.0" };
    const entries = [
      said("release quarantined", 105, 5, release),
      said("release quarantine cleared", 106, 6, release),
      said("release quarantined", 107, 7, release),
    ];
    const note = "quarantined 1.0: The release 1.0 alone; others are untouched.";
    assert.deepEqual(toldIn({ entries }), [note, note]);
    assert.deepEqual(toldIn({ entries }, findingsIn({ entries: entries.slice(0, 2) })), [note]);
  });
});

describe("a project's archiving", () => {
  const archived = sighted("archived", 60, 100);

  it("is told by its page, once as long as it lasts", () => {
    const sightings = [baseline(), archived];
    assert.deepEqual(toldIn({ sightings }), [ARCHIVED]);
    const more = [...sightings, sighted("archived", 120, 100)];
    assert.deepEqual(toldIn({ sightings: more }, findingsIn({ sightings })), []);
  });

  it("is what was there before when the baseline shows it", () => {
    assert.deepEqual(toldIn({ sightings: [baseline("archived"), archived] }), []);
  });

  it("is not told again because an edge shows its old copy for a while; but when it was taken back for longer", () => {
    const sightings = [baseline(), archived, sighted("active", 70, 100)];
    const known = findingsIn({ sightings });
    assert.equal(known.length, 1);
    assert.deepEqual(toldIn({ sightings: [...sightings, sighted("archived", 80, 100)] }, known), []);
    assert.deepEqual(toldIn({ sightings: [...sightings, sighted("archived", 70 + 2 * DAY, 100)] }, known), [
      ARCHIVED,
    ]);
    assert.deepEqual(toldIn({ sightings: [...sightings, sighted("archived", 80, 101)] }, known), [ARCHIVED]);
  });

  it("shows through a page that could not be read, which says nothing", () => {
    const sightings = [baseline(), sighted("unreadable", 10, null), archived];
    assert.deepEqual(toldIn({ sightings }), [ARCHIVED]);
    assert.deepEqual(toldIn({ sightings: [baseline(), sighted("unreadable", 10, null)] }), []);
  });
});

describe("what is told of a project", () => {
  it("has the watcher's thread, the project's history, and no file", () => {
    const [finding] = findingsIn({ entries: [said("project quarantined", 105)] });
    assert.equal(finding?.thread, threadOf("developer", "lantern", null));
    assert.deepEqual(
      [finding?.file, finding?.enrolment, finding?.topic, finding?.severity, finding?.openedAt],
      [null, "developer", "findings", "notice", minute(60)],
    );
  });

  it("says so where nobody but the watcher says who they are, and is nothing once the watch has ended", () => {
    const enrolled = { id: "developer", project: "lantern", enrolledAt: minute(-1) };
    const entries = [said("project quarantined", 105)];
    const claimed = newEnrolment({ ...enrolled, selfClaimed: true });
    assert.equal(findingsIn({ enrolment: claimed, entries })[0]?.selfClaimed, true);
    const ended = newEnrolment({ ...enrolled, endedAt: minute(30) });
    assert.deepEqual(findingsIn({ enrolment: ended, entries }), []);
  });

  it("begins above the journal's head of the baseline, also in a later epoch", () => {
    const texts = ["project quarantined", "invite Owner mallory", "create", "remove Owner alice"];
    for (const text of texts) {
      assert.deepEqual(toldIn({ entries: [said(text, 100)] }), []);
      assert.equal(toldIn({ entries: [said(text, 101)] }).length, 1);
      assert.equal(toldIn({ entries: [said(text, 3, 5, { epoch: 2 })] }).length, 1);
    }
  });

  it("is the same whatever order and number its facts come in", () => {
    const sightings: ProjectSighting[] = [
      baseline("active", owners(100, "Owner alice")),
      sighted("quarantined", 6, 105),
      sighted("active", 7, 104),
      sighted("active", 8, 107, { owners: owners(107, "Owner alice", "Owner mallory") }),
      sighted("archived", 9, 107),
      sighted("archived", 3 * DAY, 107, { owners: owners(107, "Owner mallory") }),
    ];
    const entries: Entry[] = [
      said("project quarantined", 105),
      said("project quarantine cleared", 106),
      said("invite Owner mallory", 107, 7),
      said("accepted Owner mallory", 107, 7, { serial: 108 }),
      said("release quarantined", 110, 10, { release: "1.0" }),
      said("remove project", 111),
      said("create", 112),
    ];
    const whole = toldIn({ sightings, entries, now: day(4) });
    assert.equal(whole.length, 6);
    const shuffled = <T>(all: readonly T[]) =>
      fc
        .tuple(fc.shuffledSubarray([...all], { minLength: all.length }), fc.subarray([...all]))
        .map((parts) => parts.flat());
    fc.assert(
      fc.property(shuffled(sightings), shuffled(entries), (looks, lines) => {
        assert.deepEqual(toldIn({ sightings: looks, entries: lines, now: day(4) }), whole);
      }),
    );
  });
});

describe("a look at a project", () => {
  it("is news when it begins something, and not when those around it say the same", () => {
    const alice = owners(100, "Owner alice");
    const known = [baseline("active", alice), sighted("archived", 60, 100)];
    assert.ok(isNews(sighted("active", 0, 100), []));
    assert.ok(!isNews(sighted("archived", 90, 100), known));
    assert.ok(!isNews(sighted("active", 90, 99), known));
    assert.ok(isNews(sighted("active", 90, 101), known));
    assert.ok(!isNews(sighted("unreadable", 90, null), known));
    assert.ok(isNews(sighted("unreadable", 90, null, { baselineOf: ["other"] }), known));
    assert.ok(!isNews(sighted("archived", 90, 100, { owners: { ...alice, serial: 103 } }), known));
    assert.ok(isNews(sighted("archived", 90, 100, { owners: owners(100, "Maintainer alice") }), known));
    assert.ok(isNews(sighted("archived", 90, 100, { owners: { ...alice, organization: "lamps" } }), known));
  });
});
