import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { baseline, findingsIn, owners, said, sighted, toldIn } from "./projects.ts";

const ALICE = owners(100, "Owner alice");
const ACCEPTED = "ownership-changed: mallory accepted an invitation and is Owner from now on.";
const SEEN =
  "ownership-changed: mallory is Owner now, and was nothing before. The journal has no entry that says so.";

describe("an entry about a project's people", () => {
  const WORDS: readonly (readonly [string, string])[] = [
    [
      "invite Owner mallory",
      "mallory was invited as Owner. Nothing changes until the invitation is accepted.",
    ],
    ["revoke_invite Owner mallory", "The invitation of mallory as Owner was taken back."],
    ["accepted Maintainer mallory", "mallory accepted an invitation and is Maintainer from now on."],
    ["add Maintainer The Night Shift", "The Night Shift was made Maintainer."],
    ["change Maintainer From to Owner to Owner", "From to Owner was Maintainer and is Owner now."],
    ["remove Owner alice", "alice is no longer Owner."],
  ];
  for (const [text, note] of WORDS) {
    it(`"${text}" is told in words`, () => {
      const entries = [said(text, 105)];
      assert.deepEqual(toldIn({ entries }), [`ownership-changed: ${note}`]);
      const [finding] = findingsIn({ entries });
      assert.deepEqual([finding?.severity, finding?.grounds.entry], ["warning", `${text} (serial 105)`]);
      assert.deepEqual(toldIn({ entries }, findingsIn({ entries })), []);
    });
  }

  it("is told each by itself, before any upload", () => {
    const entries = [
      said("invite Owner mallory", 101),
      said("accepted Owner mallory", 102),
      said("remove Owner alice", 103),
    ];
    assert.equal(toldIn({ entries }).length, 3);
    assert.deepEqual(toldIn({ entries }, findingsIn({ entries: entries.slice(0, 2) })), [
      "ownership-changed: alice is no longer Owner.",
    ]);
  });

  it("is cut where a name is longer than a reader's patience", () => {
    const [finding] = findingsIn({ entries: [said(`add Owner ${"m".repeat(10_000)}`, 105)] });
    assert.ok((finding?.grounds.note?.length ?? 0) < 300);
    assert.ok((finding?.grounds.entry?.length ?? 0) < 300);
  });
});

describe("the creation of a project", () => {
  const created = [said("create", 103, 3), said("add Owner mallory", 104, 3)];
  const AGAIN =
    "ownership-changed: The project was removed and created again: mallory is its owner now. A free name can be taken by anybody.";

  it("is how a project begins, and its founder is its owner", () => {
    assert.deepEqual(toldIn({ sightings: [baseline("gone")], entries: created }), []);
  });

  it("is told when the name was given up before, by an entry or as pages show", () => {
    const removed = said("remove project", 102);
    assert.deepEqual(toldIn({ sightings: [baseline("gone")], entries: [removed, ...created] }), [AGAIN]);
    assert.deepEqual(toldIn({ sightings: [baseline()], entries: created }), [AGAIN]);
    const before = said("remove project", 99);
    assert.deepEqual(toldIn({ sightings: [baseline("gone")], entries: [before, ...created] }), [AGAIN]);
  });

  it("explains no owner who was added at another time", () => {
    const entries = [said("create", 103, 3), said("add Owner mallory", 104, 4)];
    assert.deepEqual(toldIn({ sightings: [baseline("gone")], entries }), [
      "ownership-changed: mallory was made Owner.",
    ]);
  });
});

describe("what the index shows of a project's people", () => {
  const both = owners(103, "Owner alice", "Owner mallory");
  const sightings = [baseline("active", ALICE), sighted("active", 30, 103, { owners: both })];

  it("is told where no entry says so, once", () => {
    assert.deepEqual(toldIn({ sightings }), [SEEN]);
    const more = [...sightings, sighted("active", 60, 104, { owners: both })];
    assert.deepEqual(toldIn({ sightings: more }, findingsIn({ sightings })), []);
  });

  it("is not told when it is what was there before", () => {
    assert.deepEqual(toldIn({ sightings: [baseline("active", ALICE)] }), []);
    assert.deepEqual(toldIn({ sightings: [baseline(), sighted("active", 30, 103, { owners: both })] }), []);
  });

  it("is not told twice where entries explain it", () => {
    const entries = [said("invite Owner mallory", 102), said("accepted Owner mallory", 103)];
    assert.deepEqual(toldIn({ sightings, entries }).slice(1), [ACCEPTED]);
    assert.deepEqual(toldIn({ sightings, entries }, findingsIn({ entries })), []);
    const promoted = [
      baseline("active", owners(100, "Owner alice", "Maintainer bob")),
      sighted("active", 30, 103, { owners: owners(103, "Owner bob") }),
    ];
    const moved = [said("change Maintainer bob to Owner", 101), said("remove Owner alice", 102)];
    assert.deepEqual(toldIn({ sightings: promoted, entries: moved }, findingsIn({ entries: moved })), []);
    assert.equal(toldIn({ sightings: promoted }).length, 2);
  });

  it("is not told again when its entry is read after it", () => {
    const entries = [said("accepted Owner mallory", 103)];
    assert.deepEqual(toldIn({ sightings, entries }, findingsIn({ sightings })), []);
  });

  it("is not explained by an invitation, by another role, by another's entry, or by what came later", () => {
    const vain = [
      said("invite Owner mallory", 102),
      said("accepted Maintainer mallory", 102),
      said("accepted Owner mallet", 102),
      said("add Owner mallory", 130, 60),
      said("add Owner mallory", 99),
    ];
    for (const entry of vain) assert.ok(toldIn({ sightings, entries: [entry] }).includes(SEEN), entry.text);
  });

  it("swallows no later entry about the same person", () => {
    const known = findingsIn({ sightings });
    const entries = [said("remove Owner mallory", 140, 60), said("add Owner mallory", 141, 61)];
    assert.equal(toldIn({ sightings, entries }, known).length, 2);
  });

  it("explains everybody's loss by the project's removal", () => {
    const entries = [said("remove project", 101), said("create", 102), said("add Owner mallory", 103, 2)];
    const after = [
      baseline("active", ALICE),
      sighted("active", 30, 103, { owners: owners(103, "Owner mallory") }),
    ];
    const told = toldIn({ sightings: after, entries });
    assert.equal(told.length, 1);
    assert.match(told[0] ?? "", /mallory is its owner now/);
  });

  it("includes an organization, which the journal never names", () => {
    const moved = { ...ALICE, serial: 103, organization: "lamps" };
    assert.deepEqual(
      toldIn({ sightings: [baseline("active", ALICE), sighted("active", 30, 103, { owners: moved })] }),
      [
        "ownership-changed: The project is in the organisation lamps now, and was in none before. The journal has no entry that says so.",
      ],
    );
  });

  it("is judged for each watcher from where that watch began", () => {
    const began = { head: 104, epoch: 1, at: sightings[1]?.look.at ?? "" };
    assert.deepEqual(toldIn({ sightings, began }), []);
    const later = [...sightings, sighted("active", 60, 105, { owners: owners(105, "Owner mallory") })];
    assert.deepEqual(toldIn({ sightings: later, began }), [
      "ownership-changed: alice was Owner and is nothing now. The journal has no entry that says so.",
    ]);
  });
});
