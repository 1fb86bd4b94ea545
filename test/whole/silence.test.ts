import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { hexOf, sha256 } from "../../functions/domain/digests.ts";
import { type Keys, startWorld, type World } from "../world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const FILE = "lantern-1.0.tar.gz";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const line = (file: string, content: string): string => `${hexOf(sha256(content))}  ${file}\n`;

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const publish = (file = FILE, content = "genuine", version = "1.0"): void =>
  void world.index.publish({ project: "lantern", version, files: [{ name: file, bytes: bytes(content) }] });

async function watched(policy: object = {}): Promise<Keys> {
  await world.settle();
  const keys = await world.enrol("lantern", policy);
  await world.settle();
  await world.pass(1_000);
  return keys;
}

/** A recorded, published, matching release. */
async function matching(policy: object = {}): Promise<Keys> {
  const keys = await watched(policy);
  await world.record("lantern", keys.maintainer, line(FILE, "genuine"));
  publish();
  await world.settle();
  assert.equal(await world.verdict("lantern", FILE), "match listed");
  return keys;
}

const about = (word: string): string[] => world.told().filter((told) => told.includes(word));

describe("what must not pass in silence", () => {
  it("a file that vanishes, though every poll is a little older than the look after it", async () => {
    await matching();
    world.index.faults.hide(FILE);
    await world.pass(2 * DAY, 300, 5_000);
    assert.deepEqual(about("vanished"), [`findings critical vanished open ${FILE}`]);
  });

  it("a bit that flips after the file was hidden for one look", async () => {
    await matching();
    world.index.quarantineProject("lantern");
    await world.settle();
    world.index.clearProjectQuarantine("lantern");
    await world.settle();
    assert.equal(await world.verdict("lantern", FILE), "match listed");
    world.index.faults.flipBit(FILE);
    await world.pass(9 * DAY, 60);
    await world.pass(10 * MINUTE);
    assert.deepEqual(about("replaced"), [`findings critical replaced open ${FILE}`]);
  });

  it("a file that leaves during a quarantine and is not there when it ends", async () => {
    await matching();
    world.index.quarantineProject("lantern");
    await world.settle();
    world.index.faults.hide(FILE);
    world.index.clearProjectQuarantine("lantern");
    await world.settle();
    await world.pass(2 * DAY, 300, 5_000);
    assert.deepEqual(about("vanished"), [`findings critical vanished open ${FILE}`]);
  });

  it("an upload that the journal names while the page says quarantined", async () => {
    publish("lantern-0.9.tar.gz", "old", "0.9");
    await watched({ strict: true });
    world.index.quarantineProject("lantern");
    publish();
    await world.settle();
    await world.pass(3 * HOUR, 40, 5_000);
    assert.deepEqual(about("unseen"), [`findings warning unseen open ${FILE}`]);
  });

  it("malware under a name that a stolen CI key buried in a thousand records", async () => {
    const { id } = await matching();
    const evil = "lantern-1.1.tar.gz";
    const chaff = Array.from({ length: 1_500 }, (_, each) => ({
      enrolment: id,
      project: "lantern",
      file: evil,
      release: "1.1",
      digest: sha256(`chaff ${each}`),
      authority: "ci" as const,
      credential: "stolen",
      recordedAt: world.clock.now(),
      manifest: null,
      signers: [],
      withdrawnAt: null,
    }));
    await world.host.ports.records.append(chaff);
    publish(evil, "malware", "1.1");
    await world.settle();
    await world.pass(10 * MINUTE);
    assert.deepEqual(about(evil), [`findings critical mismatch open ${evil}`]);
    assert.deepEqual(
      (await world.host.backlog.counts()).filter(({ dead }) => dead > 0),
      [],
    );
  });

  it("a record from before the baseline could be fixed, and its file never published", async () => {
    await world.settle();
    const mend = world.index.faults.spoil({ route: "simple-project" }, { kind: "unavailable" });
    const { maintainer } = await world.enrol("lantern");
    await world.record("lantern", maintainer, line(FILE, "genuine"));
    await world.settle();
    await world.pass(HOUR, 30);
    mend();
    await world.pass(3 * DAY, 100);
    assert.deepEqual(about("missing"), [`findings warning missing open ${FILE}`]);
  });

  it("another digest at every look, and never any bytes", async () => {
    await watched({ strict: true });
    publish();
    world.index.faults.spoil({ route: "file" }, { kind: "unavailable" });
    for (let look = 0; look < 8; look += 1) {
      world.index.faults.rewrite(FILE, bytes(`body ${look}`));
      await world.pass(20 * MINUTE, 10);
    }
    assert.ok(about("unverifiable").some((told) => told.startsWith("findings warning unverifiable open")));
  });

  it("a fresh upload whose fetch is still to come: it has a deadline before its bytes", async () => {
    await watched({ strict: true });
    publish();
    world.index.faults.spoil({ route: "file" }, { kind: "unavailable" });
    await world.settle();
    assert.equal(await world.verdict("lantern", FILE), "unverifiable listed");
    assert.deepEqual(world.told(), []);
    const anHourOn = new Date(world.clock.ms + HOUR).toISOString();
    const due = await world.host.ports.deadlines.due("verdict", anHourOn, 10);
    assert.deepEqual(
      due.map(({ file }) => file),
      [FILE],
    );
  });

  it("what changes soon after an enrolment, where the sweep comes by more often than every ten minutes", async () => {
    await world.close();
    world = await startWorld({ settings: { sweepMs: 2_000, confirmMs: 1_000 } });
    publish();
    await watched();
    world.index.faults.hide(FILE);
    await world.pass(MINUTE, 60, 100);
    assert.deepEqual(about("vanished"), [`findings critical vanished open ${FILE}`]);
  });

  it("a yank whose pages cannot be read for an hour: it is noticed minutes after they can, not on the next day", async () => {
    await matching();
    const mend = world.index.faults.spoil({ route: "simple-project" }, { kind: "unavailable" });
    world.index.yank("lantern", "1.0");
    await world.settle();
    await world.pass(HOUR, 60);
    mend();
    await world.pass(10 * MINUTE, 20);
    assert.deepEqual(about("yanked"), [`findings notice yanked open ${FILE}`]);
  });

  it("a second yank", async () => {
    await matching();
    for (let time = 0; time < 2; time += 1) {
      world.index.yank("lantern", "1.0");
      await world.settle();
      world.index.unyank("lantern", "1.0");
      await world.settle();
    }
    assert.equal(world.alerts.filter(({ finding }) => finding.verdict === "yanked").length, 2);
  });
});

describe("what must not be cried", () => {
  it("three minutes of a file host's outage at a re-hash are health, not a finding", async () => {
    const { maintainer } = await watched();
    publish();
    await world.settle();
    await world.record("lantern", maintainer, line(FILE, "genuine"));
    await world.settle();
    await world.pass(DAY, 20);
    const mend = world.index.faults.spoil({ route: "file" }, { kind: "unavailable" });
    await world.host.ports.deadlines.put([
      { kind: "rehash", project: "lantern", file: FILE, due: world.clock.now(), sizeBytes: 1 },
    ]);
    await world.pass(3 * MINUTE, 10);
    mend();
    await world.pass(HOUR, 30);
    assert.deepEqual(
      about("unverifiable").filter((told) => told.startsWith("findings")),
      [],
    );
    assert.equal(await world.verdict("lantern", FILE), "match listed");
  });

  it("the first maintainer record does not turn what CI recorded before into alarms", async () => {
    const { ci, maintainer } = await watched();
    await world.record("lantern", ci, line(FILE, "genuine"));
    publish();
    await world.settle();
    world.clock.ms += HOUR;
    await world.record("lantern", maintainer, line("lantern-1.1.tar.gz", "next"));
    publish("lantern-1.1.tar.gz", "next", "1.1");
    await world.settle();
    await world.pass(8 * DAY, 60);
    assert.deepEqual(about("unrecorded"), []);
  });

  it("a removal whose entry is still to be read is no disappearance", async () => {
    await matching();
    world.index.seedJournal(60_000);
    world.index.removeFile(FILE);
    // One answer at a time: the page is ahead of the cursor, and the removal 10,000 rows beyond the first answer.
    await world.host.poll();
    await world.host.sweep();
    await world.host.ports.queues.changes.now.send([]);
    world.clock.ms += 10 * MINUTE;
    await world.host.loop.drain();
    await world.pass(HOUR, 20, 5_000);
    assert.deepEqual(about("vanished"), []);
    assert.deepEqual(about("removed"), [`findings warning removed open ${FILE}`]);
  });

  it("one watcher's embargoed record makes no row for another watcher", async () => {
    const { maintainer } = await watched();
    const other = await world.enrol("lantern");
    await world.settle();
    await world.pass(1_000);
    await world.record("lantern", maintainer, line("lantern-1.0.1.tar.gz", "fix"));
    await world.settle();
    const rows = (await world.rows("lantern")).filter(({ file }) => file === "lantern-1.0.1.tar.gz");
    assert.equal(rows.length, 1);
    assert.notEqual(rows[0]?.enrolment, other.id);
  });
});
