import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import type { SandboxIndex } from "../../bin/sandbox/index/server.ts";
import { lighthouse, sdist, started, wheel } from "./started.ts";

function rows(index: SandboxIndex, after = 0) {
  return index.journal.since(after).map(({ name, version, action }) => [name, version, action]);
}

test("a first upload writes create, owner, release and file rows with consecutive serials", async (t) => {
  const index = await lighthouse(t);
  assert.deepEqual(rows(index), [
    ["Lighthouse", null, "create"],
    ["Lighthouse", null, "add Owner owner"],
    ["Lighthouse", "1.0", "new release"],
    ["Lighthouse", "1.0", "add source file lighthouse-1.0.tar.gz"],
    ["Lighthouse", "1.0", "add py3 file lighthouse-1.0-py3-none-any.whl"],
  ]);
  assert.deepEqual(
    index.journal.rows.map(({ serial }) => serial),
    [1000, 1001, 1002, 1003, 1004],
  );
});

test("a second file of a release writes one row, under the first spelling of the name", async (t) => {
  const index = await lighthouse(t);
  index.publish({ project: "LIGHTHOUSE", version: "1.0.0", files: [more("1-1")] });
  assert.deepEqual(rows(index, 1004), [
    ["Lighthouse", "1.0", "add py3 file lighthouse-1.0-1-1-py3-none-any.whl"],
  ]);
});

function more(tag: string) {
  return { name: `lighthouse-1.0-${tag}-py3-none-any.whl`, bytes: Buffer.from(tag), pyversion: "py3" };
}

test("removing a release or a project writes one row and names no files", async (t) => {
  const index = await lighthouse(t);
  index.removeRelease("lighthouse", "1.0.0");
  index.removeProject("lighthouse");
  assert.deepEqual(rows(index, 1004), [
    ["Lighthouse", "1.0", "remove release"],
    ["Lighthouse", null, "remove project"],
  ]);
});

test("a file name is burnt for ever, even after its project is gone", async (t) => {
  const index = await lighthouse(t);
  index.removeProject("lighthouse");
  const again = { project: "lighthouse", version: "1.0", files: [wheel] };
  assert.throws(() => index.publish(again), /previously used by a file that has since been deleted/);
});

test("the same bytes under the same name again change nothing", async (t) => {
  const index = await lighthouse(t);
  index.publish({ project: "lighthouse", version: "1.0", files: [sdist, wheel] });
  assert.equal(index.journal.head(), 1004);
  const other = { name: wheel.name, bytes: Buffer.from("other") };
  assert.throws(
    () => index.publish({ project: "lighthouse", version: "1.0", files: [other] }),
    /already exists/,
  );
});

test("yanks and quarantines have their rows, archiving moves no serial", async (t) => {
  const index = await lighthouse(t);
  index.yank("lighthouse", "1.0", "broken");
  index.unyank("lighthouse", "1.0");
  index.quarantineRelease("lighthouse", "1.0");
  index.clearReleaseQuarantine("lighthouse", "1.0");
  index.quarantineProject("lighthouse");
  index.clearProjectQuarantine("lighthouse");
  index.archive("lighthouse");
  assert.deepEqual(
    rows(index, 1004).map(([, , action]) => action),
    [
      "yank release",
      "unyank release",
      "release quarantined",
      "release quarantine cleared",
      "project quarantined",
      "project quarantine cleared",
    ],
  );
});

test("a withheld row is missing, then back in its place", async (t) => {
  const index = await lighthouse(t);
  const release = index.faults.withholdRows({ file: wheel.name });
  assert.equal(index.journal.head(), 1003);
  index.seedJournal(1);
  assert.deepEqual(serials(index, 1002), [1003, 1005]);
  release();
  assert.deepEqual(serials(index, 1002), [1003, 1004, 1005]);
});

function serials(index: SandboxIndex, after: number) {
  return index.journal.since(after).map(({ serial }) => serial);
}

test("a journal that falls back shows an earlier head until it recovers", async (t: TestContext) => {
  const index = await lighthouse(t);
  const recover = index.faults.journalFallsTo(1001);
  assert.equal(index.journal.head(), 1001);
  assert.deepEqual(serials(index, 1000), [1001]);
  recover();
  assert.equal(index.journal.head(), 1004);
});

test("a journal restored from a backup gives serials out a second time", async (t) => {
  const index = await lighthouse(t);
  index.faults.journalRestoredTo(1001);
  index.addJournalRow({ name: "somebody", action: "create" });
  assert.deepEqual(serials(index, 0), [1000, 1001, 1002]);
  assert.equal(index.journal.rows.at(-1)?.action, "create");
});

test("serials may be skipped, as rolled-back transactions do", async (t) => {
  const index = await started(t);
  index.journal.burn(7);
  assert.equal(index.addJournalRow({ name: "x", action: "create" }).serial, 1007);
});

test("thousands of releases a second can be published", async (t) => {
  const index = await started(t);
  const before = process.cpuUsage();
  for (let release = 0; release < 2000; release += 1) {
    const bytes = Buffer.from(`release ${release}`.padEnd(10_240));
    const name = `buoy_${release}-1.0-py3-none-any.whl`;
    index.publish({ project: `buoy-${release}`, version: "1.0", files: [{ name, bytes }] });
  }
  assert.equal(index.journal.rows.length, 8000);
  assert.ok(process.cpuUsage(before).user < 1_000_000);
});
