import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import * as z from "zod";
import { change, changesNaming, MOST_FILES_NAMED } from "../../functions/domain/changes.ts";
import { entryOf, fileOf, journalChangeId, parseAction, removes } from "../../functions/domain/journal.ts";
import { MOST_MESSAGE_BYTES } from "../../functions/ports.ts";
import { minute } from "./perfect.ts";

/** Rows of the journal as somebody's reader kept them. */
const ROWS = z.array(z.tuple([z.string(), z.nullable(z.string()), z.number(), z.string(), z.number()]));

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
  ["add any file lantern-1.0.win32.exe", "1.0", "file-added", "lantern-1.0.win32.exe"],
  ["add 2.7 file lantern-1.0.win-amd64-py2.7.msi", "1.0", "file-added", "lantern-1.0.win-amd64-py2.7.msi"],
  ["add any file lantern-1.0-1.noarch.rpm", "1.0", "file-added", "lantern-1.0-1.noarch.rpm"],
  ["remove file lantern-1.0.linux-x86_64.tar.gz", "1.0", "file-removed", "lantern-1.0.linux-x86_64.tar.gz"],
  ["remove file lantern-1.0-py2.4.egg", "1.0", "file-removed", "lantern-1.0-py2.4.egg"],
];

/** Every form of a role's row, and what is read from it. */
const ROLES: readonly (readonly [text: string, ...read: (string | null)[]])[] = [
  ["add Owner alice", "add", "Owner", "alice", null],
  ["add Maintainer bob", "add", "Maintainer", "bob", null],
  ["add Owner The Release Team", "add", "Owner", "The Release Team", null],
  ["invite Maintainer mallory", "invite", "Maintainer", "mallory", null],
  ["revoke_invite Owner mallory", "revoke_invite", "Owner", "mallory", null],
  ["accepted Owner mallory", "accepted", "Owner", "mallory", null],
  ["remove Owner alice", "remove", "Owner", "alice", null],
  ["remove Maintainer The Release Team", "remove", "Maintainer", "The Release Team", null],
  ["change Maintainer bob to Owner", "change", "Maintainer", "bob", "Owner"],
  ["change Owner The Night Shift to Maintainer", "change", "Owner", "The Night Shift", "Maintainer"],
  ["change Owner to to Maintainer", "change", "Owner", "to", "Maintainer"],
  ["change Owner up to Owner to Maintainer", "change", "Owner", "up to Owner", "Maintainer"],
  ["change Maintainer a file b to Owner", "change", "Maintainer", "a file b", "Owner"],
  ["invite Owner  two  blanks ", "invite", "Owner", " two  blanks ", null],
  ["add Owner file", "add", "Owner", "file", null],
  ["add Owner two\nlines", "add", "Owner", "two\nlines", null],
  ["remove Owner file x", "remove", "Owner", "file x", null],
  ["accepted Owner Maintainer", "accepted", "Owner", "Maintainer", null],
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
  ["remove file  to Owner", "1.0", "file-removed", " to Owner"],
  ["add Owner mallory", "1.0", "unknown"],
  ["remove Owner alice", "1.0", "unknown"],
  ["change Owner bob", null, "unknown"],
  ["change Owner bob to King", null, "unknown"],
  ["change Owner  to Maintainer", null, "unknown"],
  ["add Owner ", null, "unknown"],
  ["remove file ", "1.0", "unknown"],
  ["add py3 file ", "1.0", "unknown"],
  ["remove project now", null, "unknown"],
  ["update author", "1.0", "unknown"],
  ["hide", "1.0", "unknown"],
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

  for (const [text, verb, role, name, newRole] of ROLES) {
    it(`"${text.replace("\n", "\\n")}" says whose rights change, and how`, () => {
      assert.deepEqual(parseAction(text, null), { kind: "role", verb, role, name, newRole });
    });
  }

  it("that PyPI's readers have kept is known, whichever it is", () => {
    const folder = new URL("../fixtures/pypi/xmlrpc/", import.meta.url);
    const kept = readdirSync(folder).filter((name) => name.endsWith(".toolchain.json"));
    const rows = kept.flatMap((name) => ROWS.parse(JSON.parse(readFileSync(new URL(name, folder), "utf8"))));
    assert.ok(rows.length > 20);
    const kinds = new Set<string>();
    for (const [, version, , action] of rows) {
      const { kind } = parseAction(action, version);
      assert.notEqual(kind, "unknown", action);
      kinds.add(kind);
    }
    for (const kind of [
      "project-removed",
      "project-created",
      "release-created",
      "file-added",
      "file-removed",
      "role",
    ])
      assert.ok(kinds.has(kind), kind);
  });

  it("of any form is read without failing, and what is not known is kept word for word", () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc
        .array(
          fc.constantFrom(
            "add",
            "remove",
            "change",
            "invite",
            "file",
            "Owner",
            "Maintainer",
            "to",
            "release",
            " ",
            "",
            "x",
          ),
        )
        .map((words) => words.join(" ")),
    );
    fc.assert(
      fc.property(texts, fc.option(fc.string()), (text, version) => {
        const action = parseAction(text, version);
        if (action.kind === "unknown") assert.equal(action.text, text);
        if (action.kind === "role") assert.equal(version, null);
        if ("file" in action) assert.ok(action.file !== "" && text.endsWith(action.file));
      }),
    );
  });

  it("of an upload is that upload, whatever its uploader calls the Python it is for", () => {
    const tags = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string(),
      fc
        .array(
          fc.constantFrom(
            "Owner mallory",
            "file",
            "file evil.whl",
            "remove release",
            "\n",
            "remove file x",
            "to Owner",
          ),
        )
        .map((words) => words.join(" ")),
    );
    const files = fc.constantFrom(
      "lantern-1.0.tar.gz",
      "lantern-1.0-py3-none-any.whl",
      "lantern-1.0.file.zip",
    );
    fc.assert(
      fc.property(tags, files, fc.string(), (tag, file, version) => {
        assert.deepEqual(parseAction(`add ${tag} file ${file}`, version), { kind: "file-added", file });
      }),
      { numRuns: 1_000 },
    );
  });

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
