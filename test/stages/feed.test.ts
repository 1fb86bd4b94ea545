import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { Change } from "../../functions/domain/changes.ts";
import { feed, type Polled } from "../../functions/feed/feed.ts";
import { restartCursor } from "../../functions/feed/restart.ts";
import type { Cursor, Deadline } from "../../functions/ports.ts";
import { Conflict, IndexUnavailable } from "../../functions/ports.ts";
import { FILE, MINUTE, PROJECT, Rig } from "./rig.ts";

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
});

const poll = (): Promise<Polled> => feed({ ...rig.ports, changes: rig.ports.changes.now });
const serial = async (): Promise<number> => (await rig.ports.cursors.read())?.serial ?? -1;
const changes = (): Change[] => rig.messages<Change>("changes-now");

/** Rows of everybody else. */
function seed(rows: number): void {
  const first = (rig.shelf.rows.at(-1)?.serial ?? 1000) + 1;
  const at = rig.clock.now();
  const more = Array.from({ length: rows }, (_, number) => ({
    name: `somebody-${number}`,
    version: "1.0",
    at,
    action: "new release",
    serial: first + number,
  }));
  rig.shelf.rows = [...rig.shelf.rows, ...more];
}

/** The cursor at the journal's head, and a project enrolled. */
async function watching(): Promise<void> {
  seed(3);
  await poll();
  await rig.enrol();
}

describe("the first poll ever", () => {
  it("begins at the journal's head, and reads nothing before it", async () => {
    seed(500);
    await rig.enrol();
    const { rows, changes: queued, cursor } = await poll();
    assert.deepEqual([rows, queued, cursor.serial, cursor.from], [0, 0, 1500, 1500]);
  });

  it("writes nothing while the journal does not answer, so that it is still the first", async () => {
    rig.shelf.journal.head = async () => {
      throw new IndexUnavailable("unreachable", "nobody answers");
    };
    await assert.rejects(poll(), IndexUnavailable);
    assert.equal(await rig.ports.cursors.read(), null);
  });
});

describe("a poll", () => {
  it("moves the cursor past rows that are nobody's, too", async () => {
    await watching();
    seed(7);
    const { rows, changes: queued } = await poll();
    assert.equal(rows, 7);
    assert.equal(queued, 0);
    assert.equal(await serial(), 1010);
    assert.deepEqual(changes(), []);
  });

  it("makes one change of a project's rows, with the files they name and the highest serial", async () => {
    await watching();
    rig.shelf.journalled("new release");
    rig.shelf.journalled(`add source file ${FILE}`);
    const last = rig.shelf.journalled("add py3 file lantern-1.0-py3-none-any.whl", "Lantern");
    await poll();
    const [change, ...others] = changes();
    assert.deepEqual(others, []);
    assert.deepEqual([change?.project, change?.serial, change?.lane], [PROJECT, last, "now"]);
    assert.deepEqual(change?.files, [FILE, "lantern-1.0-py3-none-any.whl"]);
  });

  it("sees the project that was enrolled a moment ago", async () => {
    seed(3);
    await poll();
    rig.shelf.journalled(`add source file ${FILE}`);
    await rig.enrol();
    await poll();
    assert.equal(changes().length, 1);
  });

  it("asks no store for what can be nobody's project, and goes on behind it", async () => {
    await watching();
    const asked: string[][] = [];
    const among = rig.ports.enrolments.among;
    rig.shelf.journalled("create", "x".repeat(1_500), null);
    rig.shelf.journalled("create", "no project/name", null);
    rig.shelf.journalled(`add source file ${FILE}`);
    const enrolments = {
      ...rig.ports.enrolments,
      among: (names: readonly string[]) => {
        asked.push([...names]);
        return among(names);
      },
    };
    await feed({ ...rig.ports, enrolments, changes: rig.ports.changes.now });
    assert.deepEqual(new Set(asked.flat()), new Set([PROJECT]));
    assert.equal(changes().length, 1);
  });

  it("asks for more at once after a full answer, and loses no row between two", async () => {
    await watching();
    seed(49_990);
    const upload = rig.shelf.journalled(`add source file ${FILE}`);
    seed(60);
    const last = rig.shelf.journalled("new release");
    const first = await poll();
    assert.equal(first.more, true);
    assert.ok(first.cursor.serial < last && first.cursor.serial > upload);
    const second = await poll();
    assert.equal(second.more, false);
    assert.equal(await serial(), last);
    assert.deepEqual(
      changes().map((change) => change.serial),
      [upload, last],
    );
  });

  it("finds a row that was committed late, once", async () => {
    await watching();
    const late = {
      name: PROJECT,
      version: "1.0",
      at: rig.clock.now(),
      action: `add source file ${FILE}`,
      serial: 1004,
    };
    seed(5);
    rig.shelf.rows = rig.shelf.rows.filter((row) => row.serial !== late.serial);
    await poll();
    assert.deepEqual(changes(), []);
    rig.shelf.rows = [...rig.shelf.rows, late].sort((a, b) => a.serial - b.serial);
    await poll();
    await poll();
    assert.deepEqual(
      changes().map((change) => change.files),
      [[FILE]],
    );
    assert.equal(await serial(), 1008);
  });

  it("counts actions of no known form once, and keeps those of enrolled projects", async () => {
    await watching();
    rig.shelf.journalled("sing a song");
    rig.shelf.journalled("sing a song", "somebody-else");
    await poll();
    const { cursor } = await poll();
    assert.equal(cursor.unknownActions, 2);
    const kept = await rig.ports.entries.concerning(PROJECT, FILE, "1.0");
    assert.deepEqual(
      kept.map((entry) => [entry.text, entry.action.kind]),
      [["sing a song", "unknown"]],
    );
  });

  it("moves nothing and queues nothing when the answer breaks off in the middle, and loses nothing by it", async () => {
    await watching();
    const upload = rig.shelf.journalled(`add source file ${FILE}`);
    seed(10);
    rig.shelf.breaksAfter = 6;
    await assert.rejects(poll(), IndexUnavailable);
    assert.equal(await serial(), 1003);
    assert.deepEqual(changes(), []);
    rig.shelf.breaksAfter = Number.POSITIVE_INFINITY;
    await poll();
    assert.deepEqual(
      changes().map((change) => change.serial),
      [upload],
    );
  });

  it("beside another feed ends in a Conflict, and both together in the same changes", async () => {
    await watching();
    rig.shelf.journalled(`add source file ${FILE}`);
    const ends = await Promise.allSettled([poll(), poll()]);
    assert.deepEqual(ends.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    for (const end of ends) if (end.status === "rejected") assert.ok(end.reason instanceof Conflict);
    assert.equal(new Set(changes().map((change) => change.id)).size, 1);
    assert.equal(await serial(), 1004);
  });
});

describe("a journal that goes back", () => {
  /** The head falls below the cursor. */
  async function wentBack(): Promise<void> {
    await watching();
    rig.clock.ms += MINUTE;
    rig.shelf.rows = rig.shelf.rows.slice(0, 1);
    await poll();
  }

  it("makes the monitor blind, and does not move the cursor", async () => {
    await wentBack();
    const { cursor } = await poll();
    assert.equal(cursor.serial, 1003);
    assert.equal(cursor.blind?.since, rig.clock.now());
  });

  it("stays blind since the first time, however often it is asked", async () => {
    await wentBack();
    const since = rig.clock.now();
    rig.clock.ms += MINUTE;
    const { cursor } = await poll();
    assert.equal(cursor.blind?.since, since);
  });

  it("is no poll that was answered in full: the silence counts on", async () => {
    await watching();
    const polledAt = (await rig.ports.cursors.read())?.polledAt;
    rig.clock.ms += MINUTE;
    rig.shelf.rows = [];
    rig.shelf.headNow = 7;
    assert.equal((await poll()).cursor.polledAt, polledAt);
  });

  it("sees again when it passes the cursor", async () => {
    await wentBack();
    seed(4);
    const upload = rig.shelf.journalled(`add source file ${FILE}`);
    const { cursor } = await poll();
    assert.equal(cursor.blind, null);
    assert.equal(cursor.serial, upload);
    assert.equal(changes().length, 1);
  });

  it("a silent journal at the cursor is not one that went back", async () => {
    await watching();
    const { cursor } = await poll();
    assert.equal(cursor.blind, null);
  });

  it("an answer that is empty for once, with the head where it was, is not one either", async () => {
    await watching();
    const { rows } = rig.shelf;
    rig.shelf.headNow = 1003;
    rig.shelf.rows = [];
    const { cursor } = await poll();
    assert.deepEqual([cursor.blind, cursor.serial], [null, 1003]);
    rig.shelf.rows = rows;
  });

  it("an answer that lacks the row at the cursor is none, and the silence counts on", async () => {
    await watching();
    seed(2);
    await poll();
    const before = await rig.ports.cursors.read();
    rig.clock.ms += MINUTE;
    const { rows } = rig.shelf;
    for (const headNow of [1005, 1009]) {
      rig.shelf.headNow = headNow;
      rig.shelf.rows = [];
      await assert.rejects(poll(), /garbled|lacks the row at serial 1005/);
    }
    assert.deepEqual(await rig.ports.cursors.read(), before);
    rig.shelf.rows = rows;
    const { cursor } = await poll();
    assert.equal(cursor.polledAt, rig.clock.now());
  });

  it("one that stands still where the list was further proves nothing: what is absent may have been taken away", async () => {
    await watching();
    const ahead = { serial: 1_005, since: rig.clock.now() };
    const looked = { since: "", triedAt: "", answeredAt: "", failing: null, notBefore: null };
    const list = { epoch: 1, serial: 1_005, etag: null, seen: [], ...looked, ahead, moves: 1 };
    await rig.ports.sourceStates.move("list", null, list);
    const caughtUpAt = (await rig.ports.cursors.read())?.caughtUpAt;
    rig.clock.ms += MINUTE;
    assert.deepEqual((await poll()).cursor.caughtUpAt, caughtUpAt);
    seed(1);
    assert.deepEqual((await poll()).cursor.caughtUpAt, caughtUpAt);
    seed(1);
    assert.deepEqual((await poll()).cursor.caughtUpAt, rig.clock.now());
  });

  it("an answer cut at fewer rows than PyPI gives today is not taken for all there is", async () => {
    await watching();
    seed(30_000);
    const upload = rig.shelf.journalled(`add source file ${FILE}`);
    const { after } = rig.shelf.journal;
    const journal = {
      ...rig.shelf.journal,
      async *after(from: number) {
        let left = 5_000;
        for await (const rows of after(from)) {
          yield rows.slice(0, left);
          left -= rows.length;
          if (left <= 0) return;
        }
      },
    };
    const caughtUpAt = (await rig.ports.cursors.read())?.caughtUpAt;
    rig.clock.ms += MINUTE;
    for (let answer = 0; answer < 6; answer += 1) {
      const { more, cursor } = await feed({ ...rig.ports, journal, changes: rig.ports.changes.now });
      assert.deepEqual([more, cursor.caughtUpAt], [true, caughtUpAt]);
    }
    const { more, cursor } = await feed({ ...rig.ports, journal, changes: rig.ports.changes.now });
    assert.deepEqual([more, cursor.serial, cursor.caughtUpAt], [false, upload, rig.clock.now()]);
  });
});

describe("a cursor that the operator restarts", () => {
  it("begins an epoch at the journal's head, says so in the ledger, and has everything swept", async () => {
    await watching();
    rig.shelf.rows = rig.shelf.rows.slice(0, 1);
    await poll();
    const cursor = await restartCursor(rig.ports, "the operator");
    assert.deepEqual([cursor.epoch, cursor.serial, cursor.from, cursor.blind], [2, 1001, 1001, null]);
    const [entry] = await rig.ports.ledger.read("monitor");
    assert.deepEqual(entry?.body, { kind: "epoch", epoch: 2, head: 1001, by: "the operator" });
    const due: readonly Deadline[] = await rig.ports.deadlines.due("page", rig.clock.now(), 10);
    assert.deepEqual(
      due.map(({ project }) => project),
      [PROJECT],
    );
  });

  it("reads on in the new epoch, where an old serial may come again", async () => {
    await watching();
    rig.shelf.journalled(`add source file ${FILE}`);
    await poll();
    rig.shelf.rows = rig.shelf.rows.slice(0, 1);
    await restartCursor(rig.ports, "the operator");
    rig.shelf.journalled("new release", "other");
    rig.shelf.journalled("new release", "other");
    const again = rig.shelf.journalled("add source file lantern-1.1.tar.gz", PROJECT, "1.1");
    await poll();
    assert.equal(again, 1004);
    const [first, second] = changes();
    assert.deepEqual([first?.serial, first?.epoch, second?.serial, second?.epoch], [1004, 1, 1004, 2]);
    assert.notEqual(first?.id, second?.id);
  });

  it("needs no stop of a feed that goes on polling: whoever moves second tries again", async () => {
    await watching();
    const { move } = rig.ports.cursors;
    let rivals = 3;
    const cursors = {
      ...rig.ports.cursors,
      move: async (seen: number | null, next: Cursor) => {
        if (rivals > 0) {
          rivals -= 1;
          await poll();
        }
        return move(seen, next);
      },
    };
    const cursor = await restartCursor({ ...rig.ports, cursors }, "the operator");
    assert.deepEqual([rivals, cursor.epoch], [0, 2]);
    assert.deepEqual(await rig.ports.cursors.read(), cursor);
    assert.equal((await rig.ports.ledger.read("monitor")).length, 1);
  });

  it("takes its own move for done whose answer was lost", async () => {
    await watching();
    const { move } = rig.ports.cursors;
    const cursors = {
      ...rig.ports.cursors,
      move: async (seen: number | null, next: Cursor) => {
        await move(seen, next);
        throw new Conflict("the cursor");
      },
    };
    const cursor = await restartCursor({ ...rig.ports, cursors }, "the operator");
    assert.deepEqual(await rig.ports.cursors.read(), cursor);
  });

  it("writes nothing while the journal does not answer", async () => {
    await watching();
    rig.shelf.journal.head = async () => {
      throw new IndexUnavailable("unreachable", "nobody answers");
    };
    await assert.rejects(restartCursor(rig.ports, "the operator"), IndexUnavailable);
    assert.deepEqual(await rig.ports.ledger.read("monitor"), []);
    assert.equal((await rig.ports.cursors.read())?.epoch, 1);
  });
});
