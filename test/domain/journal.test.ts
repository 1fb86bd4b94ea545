import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { change, changesNaming, MOST_FILES_NAMED } from "../../functions/domain/changes.ts";
import { entryOf, fileOf, journalChangeId, parseAction, removes } from "../../functions/domain/journal.ts";
import { MOST_MESSAGE_BYTES } from "../../functions/ports.ts";
import { minute } from "./perfect.ts";

/** Every string that PyPI's code writes, with a version or without, and what it says. */
const ACTIONS: readonly (readonly [text: string, version: string | null, kind: string, file?: string])[] = [
  ["create", null, "project-created"],
  ["add Owner alice", null, "role"],
  ["new release", "1.0", "release-created"],
  ["add source file lantern-1.0.tar.gz", "1.0", "file-added", "lantern-1.0.tar.gz"],
  [
    "add py2.py3 file lantern-1.0-py2.py3-none-any.whl",
    "1.0",
    "file-added",
    "lantern-1.0-py2.py3-none-any.whl",
  ],
  ["add 3.7 file lantern-1.0-py3.7.egg", "1.0", "file-added", "lantern-1.0-py3.7.egg"],
  ["remove file lantern-1.0.tar.gz", "1.0", "file-removed", "lantern-1.0.tar.gz"],
  ["remove release", "1.0", "release-removed"],
  ["remove project", null, "project-removed"],
  ["yank release", "1.0", "release-yanked"],
  ["unyank release", "1.0", "release-unyanked"],
  ["project quarantined", null, "project-quarantined"],
  ["project quarantine cleared", null, "project-cleared"],
  ["release quarantined", "1.0", "release-quarantined"],
  ["release quarantine cleared", "1.0", "release-cleared"],
  ["add Maintainer bob", null, "role"],
  ["add Owner The Release Team", null, "role"],
  ["invite Maintainer mallory", null, "role"],
  ["revoke_invite Maintainer mallory", null, "role"],
  ["accepted Owner mallory", null, "role"],
  ["change Maintainer bob to Owner", null, "role"],
  ["change Owner The Release Team to Maintainer", null, "role"],
  ["remove Owner alice", null, "role"],
  ["remove Maintainer The Release Team", null, "role"],
  ["remove", "1.0", "release-removed"],
  ["remove", null, "project-removed"],
];

/** What looks like one thing and is another. */
const TRAPS: typeof ACTIONS = [
  ["add a file b file lantern-1.0.whl", "1.0", "file-added", "lantern-1.0.whl"],
  ["add  file lantern-1.0.whl", "1.0", "file-added", "lantern-1.0.whl"],
  ["add Owner file lantern-1.0.whl", "1.0", "file-added", "lantern-1.0.whl"],
  ["add Owner file clerks", null, "role"],
  ["add Maintainer The file system team", null, "role"],
  ["remove Owner file", null, "role"],
  ["remove file Owner x", "1.0", "file-removed", "Owner x"],
  ["remove file file x", "1.0", "file-removed", "file x"],
  ["docupdate", null, "unknown"],
  ["rename from lamp", null, "unknown"],
  ["Create", null, "unknown"],
  ["add owner alice", null, "unknown"],
  ["constructor", null, "unknown"],
  ["__proto__", null, "unknown"],
  ["", null, "unknown"],
];

describe("an action of the journal", () => {
  for (const [text, version, kind, file] of [...ACTIONS, ...TRAPS]) {
    it(`"${text}" ${version === null ? "of no version" : `of ${version}`} says ${kind}`, () => {
      const action = parseAction(text, version);
      assert.equal(action.kind, kind);
      assert.equal("file" in action ? action.file : undefined, file);
    });
  }

  it("of no known form is kept word for word", () => {
    assert.deepEqual(parseAction("docupdate", "1.0"), { kind: "unknown", text: "docupdate" });
  });
});

describe("an entry", () => {
  const row = { name: "Lantern_Kit", version: "1.0", at: minute(0), serial: 7 };

  it("is kept under the normalised name, with when our own clock saw it", () => {
    const entry = entryOf({ ...row, action: "remove release" }, 2, minute(1));
    assert.deepEqual(
      [entry.project, entry.epoch, entry.at, entry.seenAt],
      ["lantern-kit", 2, minute(0), minute(1)],
    );
    assert.equal(fileOf(entry), null);
  });

  it("about a release takes its files away, and no other's", () => {
    const entry = entryOf({ ...row, action: "remove release" }, 1, minute(1));
    assert.ok(removes(entry, "lantern-1.0.tar.gz", "1.0.0"));
    assert.ok(!removes(entry, "lantern-1.1.tar.gz", "1.1"));
    assert.ok(!removes(entry, "lantern.tar.gz", null));
  });

  it("about the project takes all of them", () => {
    const entry = entryOf({ ...row, version: null, action: "remove" }, 1, minute(1));
    assert.ok(removes(entry, "anything", null));
  });

  it("that adds, yanks or quarantines takes nothing away", () => {
    for (const action of ["add py3 file x.whl", "yank release", "release quarantined", "remove Owner alice"])
      assert.ok(!removes(entryOf({ ...row, action }, 1, minute(1)), "x.whl", "1.0"));
  });
});

describe("a change", () => {
  const asked = { project: "lantern", reason: "journal", at: minute(0) } as const;

  it("is the same change when it says the same", () => {
    assert.deepEqual(change(asked), change({ ...asked }));
    assert.notEqual(change(asked).id, change({ ...asked, files: ["x"] }).id);
    assert.notEqual(journalChangeId("lantern", 1, [7]), journalChangeId("lantern", 2, [7]));
  });

  it("that names many files becomes several, each of which fits its queue, and names each file once", () => {
    const files = Array.from(
      { length: 2 * MOST_FILES_NAMED + 1 },
      (_, index) => `${index}-${"l".repeat(188)}.whl`,
    );
    const changes = changesNaming(asked, files);
    assert.deepEqual(
      changes.map((each) => each.files.length),
      [MOST_FILES_NAMED, MOST_FILES_NAMED, 1],
    );
    assert.deepEqual(
      changes.flatMap((each) => each.files),
      files,
    );
    assert.equal(new Set(changes.map(({ id }) => id)).size, 3);
    for (const each of changes) assert.ok(Buffer.byteLength(JSON.stringify(each)) < MOST_MESSAGE_BYTES);
  });

  it("fits its queue also when the names are as long and as foreign as names can be", () => {
    const files = Array.from({ length: 500 }, (_, index) => `${index}-${"\u{1F600}".repeat(248)}.whl`);
    const changes = changesNaming(asked, files);
    assert.deepEqual(
      changes.flatMap((each) => each.files),
      files,
    );
    for (const each of changes) assert.ok(Buffer.byteLength(JSON.stringify(each)) < MOST_MESSAGE_BYTES);
  });

  it("that names no file is one change about the project", () => {
    assert.deepEqual(
      changesNaming(asked, []).map(({ files }) => files),
      [[]],
    );
  });
});
