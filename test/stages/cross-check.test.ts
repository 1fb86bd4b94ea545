import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { Change } from "../../functions/domain/changes.ts";
import { after } from "../../functions/domain/instants.ts";
import type { Page } from "../../functions/domain/pages.ts";
import { DEFAULT_SETTINGS } from "../../functions/domain/settings.ts";
import { NEVER, type SourceName } from "../../functions/domain/sources.ts";
import { crossCheck } from "../../functions/feed/cross-check.ts";
import { crossChecks } from "../../functions/feed/cross-checks.ts";
import { feed } from "../../functions/feed/feed.ts";
import { restartCursor } from "../../functions/feed/restart.ts";
import { Conflict, IndexUnavailable } from "../../functions/ports.ts";
import { FILE, MINUTE, PROJECT, Rig } from "./rig.ts";
import { FakeSource, FakeSources, shown } from "./sources.ts";

let rig: Rig;
let sources: FakeSources;

beforeEach(() => {
  rig = new Rig();
  sources = new FakeSources();
});

const portsOf = () => ({ ...rig.ports, sources, changes: rig.ports.changes.now });
const check = (source: SourceName = "list"): Promise<number> => crossCheck(source, portsOf());
const poll = () => feed({ ...rig.ports, changes: rig.ports.changes.now });
const state = (source: SourceName = "list") => rig.ports.sourceStates.read(source);
const changes = (): Change[] => rig.messages<Change>("changes-now");
const unavailable = (retryAfterMs: number | null = null) =>
  new IndexUnavailable("unreachable", "HTTP 503", retryAfterMs);

/** What the list shows: the enrolled project with this serial, among others'. */
function lists(serial: number | null, reaches: number): void {
  const own = serial === null ? [] : [shown(PROJECT, serial)];
  sources.list.shows = [shown("aardvark", reaches), ...own, shown("zebra", 3)];
  sources.list.serial = reaches;
}

/** Enrolled, its page known, the list read once, nothing queued. */
async function watching(more: Partial<Page> = {}): Promise<void> {
  rig.shelf.journalled("create");
  rig.shelf.shows([FILE], more);
  await rig.watched();
  lists(1001, 1001);
  await check();
  assert.deepEqual(changes(), []);
}

describe("a look at the list of all projects", () => {
  it("queues nothing the first time, and remembers how far the list reached", async () => {
    await watching();
    const { serial, answeredAt, failing, epoch } = (await state()) ?? {};
    assert.deepEqual([serial, answeredAt, failing, epoch], [1001, rig.clock.now(), null, 1]);
  });

  it("queues a change for an enrolled project that moved while the journal said nothing", async () => {
    await watching();
    lists(1004, 1005);
    assert.equal(await check(), 1);
    const [{ id: _, ...queued } = {}] = changes();
    const at = rig.clock.now();
    const asked = { project: PROJECT, reason: "cross-check", lane: "now", serial: 1004, epoch: 1 };
    assert.deepEqual(queued, { ...asked, files: [], at, looks: 0 });
    assert.equal((await state())?.serial, 1005);
  });

  it("queues nothing where the journal has told of it already", async () => {
    await watching();
    const serial = rig.shelf.journalled(`add source file ${FILE}`);
    await poll();
    const told = changes().length;
    lists(serial, serial);
    assert.equal(await check(), 0);
    assert.equal(changes().length, told);
  });

  it("queues nothing for whoever is not enrolled", async () => {
    await watching();
    lists(1001, 5000);
    assert.equal(await check(), 0);
  });

  it("queues nothing when it is looked at twice and nothing moved, ETag or none", async () => {
    await watching();
    lists(1004, 1005);
    await check();
    for (const isTagged of [true, false]) {
      sources.list.isTagged = isTagged;
      assert.equal(await check(), 0);
      assert.equal(await check(), 0);
    }
    assert.equal(changes().length, 1);
  });

  it("changes nothing where projects come twice, or in another order", async () => {
    await watching();
    lists(1004, 1005);
    const [first, own, last] = sources.list.shows;
    assert.ok(first && own && last);
    sources.list.shows = [last, own, first, shown(PROJECT, 1001), own];
    assert.equal(await check(), 1);
    assert.deepEqual(
      changes().map(({ serial }) => serial),
      [1004],
    );
  });

  it("asks for no serial above the list's own", async () => {
    await watching();
    lists(9_999_999, 1005);
    assert.equal(await check(), 1);
    assert.deepEqual(
      changes().map(({ serial }) => serial),
      [null],
    );
  });

  it("queues a change for an enrolled project that it lacks, once, and again when it was back meanwhile", async () => {
    await watching();
    lists(null, 1005);
    assert.equal(await check(), 1);
    assert.deepEqual(
      changes().map(({ project, serial }) => [project, serial]),
      [[PROJECT, null]],
    );
    lists(null, 1006);
    assert.equal(await check(), 0);
    lists(1001, 1007);
    assert.equal(await check(), 0);
    lists(null, 1008);
    assert.equal(await check(), 1);
  });

  it("queues nothing for one that no list ever had", async () => {
    await rig.watched();
    lists(null, 1005);
    assert.equal(await check(), 0);
    lists(null, 1006);
    assert.equal(await check(), 0);
  });

  it("says nothing where the list breaks off, and remembers since when it fails", async () => {
    await watching();
    sources.list.shows = [shown("aardvark", 5)];
    sources.list.breaks = unavailable(7_000);
    const since = rig.clock.now();
    await assert.rejects(check(), IndexUnavailable);
    rig.clock.ms += MINUTE;
    await assert.rejects(check(), IndexUnavailable);
    assert.deepEqual(changes(), []);
    const { serial, failing, notBefore, answeredAt } = (await state()) ?? {};
    assert.deepEqual([serial, failing], [1001, { since, reason: "unreachable: HTTP 503" }]);
    assert.equal(notBefore, after(rig.clock.now(), 7_000));
    assert.equal(answeredAt, since);
    sources.list.breaks = null;
    lists(1004, 1005);
    assert.equal(await check(), 1);
    assert.deepEqual([(await state())?.failing, (await state())?.notBefore], [null, null]);
  });

  it("takes no older copy for an answer, nor for how far the list reaches; and looks at what it lacks", async () => {
    await watching();
    lists(1004, 1005);
    await check();
    const answeredAt = rig.clock.now();
    rig.clock.ms += MINUTE;
    lists(1001, 1003);
    assert.equal(await check(), 0);
    const { serial, failing, answeredAt: stillAt } = (await state()) ?? {};
    assert.deepEqual([serial, stillAt], [1005, answeredAt]);
    assert.match(failing?.reason ?? "", /reaches serial 1003, and reached 1005 before: an older copy/);
    lists(null, 1003);
    assert.equal(await check(), 1);
    lists(1004, 1006);
    assert.equal(await check(), 0);
    assert.equal((await state())?.failing, null);
  });

  it("is not silenced for good by one list that lied of how far it reaches", async () => {
    await watching();
    lists(1001, Number.MAX_SAFE_INTEGER);
    await check();
    lists(1004, 1005);
    for (let minutes = 0; minutes < 45; minutes += 5) {
      rig.clock.ms += 5 * MINUTE;
      assert.equal(await check(), 0);
    }
    rig.clock.ms += 5 * MINUTE;
    assert.equal(await check(), 1);
    assert.deepEqual(
      changes().map(({ serial }) => serial),
      [1004],
    );
    const { serial, failing, answeredAt } = (await state()) ?? {};
    assert.deepEqual([serial, failing, answeredAt], [1005, null, rig.clock.now()]);
    lists(1006, 1006);
    assert.equal(await check(), 1);
  });

  it("takes no older copy for the truth where copies of several ages take turns", async () => {
    await watching();
    for (let turn = 0; turn < 30; turn += 1) {
      rig.clock.ms += 5 * MINUTE;
      const isOld = turn % 3 > 0;
      lists(1001, isOld ? 1000 : 1001 + turn);
      assert.equal(await check(), 0);
      assert.equal((await state())?.failing === null, !isOld);
    }
    assert.deepEqual(changes(), []);
  });

  it("remembers since when the journal has not come to where the list was, until it does", async () => {
    await watching();
    const since = rig.clock.now();
    assert.deepEqual((await state())?.ahead, null);
    rig.shelf.journalled("create", "aardvark");
    lists(1001, 1002);
    await check();
    rig.clock.ms += MINUTE;
    lists(1001, 1003);
    await check();
    assert.deepEqual((await state())?.ahead, { serial: 1002, since });
    await poll();
    await check();
    assert.deepEqual((await state())?.ahead, { serial: 1003, since: rig.clock.now() });
    rig.shelf.journalled("new release", "aardvark", "1.0");
    await poll();
    await check();
    assert.equal((await state())?.ahead, null);
  });

  it("asks after no more than can be remembered of those that it lacks, and after none of them twice", async () => {
    const absent = Array.from({ length: 5_100 }, (_, at) => `absent-${at}`);
    sources.list.shows = absent.map((project) => shown(project, 5));
    sources.list.serial = 1001;
    const ports = portsOf();
    const enrolments = { ...ports.enrolments, projects: async () => absent };
    const look = () => crossCheck("list", { ...ports, enrolments });
    await look();
    sources.list.shows = [shown("zebra", 5)];
    sources.list.serial = 1002;
    assert.equal(await look(), 5_000);
    for (const serial of [1003, 1004]) {
      sources.list.serial = serial;
      assert.equal(await look(), 0);
    }
  });

  it("begins anew in a new epoch of the cursor", async () => {
    await watching();
    rig.shelf.headNow = 7;
    await restartCursor(rig.ports, "operator");
    lists(6, 7);
    assert.equal(await check(), 0);
    assert.deepEqual([(await state())?.serial, (await state())?.epoch], [7, 2]);
    lists(8, 8);
    await check();
    assert.deepEqual(
      changes().map(({ serial, epoch }) => [serial, epoch]),
      [[8, 2]],
    );
  });

  it("is taken by one of two at a time", async () => {
    await watching();
    lists(1004, 1005);
    const ends = await Promise.allSettled([check(), check()]);
    assert.deepEqual(ends.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    for (const end of ends) assert.ok(end.status === "fulfilled" || end.reason instanceof Conflict);
    assert.equal(sources.list.asked.length, 2);
  });
});

describe("the sources in their turns", () => {
  it("do not wait for one that takes its time, nor for one that fails", async () => {
    await rig.watched();
    lists(1001, 1001);
    const slow = Promise.withResolvers<void>();
    const { list, updates } = sources;
    const look: typeof list.look = (etag, take) =>
      slow.promise.then(() => FakeSource.prototype.look.call(list, etag, take));
    list.look = look;
    updates.breaks = unavailable();
    sources.projects.shows = [{ ...shown(PROJECT, null), published: NOON }];
    const all = crossChecks({ ...portsOf(), settings: DEFAULT_SETTINGS });
    while ((await state("projects"))?.answeredAt === undefined || (await state("updates"))?.failing === null)
      await new Promise(setImmediate);
    assert.equal((await state())?.answeredAt, null);
    slow.resolve();
    const ends = (await all).map((each) => [each.source, "error" in each ? "failed" : each.changes]);
    assert.deepEqual(ends, [
      ["list", 0],
      ["updates", "failed"],
      ["projects", 1],
    ]);
  });
});

describe("the place where the journal would have to be read from", () => {
  const NOBODY = new IndexUnavailable("unreachable", "nobody answers");

  it("is the first list's serial where no journal is read, and says of nothing that it was read", async () => {
    rig = new Rig({ source: "list" });
    lists(1001, 1005);
    await check();
    const { serial, from, polledAt, caughtUpAt, epoch } = (await rig.ports.cursors.read()) ?? {};
    assert.deepEqual([serial, from, polledAt, caughtUpAt, epoch], [1005, 1005, NEVER, NEVER, 1]);
    lists(1007, 1007);
    await check();
    assert.equal((await rig.ports.cursors.read())?.serial, 1005);
  });

  it("waits for the journal, where that is the source, for as long as its silence is no blindness", async () => {
    rig.shelf.journal.head = async () => {
      throw NOBODY;
    };
    lists(1001, 1005);
    await check();
    rig.clock.ms += 4 * MINUTE;
    await check();
    assert.equal(await rig.ports.cursors.read(), null);
    rig.clock.ms += MINUTE;
    await check();
    assert.equal((await rig.ports.cursors.read())?.serial, 1005);
  });

  it("is never moved by the list: the journal tells everything since, when it answers", async () => {
    await watching();
    lists(1004, 1005);
    await check();
    assert.equal((await rig.ports.cursors.read())?.serial, 1001);
    rig.shelf.journalled(`add source file ${FILE}`);
    const { changes: told, cursor } = await poll();
    assert.deepEqual([told, cursor.serial], [1, 1002]);
  });
});

const NOON = "Sun, 22 Nov 2026 12:00:00 GMT";
const release = (version: string, published = NOON, project = PROJECT) => ({
  ...shown(project, null, version),
  published,
});

describe("a look at the feed of newest releases", () => {
  const updates = () => check("updates");

  /** Enrolled, and a feed of others' releases read once. */
  async function following(): Promise<void> {
    rig.shelf.journalled("create");
    rig.shelf.shows([FILE]);
    await rig.watched();
    sources.updates.shows = [release("1", NOON, "aardvark"), release("0.9")];
    await updates();
    rig.store.run("DELETE FROM messages");
  }

  it("queues a change for an enrolled project's release that was not seen, and no serial", async () => {
    await following();
    sources.updates.shows = [release("1.0"), ...sources.updates.shows];
    assert.equal(await updates(), 1);
    assert.deepEqual(
      changes().map(({ project, reason, serial, files }) => [project, reason, serial, files]),
      [[PROJECT, "cross-check", null, []]],
    );
  });

  it("sees it below what was seen, and however old it says it is", async () => {
    await following();
    sources.updates.shows = [...sources.updates.shows, release("1.0", "Sat, 21 Nov 2026 12:00:00 GMT")];
    assert.equal(await updates(), 1);
  });

  it("sees one that was removed and made again under another date", async () => {
    await following();
    sources.updates.shows = [release("0.9", "Sun, 22 Nov 2026 12:07:00 GMT")];
    assert.equal(await updates(), 1);
  });

  it("queues nothing for what comes twice, in another order, or back from an older copy", async () => {
    await following();
    const older = sources.updates.shows;
    sources.updates.shows = [release("1.0"), release("1.1"), ...older, release("1.0")];
    assert.equal(await updates(), 1);
    for (const copy of [older, [release("1.1"), ...older, release("1.0")], older]) {
      sources.updates.shows = copy;
      assert.equal(await updates(), 0);
    }
    assert.equal(changes().length, 1);
  });

  it("queues nothing for a release of which the journal has told", async () => {
    await following();
    rig.shelf.journalled("new release", PROJECT, "1.0.0");
    await poll();
    rig.store.run("DELETE FROM messages");
    sources.updates.shows = [release("1.0")];
    assert.equal(await updates(), 0);
  });

  it("queues one for a release whose namesake alone the journal told of, before", async () => {
    await following();
    rig.shelf.journalled("new release", PROJECT, "1.0");
    await poll();
    rig.store.run("DELETE FROM messages");
    sources.updates.shows = [release("1.0", "Sun, 22 Nov 2026 12:59:00 GMT")];
    assert.equal(await updates(), 1);
  });

  it("remembers no more than five hundred, the latest", async () => {
    await following();
    for (let round = 0; round < 12; round += 1) {
      sources.updates.shows = Array.from({ length: 100 }, (_, at) =>
        release(`${round}.${at}`, NOON, "zebra"),
      );
      await updates();
    }
    assert.equal((await state("updates"))?.seen.length, 500);
    assert.equal(await updates(), 0);
  });

  it("looks at no more than it can remember, so that nothing is fresh twice", async () => {
    await following();
    sources.updates.shows = Array.from({ length: 700 }, (_, at) => release(`2.${at}`));
    assert.equal(await updates(), 1);
    sources.updates.isTagged = false;
    assert.equal(await updates(), 0);
  });

  it("tells of a new project as one moved, once", async () => {
    await following();
    sources.projects.shows = [{ ...shown(PROJECT, null), published: NOON }];
    assert.equal(await check("projects"), 1);
    assert.equal(await check("projects"), 0);
  });
});
