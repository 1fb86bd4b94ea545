import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { type Artifact, type Change, change, type Reason } from "../../functions/domain/changes.ts";
import type { Fact } from "../../functions/domain/facts.ts";
import { IndexUnavailable } from "../../functions/ports.ts";
import { survey } from "../../functions/survey/survey.ts";
import { FILE, MINUTE, PROJECT, Rig } from "./rig.ts";

const [NEXT, UNREADABLE] = [
  "lantern-1.1.tar.gz",
  new IndexUnavailable("too-slow", "it takes too long"),
] as const;

let rig: Rig;
beforeEach(async () => {
  rig = new Rig();
  rig.shelf.journalled("create");
  rig.shelf.shows([]);
  await rig.watched();
  rig.shelf.looks = [];
});

function asked(reason: Reason, files: readonly string[], serial: number | null = null): Change {
  return change({ project: PROJECT, reason, at: rig.clock.now(), epoch: 1, files, serial });
}

/** A journalled upload of these files, that the page does not show yet. */
function journalled(...files: readonly string[]): Change {
  const serials = files.map((file) => rig.shelf.journalled(`add source file ${file}`));
  return asked("journal", files, serials.at(-1) ?? null);
}

const facts = (): Fact[] => rig.messages<Fact>("facts");
const wanted = (): string[] => rig.messages<Artifact>("artifacts-now").map(({ file }) => file);
const putBack = (): Change | undefined => rig.messages<Change>("changes-now").at(-1);

/** Takes what was put back out of its queue, and plays it. */
async function again(): Promise<Change | undefined> {
  const next = putBack();
  rig.store.run("DELETE FROM messages WHERE queue = 'changes-now'");
  if (next !== undefined) await survey(next, rig.ports);
  return next;
}

describe("a page older than what asked for it", () => {
  it("is looked at again after 1, 2, 4 … 256 seconds, and then no more: the deadline's turn", async () => {
    await survey(journalled(FILE), rig.ports);
    const delays: number[] = [];
    while (putBack() !== undefined) {
      delays.push(rig.delayMs("changes-now"));
      rig.clock.ms += delays.at(-1) ?? 0;
      await again();
    }
    assert.deepEqual(
      delays,
      [1, 2, 4, 8, 16, 32, 64, 128, 256].map((seconds) => seconds * 1000),
    );
  });

  it("asks for the packed copy and the plain one in turn, because one of them may be stuck", async () => {
    await survey(journalled(FILE), rig.ports);
    for (let look = 0; look < 3; look += 1) await again();
    assert.deepEqual(
      rig.shelf.looks.map(({ plain }) => plain),
      [false, true, false, true],
    );
  });

  it("is asked for again by a deadline, ten minutes on, and forgotten once it shows", async () => {
    const stale = rig.shelf.page;
    rig.store.run("DELETE FROM messages");
    await rig.ports.facts.send([]);
    const change = journalled(FILE);
    rig.shelf.page = stale;
    await rig.ports.changes.now.send([change]);
    await rig.rest(12);
    const before = rig.shelf.looks.length;
    await rig.rest(21);
    assert.ok(rig.shelf.looks.length > before, "it was asked for again");
    rig.shelf.shows([FILE]);
    await rig.rest(12);
    const [row] = await rig.ports.view.ofProject(PROJECT);
    assert.equal(row?.standing, "listed");
  });

  it("is judged at once for what it does show", async () => {
    const change = journalled(FILE, NEXT);
    rig.shelf.shows([FILE], { serial: 1001 });
    await survey(change, rig.ports);
    assert.deepEqual(wanted(), [FILE]);
    assert.equal(putBack()?.looks, 1);
  });

  it("never stands before an upload that another change names", async () => {
    await survey(journalled(FILE), rig.ports);
    const other = journalled(NEXT);
    rig.shelf.shows([NEXT]);
    await survey(other, rig.ports);
    assert.ok(wanted().includes(NEXT));
  });
});

describe("a page that did not change", () => {
  it("is asked for by its tag, and read from what is kept", async () => {
    rig.shelf.shows([FILE]);
    await survey(asked("sweep", []), rig.ports);
    rig.store.run("DELETE FROM messages");
    await survey(asked("sweep", [FILE]), rig.ports);
    assert.equal(rig.shelf.looks.at(-1)?.etag, rig.shelf.page?.etag);
    const files = rig.messages<Artifact>("artifacts-now").map(({ file }) => file);
    assert.deepEqual(files, [FILE]);
  });

  it("is never asked for by a tag that was not kept: 304 to a plain question is no page", async () => {
    const fresh = new Rig();
    await fresh.host.poll();
    await fresh.enrol();
    fresh.shelf.pages.read = async () => ({ kind: "unchanged" });
    await survey(asked("sweep", [FILE]), fresh.ports);
    const [sighting] = fresh.messages<Fact>("facts");
    assert.equal(sighting?.kind, "page-unreadable");
  });
});

describe("a page that cannot be read", () => {
  it("is a sighting of each file that was asked for, and is asked for again", async () => {
    rig.shelf.unreadable = UNREADABLE;
    await survey(journalled(FILE, NEXT), rig.ports);
    assert.deepEqual(
      facts().map((each) => [
        each.kind,
        "file" in each ? each.file : null,
        "reason" in each ? each.reason : null,
      ]),
      [
        ["page-unreadable", FILE, "too-slow: it takes too long"],
        ["page-unreadable", NEXT, "too-slow: it takes too long"],
      ],
    );
    assert.equal(putBack()?.looks, 1);
  });

  it("waits as long as the index bids us", async () => {
    rig.shelf.unreadable = new IndexUnavailable("throttled", "slower", 90_000);
    await survey(journalled(FILE), rig.ports);
    assert.equal(rig.delayMs("changes-now"), 90_000);
  });

  it("takes nothing away", async () => {
    rig.shelf.journalled(`add source file ${FILE}`);
    rig.shelf.shows([FILE]);
    await rig.rest(2);
    rig.shelf.unreadable = UNREADABLE;
    await survey(asked("sweep", [FILE]), rig.ports);
    await rig.rest(5);
    const [row] = await rig.ports.view.ofProject(PROJECT);
    assert.deepEqual([row?.standing, row?.listed], ["listed", true]);
  });

  it("is not the end of an enrolment's first look, whatever number it is", async () => {
    const fresh = new Rig();
    await fresh.host.poll();
    await fresh.enrol();
    fresh.shelf.unreadable = UNREADABLE;
    const first = asked("enrolment", []);
    await survey({ ...first, looks: 9 }, fresh.ports);
    const [next] = fresh.messages<Change>("changes-now");
    assert.deepEqual([next?.reason, fresh.delayMs("changes-now")], ["enrolment", 512_000]);
  });
});

describe("what is known before a look", () => {
  /** Plays a change and counts what was read for it. */
  async function readFor(change: Change, whileLooking = async (): Promise<void> => {}) {
    const read = { cursor: 0, latest: 0, head: 0 };
    const { cursors, pageStore, journal, pages } = rig.ports;
    const counted = <T>(name: keyof typeof read, answer: Promise<T>): Promise<T> => {
      read[name] += 1;
      return answer;
    };
    await survey(change, {
      ...rig.ports,
      cursors: { read: () => counted("cursor", cursors.read()) },
      journal: { head: () => counted("head", journal.head()) },
      pageStore: { ...pageStore, latest: (project) => counted("latest", pageStore.latest(project)) },
      pages: {
        read: async (...ask) => {
          const answer = await pages.read(...ask);
          await whileLooking();
          return answer;
        },
      },
    });
    return read;
  }

  it("is read once: cursor and latest look", async () => {
    assert.deepEqual(await readFor(asked("sweep", [])), { cursor: 1, latest: 1, head: 0 });
    rig.shelf.unreadable = UNREADABLE;
    assert.deepEqual(await readFor(asked("journal", [FILE], 1001)), { cursor: 1, latest: 1, head: 0 });
  });

  it("is read anew where the page is ahead of the cursor, which has moved meanwhile: no head is asked", async () => {
    const change = journalled(FILE);
    rig.shelf.shows([FILE], { serial: change.serial });
    const read = await readFor(change, async () => void (await rig.host.poll()));
    assert.deepEqual(read, { cursor: 2, latest: 1, head: 0 });
    const [sighting] = facts();
    assert.equal(sighting?.look.serial, change.serial);
  });

  it("does not make a page that is ahead of the journal itself count", async () => {
    rig.shelf.shows([FILE], { serial: 9_999 });
    assert.deepEqual(await readFor(asked("sweep", [])), { cursor: 2, latest: 1, head: 1 });
    assert.equal(facts()[0]?.look.serial, null);
  });
});

describe("manners", () => {
  const POLITE = { minLookMs: 5_000 };

  it("look at a project once in five seconds, and lose no change by it", async () => {
    const polite = new Rig(POLITE);
    polite.shelf.shows([FILE]);
    await polite.host.poll();
    await polite.enrol();
    await survey(asked("sweep", []), polite.ports);
    polite.clock.ms += 2_000;
    const second = asked("record", [FILE]);
    await survey(second, polite.ports);
    assert.equal(polite.shelf.looks.length, 1);
    const waiting = polite.messages<Change>("changes-now").find(({ id }) => id === second.id);
    assert.equal(waiting?.looks, 0);
    assert.equal(polite.delayMs("changes-now"), 3_000);
  });

  it("wait for no look that a clock which was wrong noted for a year to come", async () => {
    const polite = new Rig(POLITE);
    polite.shelf.shows([FILE]);
    await polite.host.poll();
    await polite.enrol();
    await survey(asked("sweep", []), polite.ports);
    polite.clock.ms -= 365 * 24 * 60 * MINUTE;
    await survey(asked("record", [FILE]), polite.ports);
    assert.equal(polite.shelf.looks.length, 2);
  });

  it("look at nobody who is not enrolled", async () => {
    await survey(change({ project: "other", reason: "sweep", at: rig.clock.now() }), rig.ports);
    assert.deepEqual(rig.shelf.looks, []);
  });

  it("ask ever more rarely while the journal was never read", async () => {
    const unread = new Rig();
    await unread.enrol();
    unread.store.run("DELETE FROM messages");
    const waiting = asked("enrolment", []);
    for (const [agoMs, delayMs] of [
      [0, 500],
      [100_000, 10_000],
      [24 * 60 * MINUTE, MINUTE],
    ] as const) {
      unread.clock.ms = Date.parse(waiting.at) + agoMs;
      await survey(waiting, unread.ports);
      assert.equal(unread.delayMs("changes-now"), delayMs);
      unread.store.run("DELETE FROM messages");
    }
    assert.deepEqual(unread.shelf.looks, []);
  });

  it("look again as soon as the time is over", async () => {
    const polite = new Rig(POLITE);
    polite.shelf.shows([FILE]);
    await polite.watched();
    polite.clock.ms += MINUTE;
    polite.shelf.looks = [];
    await survey(asked("sweep", []), polite.ports);
    assert.equal(polite.shelf.looks.length, 1);
  });
});
