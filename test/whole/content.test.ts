import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, beforeEach, describe, it } from "node:test";
import { startWorld, type World } from "../world.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const line = (file: string, content: Uint8Array): string =>
  `${createHash("sha256").update(content).digest("hex")}  dist/${file}\n`;

const WINDOW = 120_000;
const DAY = 86_400_000;
const FILE = "lantern-1.0.tar.gz";

describe("what the whole road says of an artifact's bytes", () => {
  let world: World;
  beforeEach(async () => {
    await world?.close();
    world = await startWorld();
  });
  after(() => world.close());

  const publish = (file: string, content: string): void =>
    void world.index.publish({
      project: "lantern",
      version: "1.0",
      files: [{ name: file, bytes: bytes(content) }],
    });

  async function watched(policy: object = {}): Promise<string> {
    await world.settle();
    const { maintainer } = await world.enrol("lantern", policy);
    await world.settle();
    await world.pass(1_000);
    return maintainer;
  }

  it("a recorded upload matches, and nobody is woken", async () => {
    const key = await watched();
    await world.record("lantern", key, line(FILE, bytes("genuine")));
    publish(FILE, "genuine");
    await world.settle();
    assert.equal(await world.verdict("lantern", FILE), "match listed");
    assert.deepEqual(world.told(), []);
  });

  it("an upload with a stolen token is unrecorded, and critical under a strict policy", async () => {
    await watched({ strict: true });
    publish(FILE, "malware");
    await world.settle();
    assert.equal(await world.verdict("lantern", FILE), "unrecorded listed");
    assert.deepEqual(world.told(), [`findings critical unrecorded open ${FILE}`]);
  });

  it("a release recorded late is told, and told resolved", async () => {
    const key = await watched();
    publish(FILE, "genuine");
    await world.settle();
    assert.equal(await world.verdict("lantern", FILE), "awaiting-record listed");
    await world.record("lantern", key, line(FILE, bytes("genuine")));
    await world.settle();
    assert.equal(await world.verdict("lantern", FILE), "match listed");
    assert.deepEqual(world.told(), [
      `findings notice awaiting-record open ${FILE}`,
      `findings notice awaiting-record resolved ${FILE}`,
    ]);
  });

  it("grace that ends without a record turns into a finding", async () => {
    await watched({ graceMinutes: 10 });
    publish(FILE, "genuine");
    await world.settle();
    await world.pass(11 * 60_000);
    assert.equal(await world.verdict("lantern", FILE), "unrecorded listed");
    assert.deepEqual(world.told().sort(), [
      `findings notice awaiting-record open ${FILE}`,
      `findings notice awaiting-record resolved ${FILE}`,
      `findings warning unrecorded open ${FILE}`,
    ]);
  });

  it("a file that was there before is baseline, and never called verified", async () => {
    publish(FILE, "old");
    await watched();
    const [row] = await world.rows("lantern");
    assert.deepEqual([row?.verdict, row?.authority], ["baseline", "first-seen"]);
    assert.deepEqual(world.told(), []);
  });

  it("one flipped bit in the file store is found by the sweep although the journal says nothing", async () => {
    const key = await watched();
    await world.record("lantern", key, line(FILE, bytes("genuine")));
    publish(FILE, "genuine");
    await world.settle();
    world.index.faults.flipBit(FILE);
    await world.pass(7 * DAY, 40);
    await world.pass(WINDOW * 2);
    assert.equal(await world.verdict("lantern", FILE), "replaced listed");
    assert.deepEqual(world.told(), [`findings critical replaced open ${FILE}`]);
  });

  it("index and file rewritten together are substituted, even where a record would agree", async () => {
    const key = await watched();
    await world.record("lantern", key, line(FILE, bytes("genuine")));
    publish(FILE, "genuine");
    await world.settle();
    world.index.faults.rewrite(FILE);
    await world.pass(2 * DAY, 20);
    assert.equal(await world.verdict("lantern", FILE), "substituted listed");
    assert.deepEqual(world.told(), [`findings critical substituted open ${FILE}`]);
  });

  it("a record that differs is a mismatch at once", async () => {
    const key = await watched();
    await world.record("lantern", key, line(FILE, bytes("genuine")));
    publish(FILE, "tampered");
    await world.settle();
    assert.deepEqual(world.told(), [`findings critical mismatch open ${FILE}`]);
  });

  it("a corrupt edge is health, beside a match, and pages nobody as a compromise", async () => {
    const key = await watched();
    await world.record("lantern", key, line(FILE, bytes("genuine")));
    publish(FILE, "genuine");
    world.index.faults.spoil({ file: FILE }, { kind: "corrupt", oneIn: 2 });
    await world.settle();
    await world.pass(WINDOW * 4, 20);
    assert.equal(await world.verdict("lantern", FILE), "match listed");
    assert.deepEqual(world.told(), [`health notice flaky-edge open ${FILE}`]);
  });
});
