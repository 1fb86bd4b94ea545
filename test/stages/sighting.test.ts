import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { type Change, change, type Reason } from "../../functions/domain/changes.ts";
import type { Fact, Ownership, ProjectSighting } from "../../functions/domain/facts.ts";
import { feed } from "../../functions/feed/feed.ts";
import { IndexUnavailable } from "../../functions/ports.ts";
import { parseChange } from "../../functions/survey/schema.ts";
import { survey } from "../../functions/survey/survey.ts";
import { FILE, PROJECT, Rig } from "./rig.ts";

const ALICE: Ownership = { roles: [{ role: "Owner", user: "alice" }], organization: null, serial: 2_000 };

let rig: Rig;
beforeEach(async () => {
  rig = new Rig();
  rig.shelf.journalled("create", PROJECT, null);
  rig.shelf.shows([]);
  await rig.watched();
  rig.shelf.ownersAsked = 0;
  rig.shelf.ownership = ALICE;
});

const asked = (reason: Reason, more: Partial<Change> = {}): Change =>
  change({ project: PROJECT, reason, at: rig.clock.now(), epoch: 1, ...more });

/** What a look said of the project as a whole. */
async function sightedBy(of: Change): Promise<ProjectSighting | null> {
  rig.store.run("DELETE FROM messages");
  await survey(of, rig.ports);
  return rig.messages<Fact>("facts").find((each) => each.kind === "project") ?? null;
}

/** The changes that the journal's rows make. */
async function fed(): Promise<readonly Change[]> {
  rig.store.run("DELETE FROM messages");
  await feed({ ...rig.ports, changes: rig.ports.changes.now });
  return rig.messages<unknown>("changes-now").map(parseChange);
}

describe("a look says something of the project as a whole", () => {
  it("when the change names no file, and not when it names some", async () => {
    for (const reason of ["journal", "sweep", "deadline", "policy"] as const) {
      assert.ok(await sightedBy(asked(reason)), reason);
      assert.equal(await sightedBy(asked(reason, { files: [FILE] })), null, reason);
    }
  });

  it("when an entry about it or its people was read together with an upload's", async () => {
    rig.shelf.journalled("accepted Owner mallory", PROJECT, null);
    rig.shelf.journalled(`add source file ${FILE}`);
    rig.shelf.shows([FILE]);
    const [one, ...others] = await fed();
    assert.ok(one !== undefined && others.length === 0);
    assert.deepEqual([one.files, one.whole], [[FILE], true]);
    assert.ok(await sightedBy(one));
  });

  it("when a release's quarantine was read, and not when files come, go or are yanked", async () => {
    const isWhole = async (action: string, release: string | null): Promise<boolean> => {
      rig.shelf.journalled(action, PROJECT, release);
      const [one] = await fed();
      await rig.host.poll();
      return one?.whole === true;
    };
    for (const action of ["release quarantined", "release quarantine cleared"])
      assert.equal(await isWhole(action, "1.0"), true, action);
    for (const action of [
      "project quarantined",
      "create",
      "remove project",
      "change Owner a to Maintainer",
      "docupdate",
    ])
      assert.equal(await isWhole(action, null), true, action);
    for (const action of ["new release", "yank release", "remove release", `remove file ${FILE}`])
      assert.equal(await isWhole(action, "1.0"), false, action);
  });

  it("when the page shows another state than the last one, whatever was asked", async () => {
    rig.shelf.shows([], { state: "archived" });
    const sighting = await sightedBy(asked("record", { files: [FILE] }));
    assert.equal(sighting?.state, "archived");
    assert.equal(await sightedBy(asked("record", { files: [FILE] })), null);
  });

  it("when its page could not be read, and the journal has something to say of it", async () => {
    rig.shelf.unreadable = new IndexUnavailable("unreachable", "nobody answers");
    assert.equal((await sightedBy(asked("journal", { files: [FILE], whole: true })))?.state, "unreadable");
    assert.equal(rig.delayMs("changes-now"), 1_000);
    assert.equal(await sightedBy(asked("journal", { files: [FILE] })), null);
    assert.equal(await sightedBy(asked("sweep")), null);
  });

  it("and goes on asking for a page that was not read, however often: no deadline stands for it", async () => {
    rig.shelf.unreadable = new IndexUnavailable("unreachable", "nobody answers");
    await sightedBy(asked("journal", { files: [FILE], whole: true, looks: 9 }));
    assert.equal(rig.messages<Change>("changes-now").length, 1);
  });
});

describe("who may publish", () => {
  it("is asked on the sweep's turn and on an entry that speaks of the project, else never", async () => {
    assert.deepEqual((await sightedBy(asked("sweep")))?.ownership, ALICE);
    assert.deepEqual((await sightedBy(asked("journal", { whole: true })))?.ownership, ALICE);
    assert.equal(rig.shelf.ownersAsked, 2);
    for (const reason of ["journal", "deadline", "policy", "record"] as const) await sightedBy(asked(reason));
    await sightedBy(asked("sweep", { files: [FILE] }));
    assert.equal(rig.shelf.ownersAsked, 2);
  });

  it("is not asked beside a page that is older than the entry: its turn comes with the page's", async () => {
    await sightedBy(asked("journal", { whole: true, serial: 5_000 }));
    assert.equal(rig.shelf.ownersAsked, 0);
  });

  it("is not said by an answer older than the page, nor where the index says nothing or does not answer", async () => {
    const said = async (): Promise<unknown> => (await sightedBy(asked("sweep")))?.ownership;
    rig.shelf.ownership = { ...ALICE, serial: 7 };
    assert.equal(await said(), undefined);
    rig.shelf.ownership = { ...ALICE, serial: null };
    assert.deepEqual(await said(), rig.shelf.ownership);
    rig.shelf.ownership = null;
    assert.equal(await said(), undefined);
    rig.shelf.ownersUnreadable = new IndexUnavailable("garbled", "no JSON");
    assert.ok(await sightedBy(asked("sweep")), "the page is seen all the same");
  });

  it("is asked by a fault of ours only in vain: it is not swallowed", async () => {
    const owners = { read: () => Promise.reject(new TypeError("a fault of ours")) };
    await assert.rejects(survey(asked("sweep"), { ...rig.ports, owners }), TypeError);
  });
});
