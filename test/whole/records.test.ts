/** What a watcher says of records and findings, and what the monitor makes of it, on the whole embedded host. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { hexOf, sha256 } from "../../functions/domain/digests.ts";
import { type Keys, startWorld, type World } from "../world.ts";

const FILE = "lantern-1.0.tar.gz";
const MINUTE = 60_000;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const line = (content: string): string => `${hexOf(sha256(content))}  ${FILE}\n`;

let world: World;
let keys: Keys;
beforeEach(async () => {
  world = await startWorld();
  await world.settle();
  keys = await world.enrol("lantern");
  await world.settle();
  await world.pass(1_000);
});
afterEach(() => world.close());

const publish = async (content = "genuine"): Promise<void> => {
  world.index.publish({ project: "lantern", version: "1.0", files: [{ name: FILE, bytes: bytes(content) }] });
  await world.settle();
};

async function record(content: string, key = keys.maintainer): Promise<void> {
  assert.equal((await world.record("lantern", key, line(content))).status, 201);
  await world.settle();
}

async function ask(path: string, body: object): Promise<void> {
  const answer = await world.host.api.request(`/v1/projects/lantern${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${keys.maintainer}` },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 200, await answer.text());
  await world.settle();
}

const withdraw = (content: string): Promise<void> =>
  ask("/records/withdraw", { file: FILE, digest: sha256(content), reason: "not ours" });

const resolve = async (verdict: string): Promise<void> => {
  const found = (await world.findings("lantern")).filter((each) => each.verdict === verdict);
  assert.equal(found.length, 1);
  await ask(`/findings/${found[0]?.id}/resolve`, { note: "mended" });
};

const about = (word: string): string[] => world.told().filter((told) => told.includes(` ${word} `));

describe("a record", () => {
  it("that is withdrawn counts no more: what the index publishes is judged again, and everybody hears", async () => {
    await record("genuine");
    await publish();
    assert.equal(await world.verdict("lantern", FILE), "match listed");
    await withdraw("genuine");
    await world.pass(20 * MINUTE);
    assert.equal(await world.verdict("lantern", FILE), "unrecorded listed");
    assert.deepEqual(about("record-changed"), [`findings warning record-changed open ${FILE}`]);
    await record("genuine");
    assert.equal(await world.verdict("lantern", FILE), "match listed");
  });

  it("that a thief of the CI key adds beside the right one is told, and withdrawn it makes nothing right", async () => {
    await record("genuine");
    await record("malware", keys.ci);
    assert.deepEqual(about("record-contested"), [`findings warning record-contested open ${FILE}`]);
    await world.pass(MINUTE);
    await withdraw("malware");
    await publish("malware");
    assert.equal(await world.verdict("lantern", FILE), "mismatch listed");
    assert.deepEqual(about("mismatch"), [`findings critical mismatch open ${FILE}`]);
    await record("malware", keys.ci);
    assert.equal(about("record-contested").length, 2);
  });
});

describe("a finding that a person resolved", () => {
  it("stays so while everything stays as it is, and comes back when the file is changed once more", async () => {
    await record("genuine");
    await publish();
    const substitute = async (content: string): Promise<void> => {
      world.index.faults.rewrite(FILE, bytes(content));
      await world.pass(15 * 24 * 60 * MINUTE, 60);
    };
    await substitute("malware");
    assert.deepEqual(about("substituted"), [`findings critical substituted open ${FILE}`]);
    await substitute("genuine");
    await resolve("substituted");
    await world.pass(15 * 24 * 60 * MINUTE, 60);
    assert.equal(about("substituted").length, 2, "opened and resolved");
    await substitute("malware");
    assert.deepEqual(about("substituted").at(-1), `findings critical substituted open ${FILE}`);
    assert.equal(about("substituted").length, 3);
  });
});
