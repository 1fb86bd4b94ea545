import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, it } from "node:test";
import { type Keys, startWorld, type World } from "../world.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
/** A `sha256sum` line for a file whose content is its name. */
const line = (file: string): string => `${createHash("sha256").update(file).digest("hex")}  ${file}\n`;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const [FIRST, SECOND] = ["lantern-1.0.tar.gz", "lantern-1.1.tar.gz"] as const;

let world: World;
let keys: Keys;

const publish = (version: string, file: string): void =>
  void world.index.publish({ project: "lantern", version, files: [{ name: file, bytes: bytes(file) }] });

/** Uploads, and keeps the rows that it writes out of the journal until the answer is called. */
function silently(doing: () => void): () => void {
  const before = world.index.journal.head() ?? 0;
  doing();
  const show = world.index.journal.withhold(({ name, serial }) => name === "lantern" && serial > before);
  // The journal goes on: others upload, too.
  world.index.addJournalRow({ name: "moth", action: "create" });
  return show;
}

const toldOf = (verdict: string): string[] => world.told().filter((each) => each.includes(` ${verdict} `));

describe("a file that the journal never named", () => {
  beforeEach(async () => {
    world = await startWorld({ settings: { sweepMs: 10 * MINUTE } });
    await world.settle();
    publish("1.0", FIRST);
    keys = await world.enrol("lantern", { graceMinutes: 0 });
    await world.settle();
    await world.pass(MINUTE, 2);
  });
  afterEach(() => world.close());

  it("is unannounced, critically and once, though its watcher recorded it", async () => {
    await world.record("lantern", keys.maintainer, line(SECOND));
    silently(() => publish("1.1", SECOND));
    await world.pass(HOUR, 30);
    assert.equal(await world.verdict("lantern", SECOND), "match unannounced");
    assert.deepEqual(world.told(), [`findings critical unannounced open ${SECOND}`]);
    await world.pass(30 * HOUR, 30);
    assert.equal(world.told().length, 1);
  });

  it("is beside that unrecorded, each told", async () => {
    silently(() => publish("1.1", SECOND));
    await world.pass(HOUR, 30);
    assert.equal(await world.verdict("lantern", SECOND), "unrecorded unannounced");
    assert.deepEqual(world.told().sort(), [
      `findings critical unannounced open ${SECOND}`,
      `findings warning unrecorded open ${SECOND}`,
    ]);
  });

  it("is nothing special where the row only came late, within the window", async () => {
    const show = silently(() => publish("1.1", SECOND));
    for (let passed = 0; passed < 12 && (await world.verdict("lantern", SECOND)) === "nothing"; passed += 1)
      await world.pass(MINUTE, 1);
    assert.equal(await world.verdict("lantern", SECOND), "unrecorded listed");
    show();
    await world.pass(HOUR, 30);
    assert.equal(await world.verdict("lantern", SECOND), "unrecorded listed");
    assert.deepEqual(toldOf("unannounced"), []);
  });

  it("is not said to be while the journal cannot be read, and is afterwards, if it still is", async () => {
    // What shows without a serial is excused for a day: an edge may have kept the page from before the watch.
    await world.pass(25 * HOUR, 50);
    const mend = world.index.faults.spoil({ route: "xmlrpc" }, { kind: "unavailable" });
    const show = silently(() => publish("1.1", SECOND));
    await world.pass(HOUR, 30);
    assert.equal(await world.verdict("lantern", SECOND), "unrecorded listed");
    assert.deepEqual(toldOf("unannounced"), []);
    mend();
    await world.pass(2 * HOUR, 30);
    assert.equal(await world.verdict("lantern", SECOND), "unrecorded unannounced");
    show();
  });

  it("is never one that was there before the watch, also where a stale page hid that", async () => {
    world.index.faults.freezePage("lantern");
    publish("1.1", SECOND);
    await world.settle();
    const late = await world.enrol("lantern", {});
    await world.settle();
    await world.pass(MINUTE, 2);
    world.index.faults.thawPage("lantern");
    await world.pass(3 * HOUR, 60);
    const rows = (await world.rows("lantern")).filter(({ file }) => file === SECOND);
    assert.equal(rows.length, 2);
    assert.deepEqual(rows.find(({ enrolment }) => enrolment === late.id)?.standing, "listed");
    assert.deepEqual(toldOf("unannounced"), []);
  });
});

describe("a file that comes back", () => {
  beforeEach(async () => {
    world = await startWorld({ settings: { sweepMs: 10 * MINUTE } });
    await world.settle();
    keys = await world.enrol("lantern", {});
    await world.settle();
    await world.record("lantern", keys.maintainer, line(FIRST));
    publish("1.0", FIRST);
    await world.settle();
    assert.equal(await world.verdict("lantern", FIRST), "match listed");
    await world.pass(MINUTE, 1);
  });
  afterEach(() => world.close());

  it("has reappeared after it had vanished", async () => {
    world.index.faults.hide(FIRST);
    await world.pass(HOUR, 30);
    world.index.faults.show(FIRST);
    await world.pass(HOUR, 30);
    assert.equal(await world.verdict("lantern", FIRST), "match reappeared");
    assert.deepEqual(world.told(), [
      `findings critical vanished open ${FIRST}`,
      `findings critical reappeared open ${FIRST}`,
    ]);
    await world.pass(30 * HOUR, 30);
    assert.equal(world.told().length, 2);
  });

  it("vanishes again as another finding, and reappears as another", async () => {
    for (let times = 0; times < 2; times += 1) {
      world.index.faults.hide(FIRST);
      await world.pass(HOUR, 30);
      world.index.faults.show(FIRST);
      await world.pass(HOUR, 30);
    }
    assert.deepEqual(
      [toldOf("vanished").length, toldOf("reappeared").length, world.told().length],
      [2, 2, 4],
    );
  });

  it("was hidden by a quarantine, and that is no return", async () => {
    world.index.quarantineProject("lantern");
    await world.pass(HOUR, 30);
    world.index.clearProjectQuarantine("lantern");
    await world.pass(HOUR, 30);
    assert.equal(await world.verdict("lantern", FIRST), "match listed");
    assert.deepEqual(toldOf("reappeared"), []);
  });
});
