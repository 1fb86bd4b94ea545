import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { Change } from "../../functions/domain/changes.ts";
import type { Finding } from "../../functions/domain/findings.ts";
import { after, days, hours } from "../../functions/domain/instants.ts";
import type { Settings } from "../../functions/domain/settings.ts";
import type { Deadline } from "../../functions/ports.ts";
import { sweep } from "../../functions/sweep/sweep.ts";
import { FILE, listing, MINUTE, PROJECT, Rig } from "../stages/rig.ts";

const BUDGET = 1_000;

let rig: Rig;
/** Nothing that is queued is ever worked on: a round is tried by itself. */
async function begin(settings: Partial<Settings> = {}): Promise<void> {
  rig = new Rig({ sweepBudgetBytes: BUDGET, sweepPerSecond: 0, ...settings });
  rig.shelf.journalled("create");
  await rig.host.poll();
}
beforeEach(() => begin());

const name = (each: number): string => `lantern-1.${each}.tar.gz`;
const due = (more: Partial<Deadline>): Deadline => ({
  kind: "rehash",
  project: PROJECT,
  file: FILE,
  due: rig.clock.now(),
  sizeBytes: 0,
  ...more,
});
const many = (count: number, sizeBytes: number): Promise<void> =>
  rig.ports.deadlines.put(Array.from({ length: count }, (_, each) => due({ file: name(each), sizeBytes })));
const asked = (): string[] => rig.messages<Change>("changes-sweep").flatMap(({ files }) => files);
const looked = (): string[] =>
  rig
    .messages<Change>("changes-sweep")
    .flatMap(({ project, files }) => (files.length === 0 ? [project] : []));
/** So many rounds, a minute apart, with the journal read before each. */
async function rounds(count: number, stepMs = MINUTE): Promise<void> {
  for (let round = 0; round < count; round += 1) {
    await rig.host.poll();
    await sweep(rig.ports);
    rig.clock.ms += stepMs;
  }
}

describe("the day's budget", () => {
  it("is kept, too, when every round breaks off in the middle", async () => {
    await many(20, 400);
    const read = () => Promise.reject(new Error("the tables do not answer"));
    const broken = { ...rig.ports, cursors: { read } };
    for (let round = 0; round < 5; round += 1) {
      await assert.rejects(sweep(broken));
      rig.clock.ms += MINUTE;
    }
    assert.equal(asked().length, 2);
  });

  it("is not given back by a round that ends after the next one has spent", async () => {
    await many(1, 400);
    let [go, came] = [(): void => {}, (): void => {}];
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const isThere = new Promise<void>((resolve) => {
      came = resolve;
    });
    const read = async () => {
      came();
      await held;
      return rig.ports.cursors.read();
    };
    const slow = sweep({ ...rig.ports, cursors: { read } });
    await isThere;
    await rig.ports.deadlines.put([due({ file: "lantern-2.0.tar.gz", sizeBytes: 500 })]);
    await sweep(rig.ports);
    go();
    await slow;
    assert.equal((await rig.ports.positions.read())?.spentBytes, 900);
  });

  it("is spent once for a re-hash that waits in a queue, and again only when that seems lost", async () => {
    await begin({ sweepBudgetBytes: 5_000 });
    await many(1, 600);
    await rounds(5 * 60 + 59);
    assert.deepEqual(asked(), [name(0)]);
    assert.equal((await rig.ports.positions.read())?.spentBytes, 600);
    await rounds(2);
    assert.deepEqual(asked(), [name(0), name(0)]);
  });

  it("comes round to a file larger than itself, however many small ones there are each day", async () => {
    const huge = "lantern-9.0.tar.gz";
    await rig.ports.deadlines.put([due({ file: huge, sizeBytes: 5 * BUDGET })]);
    for (let day = 0; day < 3; day += 1) {
      await many(20, 400);
      await rounds(24, hours(1));
      if (asked().includes(huge)) await rig.ports.deadlines.clear("rehash", PROJECT, huge);
    }
    assert.equal(asked().filter((file) => file === huge).length, 1);
    assert.ok(asked().length > 2, "the small ones have their days, too");
  });

  it("is spent at every hour alike where it does not suffice: nobody knows when nothing is hashed", async () => {
    // What is left of the day on which it begins is spent at once.
    await rounds(12, hours(1));
    const byHour = Array.from({ length: 24 }, () => 0);
    for (let round = 0; round < 3 * 24 * 6; round += 1) {
      await many(100, 10);
      const before = asked().length;
      await rounds(1, 10 * MINUTE);
      const hour = new Date(rig.clock.ms - 10 * MINUTE).getUTCHours();
      byHour[hour] = (byHour[hour] ?? 0) + asked().length - before;
    }
    // In three days 300 files of ten bytes: a dozen for each hour.
    for (const [hour, count] of byHour.entries())
      assert.ok(count >= 9 && count <= 16, `${count} in hour ${hour} of the day: ${byHour.join(" ")}`);
  });

  it("counts what a file turned out to have, where its page says less or nothing", async () => {
    rig.shelf.shows([], { files: [{ ...listing(FILE), sizeBytes: null }] });
    rig.shelf.attempts = [{ sizeBytes: 700 }];
    await rig.watched();
    const [deadline] = await rig.ports.deadlines.due("rehash", after(rig.clock.now(), days(8)), 10);
    assert.equal(deadline?.sizeBytes, 700);
  });
});

describe("an enrolled project's turn", () => {
  it("comes, too, where the enrolment broke off before its page had a deadline", async () => {
    await rig.enrol();
    await rig.ports.deadlines.clear("page", PROJECT, "");
    await rounds(26, hours(1));
    assert.ok(looked().includes(PROJECT));
  });

  it("asks for nothing once nobody watches it any more", async () => {
    rig.shelf.shows([FILE]);
    await rig.watched();
    const [enrolment] = await rig.ports.enrolments.ofProject(PROJECT);
    assert.ok(enrolment);
    rig.store.run("DELETE FROM messages");
    await rounds(25, hours(1));
    const before = looked().length;
    assert.ok(before > 0);
    const endedAt = rig.clock.now();
    await rig.ports.enrolments.put({ ...enrolment, endedAt, number: enrolment.number + 1 });
    await rounds(50, hours(1));
    assert.deepEqual(
      [looked().length - before, unread().filter(({ openedAt }) => openedAt > endedAt)],
      [0, []],
    );
    await rig.enrol("e2");
    await rounds(25, hours(1));
    assert.ok(looked().length > before);
  });

  const unread = (): Finding[] =>
    rig
      .messages<Finding>("alerts")
      .filter(({ project, verdict }) => project === PROJECT && verdict !== "blind");

  it("at a page that is not read any more is told of, too, where turns come late", async () => {
    rig.shelf.shows([FILE]);
    await rig.watched();
    rig.store.run("DELETE FROM messages");
    for (let turn = 0; turn < 3; turn += 1) {
      const [deadline] = await rig.ports.deadlines.due("page", after(rig.clock.now(), days(2)), 1);
      rig.clock.ms = Date.parse(deadline?.due ?? "") + 20 * MINUTE;
      await rig.host.poll();
      await sweep(rig.ports);
    }
    assert.equal(unread().length, 1);
  });

  it("after a long sleep says nothing of the index", async () => {
    rig.shelf.shows([FILE]);
    await rig.watched();
    rig.store.run("DELETE FROM messages");
    rig.clock.ms += days(3);
    await rig.host.poll();
    await sweep(rig.ports);
    assert.deepEqual([unread(), looked()], [[], [PROJECT]]);
  });
});

describe("a shorter bound of the operator's", () => {
  it("reaches what waits for the longer one", async () => {
    rig.shelf.shows([FILE]);
    await rig.watched();
    const settings = { ...rig.ports.settings, rehashMs: days(1) };
    const waits = async () =>
      (await rig.ports.deadlines.due("rehash", after(rig.clock.now(), days(1)), 10)).length;
    assert.equal(await waits(), 0);
    for (let round = 0; round < 3; round += 1) {
      await sweep({ ...rig.ports, settings });
      rig.clock.ms += MINUTE;
    }
    assert.equal(await waits(), 1);
  });
});
