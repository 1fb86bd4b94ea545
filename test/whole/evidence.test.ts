import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { type Digest, sha256 } from "../../functions/domain/digests.ts";
import { EvidenceAnswer } from "../../functions/records/answers/evidence.ts";
import { ExplanationAnswer } from "../../functions/records/answers/explanations.ts";
import { type Keys, startWorld, type World, type WorldOptions } from "../world.ts";

const FILE = "lantern-1.0.tar.gz";
const WINDOW = 120_000;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const line = (content: string): string => `${sha256(content).slice(7)}  dist/${FILE}\n`;

let world: World;

/** A watcher whose project publishes nothing yet. */
async function watched(options: WorldOptions = {}): Promise<Keys> {
  world = await startWorld(options);
  await world.settle();
  const keys = await world.enrol("lantern");
  await world.settle();
  await world.pass(1_000);
  return keys;
}

const publish = (content: string): void =>
  void world.index.publish({
    project: "lantern",
    version: "1.0",
    files: [{ name: FILE, bytes: bytes(content) }],
  });

/** Does something to the index when it is asked for an artifact's bytes the nth time. */
const atFetch = (nth: number, then: () => void): WorldOptions => {
  let fetches = 0;
  return {
    twiceOneIn: 0,
    around: (index) => ({
      ...index,
      files: {
        fetch: (ask) => {
          fetches += 1;
          if (fetches === nth) then();
          return index.files.fetch(ask);
        },
      },
    }),
  };
};

async function answer(path: string, key: string): Promise<Response> {
  const found = await world.host.api.request(`/v1/projects/lantern/findings/${path}`, {
    headers: { Authorization: `Bearer ${key}` },
  });
  assert.equal(found.status, 200, path);
  return found;
}

const findingOf = async (verdict: string): Promise<string> => {
  const finding = (await world.findings("lantern")).find((each) => each.verdict === verdict);
  assert.ok(finding, `no ${verdict}`);
  return finding.id;
};

async function evidenceOf(verdict: string, { maintainer }: Keys) {
  const id = await findingOf(verdict);
  const list = EvidenceAnswer.parse(await (await answer(`${id}/evidence`, maintainer)).json());
  const read = async (digest: string) =>
    Buffer.from(await (await answer(`${id}/evidence/${digest}`, maintainer)).arrayBuffer());
  return { list, read };
}

const kept = ({ bytes: items }: EvidenceAnswer): [string, string][] =>
  items.map(({ digest, origin }) => [digest, origin]);

describe("the bytes of a critical finding", () => {
  afterEach(() => world.close());

  const REPLACED: readonly [Digest, string] = [sha256("malware"), "this-finding"];

  async function foundMismatch(options: WorldOptions = {}): Promise<Keys> {
    const keys = await watched(options);
    await world.record("lantern", keys.maintainer, line("genuine"));
    publish("malware");
    await world.settle();
    return keys;
  }

  it("are fetched again, kept, and handed out as they were", async () => {
    const { list, read } = await evidenceOf("mismatch", await foundMismatch());
    assert.deepEqual(kept(list), [REPLACED]);
    assert.equal((await read(REPLACED[0])).toString(), "malware");
  });

  for (const [what, then] of [
    ["removed", () => world.index.removeFile(FILE)],
    ["hidden from the index", () => world.index.faults.hide(FILE)],
    ["listed with another digest", () => world.index.faults.misdeclare(FILE)],
  ] as const)
    it(`are kept, too, when the file is ${what} before they are fetched again`, async () => {
      let hits = 0;
      const options = atFetch(2, () => {
        hits += 1;
        then();
      });
      const keys = await foundMismatch(options);
      const { list, read } = await evidenceOf("mismatch", keys);
      assert.equal(hits, 1);
      assert.deepEqual(kept(list), [REPLACED]);
      assert.equal((await read(REPLACED[0])).toString(), "malware");
      await world.pass(10 * WINDOW);
      assert.deepEqual(kept((await evidenceOf("mismatch", keys)).list), [REPLACED]);
    });

  it("are kept with the pages that listed them, each under its digest, and the entry that added them", async () => {
    const { list, read } = await evidenceOf("mismatch", await foundMismatch());
    assert.ok(list.pages.some(({ why }) => why.includes("finding")));
    for (const { digest, sizeBytes } of list.pages) {
      const page = await read(digest);
      assert.deepEqual([sha256(page), page.length], [digest, sizeBytes]);
    }
    assert.ok(list.entries.some(({ text }) => text.endsWith(` file ${FILE}`)));
    assert.deepEqual(
      list.records.map(({ digest }) => digest),
      [sha256("genuine")],
    );
  });

  it("are explained: who disagrees, what was compared, and by whom it was recorded", async () => {
    const { maintainer } = await foundMismatch();
    const id = await findingOf("mismatch");
    const said = ExplanationAnswer.parse(await (await answer(`${id}/explanation`, maintainer)).json());
    assert.deepEqual(said.layers, ["record"]);
    assert.deepEqual(
      said.compared.map(({ side, digest, authority }) => [side, digest, authority]),
      [
        ["declared", sha256("malware"), null],
        ["observed", sha256("malware"), null],
        ["recorded", sha256("genuine"), "maintainer"],
      ],
    );
    assert.match(said.sources.page ?? "", /^sha256:/);
  });
});

describe("a self-claimed watcher", () => {
  afterEach(() => world.close());

  const OPEN = { parts: { registration: "open" } } as const;
  const stranger = async (): Promise<Keys> => {
    world = await startWorld(OPEN);
    await world.settle();
    const keys = await world.enrol("lantern", {}, null);
    await world.settle();
    await world.pass(1_000);
    return keys;
  };
  const bodyFor = async (key: string, id: string, digest: string) =>
    world.host.api.request(`/v1/projects/lantern/findings/${id}/evidence/${digest}`, {
      headers: { Authorization: `Bearer ${key}` },
    });

  it("has nothing fetched and kept by recording falsely", async () => {
    const { maintainer } = await stranger();
    await world.record("lantern", maintainer, line("never built"));
    publish("genuine");
    await world.settle();
    const { list } = await evidenceOf("mismatch", { id: "", maintainer, ci: "" });
    assert.deepEqual(list.bytes, []);
  });

  it("gets what the index did wrong when the operator has vouched, and the operator at once", async () => {
    const keys = await stranger();
    publish("genuine");
    await world.settle();
    world.index.faults.rewrite(FILE);
    await world.settle();
    await world.pass(8 * 86_400_000, 40);
    const id = await findingOf("substituted");
    const { list } = await evidenceOf("substituted", keys);
    const digest = list.bytes[0]?.digest ?? "";
    const refused = await bodyFor(keys.maintainer, id, digest);
    assert.equal(((await refused.json()) as { code: string }).code, "not-vouched");
    assert.equal((await bodyFor(keys.maintainer, id, list.pages[0]?.digest ?? "")).status, 200);
    assert.equal((await bodyFor(world.operatorKey, id, digest)).status, 200);
    const headers = { authorization: `Bearer ${world.operatorKey}` };
    const path = `/v1/projects/lantern/enrolments/${keys.id}/vouch`;
    assert.equal((await world.host.api.request(path, { method: "POST", headers })).status, 200);
    assert.equal((await bodyFor(keys.maintainer, id, digest)).status, 200);
  });
});

describe("attempts that differ from what is declared", () => {
  afterEach(() => world.close());

  it("are kept under the digest of what came, with the attempt that got it", async () => {
    const keys = await watched();
    await world.record("lantern", keys.maintainer, line("genuine"));
    publish("genuine");
    await world.settle();
    world.index.faults.flipBit(FILE);
    await world.pass(8 * 86_400_000, 40);
    await world.pass(5 * WINDOW);
    const { list, read } = await evidenceOf("replaced", keys);
    const [planted] = list.bytes;
    const declared = list.records[0]?.digest;
    assert.deepEqual([list.bytes.length, planted?.whole, planted?.refused], [1, true, null]);
    assert.ok(planted && planted.digest !== declared);
    assert.ok((planted.attempt?.number ?? 0) > 1, "the first attempt is not spooled");
    assert.equal(sha256(await read(planted.digest)), planted.digest);
  });
});
