import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { hexOf, sha256 } from "../../functions/domain/digests.ts";
import { github, gitlab, type Mint, mint, provenanceOf, type Wish } from "../pypi/minting.ts";
import { startWorld, type World } from "../world.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const line = (file: string, content: string): string => `${hexOf(sha256(content))}  dist/${file}\n`;

const MINUTE = 60_000;
const DAY = 86_400_000;
const FILE = "lantern-1.0.tar.gz";
const WHEEL = "lantern-1.0-py3-none-any.whl";
const PUBLISHER = { provider: "github", repository: "lantern/lantern", workflow: "release.yml" };
const expecting = (counts = false, more: object = {}) => ({
  provenance: { publisher: PUBLISHER, counts },
  ...more,
});

describe("what the whole road says of provenance, where a watcher expects a publisher", () => {
  let sigstore: Mint;
  let stranger: Mint;
  let world: World;
  before(async () => {
    [sigstore, stranger] = [await mint(), await mint()];
  });
  beforeEach(async () => {
    await world?.close();
    world = await startWorld({ trustedRoot: sigstore.root });
  });
  after(() => world.close());

  /** A provenance object about a file whose bytes are its content; what the index says beside it follows the claims. */
  async function object(wish: Partial<Wish> & { readonly file: string }, by = sigstore): Promise<Uint8Array> {
    return bytes(provenanceOf([await by.attest(wish)], { kind: "unheard of" }));
  }

  function publish(file: string, content: string, provenance?: Uint8Array, version = "1.0"): void {
    const files = [{ name: file, bytes: bytes(content), provenance }];
    world.index.publish({ project: "lantern", version, files });
  }

  async function watched(policy: object = expecting()): Promise<string> {
    await world.settle();
    const { maintainer } = await world.enrol("lantern", policy);
    await world.settle();
    await world.pass(1_000);
    return maintainer;
  }

  const rowOf = async (file: string) => (await world.rows("lantern")).find((each) => each.file === file);
  const notesOf = async (verdict: string): Promise<readonly (string | null)[]> =>
    (await world.findings("lantern"))
      .filter((each) => each.verdict === verdict)
      .map(({ grounds }) => grounds.note);
  const reads = (): number => world.index.requests.count("integrity");

  it("good provenance that counts is a match by ci without any record, and nobody is woken", async () => {
    await watched(expecting(true));
    publish(FILE, "genuine", await object({ file: FILE, bytes: "genuine" }));
    await world.settle();
    await world.pass(2 * 60 * MINUTE);
    const row = await rowOf(FILE);
    assert.deepEqual(
      [row?.verdict, row?.standing, row?.authority, row?.attested, row?.provenance],
      ["match", "listed", "ci", true, "verified"],
    );
    assert.deepEqual(world.told(), []);
    assert.equal(reads(), 1);
  });

  it("good provenance of a digest that its watcher withdrew is no match any more", async () => {
    await world.settle();
    const { ci, maintainer } = await world.enrol("lantern", expecting(true));
    await world.settle();
    await world.pass(1_000);
    publish(FILE, "built by a thief", await object({ file: FILE, bytes: "built by a thief" }));
    await world.settle();
    assert.equal((await world.record("lantern", ci, line(FILE, "built by a thief"))).status, 201);
    await world.settle();
    assert.equal(await world.verdict("lantern", FILE), "match listed");
    await world.pass(MINUTE);
    const withdrawn = { file: FILE, digest: sha256("built by a thief"), reason: "not ours" };
    const answer = await world.host.api.request("/v1/projects/lantern/records/withdraw", {
      method: "POST",
      headers: { authorization: `Bearer ${maintainer}` },
      body: JSON.stringify(withdrawn),
    });
    assert.equal(answer.status, 200);
    await world.settle();
    await world.pass(20 * MINUTE);
    assert.equal(await world.verdict("lantern", FILE), "unrecorded listed");
  });

  it("good provenance that does not count vouches for nothing", async () => {
    await watched();
    publish(FILE, "genuine", await object({ file: FILE, bytes: "genuine" }));
    await world.settle();
    await world.pass(20 * MINUTE);
    assert.equal(await world.verdict("lantern", FILE), "unrecorded listed");
    assert.deepEqual(
      world.told().filter((each) => each.includes("provenance")),
      [],
    );
  });

  it("a stolen token's upload has none, and is told at once (F6)", async () => {
    await watched(expecting(true));
    publish(FILE, "malware");
    await world.settle();
    assert.equal(await world.verdict("lantern", FILE), "awaiting-record listed");
    assert.ok(
      world.told().includes(`findings warning provenance-lost open ${FILE}`),
      world.told().join("\n"),
    );
    assert.equal(reads(), 0);
    await world.pass(20 * MINUTE);
    assert.ok(world.told().includes(`findings warning unrecorded open ${FILE}`));
  });

  it("another repository's is told with both names, and counts for nothing", async () => {
    await watched(expecting(true));
    const claims = github("thief/lantern");
    publish(FILE, "malware", await object({ file: FILE, bytes: "malware", claims }));
    await world.settle();
    assert.deepEqual(await notesOf("provenance-changed"), [
      "Its certificate names github:thief/lantern/release.yml. You expect github:lantern/lantern/release.yml.",
    ]);
    assert.ok(world.told().includes(`findings warning provenance-changed open ${FILE}`));
    assert.notEqual((await rowOf(FILE))?.verdict, "match");
  });

  it("so is another workflow's, and another provider's repository of the same name", async () => {
    await watched();
    const [file, other] = ["lantern-1.1.tar.gz", "lantern-1.2.tar.gz"];
    const byTest = await object({ file, bytes: "a", claims: github("lantern/lantern", "test.yml") });
    publish(file, "a", byTest, "1.1");
    publish(other, "b", await object({ file: other, bytes: "b", claims: gitlab("lantern/lantern") }), "1.2");
    await world.settle();
    assert.deepEqual(
      world
        .told()
        .filter((each) => each.includes("provenance"))
        .sort(),
      [file, other].map((each) => `findings warning provenance-changed open ${each}`),
    );
  });

  it("what was tampered with, signed by a stranger, or is about another file does not verify", async () => {
    await watched(expecting(true));
    const good = Buffer.from(await object({ file: FILE, bytes: "genuine" })).toString();
    const tampered = good.replace(
      /"signature":"(.)/,
      (_, first) => `"signature":"${first === "M" ? "N" : "M"}`,
    );
    assert.notEqual(tampered, good);
    const bad = [
      bytes(tampered),
      await object({ file: "lantern-1.1.tar.gz", bytes: "genuine 1" }, stranger),
      await object({ file: FILE, bytes: "genuine 2" }),
    ];
    for (const [index, provenance] of bad.entries())
      publish(`lantern-1.${index}.tar.gz`, `genuine ${index}`, provenance, `1.${index}`);
    await world.settle();
    assert.deepEqual(
      world
        .told()
        .filter((each) => each.includes("provenance"))
        .sort(),
      bad.map((_, index) => `findings warning provenance-unverifiable open lantern-1.${index}.tar.gz`),
    );
    assert.equal((await world.rows("lantern")).filter(({ verdict }) => verdict === "match").length, 0);
  });

  it("attestations about other bytes than those that were fetched verify nothing", async () => {
    await watched(expecting(true));
    publish(FILE, "malware", await object({ file: FILE, bytes: "genuine" }));
    await world.settle();
    assert.deepEqual(await notesOf("provenance-unverifiable"), [
      "Its attestations are about other bytes than those that were fetched.",
    ]);
    assert.notEqual((await rowOf(FILE))?.verdict, "match");
  });

  it("what the page names and the index does not have is lost, once that lasts", async () => {
    await watched();
    publish(FILE, "genuine", await object({ file: FILE, bytes: "genuine" }));
    world.index.faults.misplaceProvenance(FILE);
    await world.settle();
    assert.equal(reads(), 2, "believed at the first 404");
    const told = (): string[] => world.told().filter((each) => each.includes("provenance"));
    await world.pass(50 * MINUTE, 50);
    assert.deepEqual(told(), []);
    await world.pass(20 * MINUTE, 20);
    assert.deepEqual(told(), [`findings warning provenance-lost open ${FILE}`]);
  });

  it("what cannot be read is nobody's fault for an hour, then told, and resolved when it can", async () => {
    await watched(expecting(true));
    publish(FILE, "genuine", await object({ file: FILE, bytes: "genuine" }));
    const mend = world.index.faults.spoil({ route: "integrity" }, { kind: "unavailable" });
    await world.settle();
    await world.pass(50 * MINUTE, 50);
    const told = (): string[] => world.told().filter((each) => each.includes("provenance"));
    assert.deepEqual(told(), []);
    await world.pass(20 * MINUTE, 20);
    assert.deepEqual(told(), [`findings warning provenance-unverifiable open ${FILE}`]);
    mend();
    await world.pass(3 * 60 * MINUTE, 60);
    assert.deepEqual(told(), [
      `findings warning provenance-unverifiable open ${FILE}`,
      `findings warning provenance-unverifiable resolved ${FILE}`,
    ]);
    assert.equal((await rowOf(FILE))?.verdict, "match");
  });

  it("an outage of minutes is made good without a word", async () => {
    await watched(expecting(true));
    publish(FILE, "genuine", await object({ file: FILE, bytes: "genuine" }));
    world.index.faults.spoil({ route: "integrity" }, { kind: "forbidden" }, 1);
    world.index.faults.spoil({ route: "integrity" }, { kind: "cut", afterBytes: 100 }, 1);
    await world.settle();
    await world.pass(5 * MINUTE, 20);
    assert.equal((await rowOf(FILE))?.verdict, "match");
    assert.deepEqual(
      world.told().filter((each) => each.includes("provenance")),
      [],
    );
  });

  it("a bad edge's wrong bit is nobody's business", async () => {
    await watched(expecting(true));
    publish(FILE, "genuine", await object({ file: FILE, bytes: "genuine" }));
    world.index.faults.spoil({ route: "integrity" }, { kind: "corrupt", oneIn: 2 });
    await world.settle();
    assert.equal((await rowOf(FILE))?.verdict, "match");
    assert.deepEqual([world.told(), reads()], [[], 2]);
  });

  it("where a record that counts agrees with the bytes it is no more than a notice (F23)", async () => {
    const key = await watched();
    await world.record("lantern", key, line(FILE, "genuine"));
    publish(FILE, "genuine");
    await world.settle();
    assert.equal(await world.verdict("lantern", FILE), "match listed");
    assert.deepEqual(world.told(), [`findings notice provenance-lost open ${FILE}`]);
  });

  it("provenance that is taken away or exchanged later is told", async () => {
    await watched(expecting(true));
    const wheel = await object({ file: WHEEL, bytes: "wheel" });
    publish(FILE, "genuine", await object({ file: FILE, bytes: "genuine" }));
    publish(WHEEL, "wheel", wheel);
    await world.settle();
    assert.deepEqual(world.told(), []);
    world.index.faults.loseProvenance(FILE);
    const claims = github("thief/lantern");
    world.index.faults.changeProvenance(WHEEL, await object({ file: WHEEL, bytes: "wheel", claims }));
    await world.pass(9 * DAY, 60);
    const told = world.told();
    assert.ok(told.includes(`findings warning provenance-lost open ${FILE}`), told.join("\n"));
    assert.ok(told.includes(`findings warning provenance-changed open ${WHEEL}`), told.join("\n"));
  });

  it("what was there before the watch began is not judged by it, and not asked for", async () => {
    publish("lantern-0.9.tar.gz", "old", undefined, "0.9");
    const claims = github("lantern/before");
    const moved = await object({ file: "lantern-0.8.tar.gz", bytes: "older", claims });
    publish("lantern-0.8.tar.gz", "older", moved, "0.8");
    await watched(expecting(true));
    await world.pass(2 * DAY, 20);
    assert.deepEqual(world.told(), []);
    assert.equal(reads(), 0);
  });

  it("a watcher who begins to expect it is judged for by what was published since", async () => {
    const key = await watched({});
    publish(FILE, "genuine", await object({ file: FILE, bytes: "genuine" }));
    publish(WHEEL, "wheel");
    await world.record("lantern", key, line(FILE, "genuine") + line(WHEEL, "wheel"));
    await world.settle();
    assert.deepEqual([world.told(), reads()], [[], 0]);
    const [row] = await world.rows("lantern");
    const answer = await world.host.api.request(`/v1/projects/lantern/enrolments/${row?.enrolment}/policy`, {
      method: "PATCH",
      body: JSON.stringify(expecting()),
      headers: { authorization: `Bearer ${key}` },
    });
    assert.equal(answer.status, 200);
    await world.settle();
    await world.pass(MINUTE);
    assert.equal((await rowOf(FILE))?.provenance, "verified");
    assert.deepEqual(
      world.told().filter((each) => each.includes("provenance")),
      [`findings notice provenance-lost open ${WHEEL}`],
    );
    assert.equal(reads(), 1);
  });

  it("wheels by the service that builds them are a notice, and by anybody else as loud as ever", async () => {
    const wheels = { ...PUBLISHER, repository: "lantern/wheels", workflow: null };
    await watched({ builders: [{ files: "*.whl", publisher: wheels }], strict: true });
    const other = "lantern-1.0-cp313-cp313-win_amd64.whl";
    const claims = github("lantern/wheels");
    publish(WHEEL, "wheel", await object({ file: WHEEL, bytes: "wheel", claims }));
    publish(
      other,
      "malware",
      await object({ file: other, bytes: "malware", claims: github("thief/wheels") }),
    );
    await world.settle();
    await world.pass(10 * MINUTE);
    assert.deepEqual(world.told().sort(), [
      `findings critical unrecorded open ${other}`,
      `findings notice unrecorded open ${WHEEL}`,
    ]);
  });
});
