import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { get, page, started } from "./started.ts";

const file = "lighthouse-1.0.tar.gz";
const object = Buffer.from('{"any": "bytes"}\n');
const integrity = "application/vnd.pypi.integrity.v1+json";

async function attested(t: TestContext) {
  const index = await started(t);
  const files = [
    { name: file, bytes: Buffer.from("attested"), provenance: object },
    { name: "lighthouse-1.0.zip", bytes: Buffer.from("not attested") },
  ];
  index.publish({ project: "Lighthouse", version: "1.0", files });
  const shown = async (): Promise<(string | null)[]> =>
    ((await page(index, "lighthouse")).files as unknown as { provenance: string | null }[]).map(
      ({ provenance }) => provenance,
    );
  return { index, shown, url: `${index.url}/integrity/lighthouse/1.0/${file}/provenance` };
}

test("a page names the provenance of files that have some, and the index serves it as it is", async (t) => {
  const { index, shown, url } = await attested(t);
  assert.deepEqual(await shown(), [url, null]);
  for (const Accept of [integrity, "application/json"]) {
    const answer = await get(url, { Accept });
    assert.deepEqual([answer.status, answer.headers.get("content-type")], [200, integrity]);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), object);
  }
  assert.equal((await get(url, { Accept: "text/html" })).status, 406);
  assert.equal(index.requests.count("integrity"), 3);
  const html = await (await get(`${index.url}/simple/lighthouse/`)).text();
  assert.ok(html.includes(`data-provenance="${url}"`));
});

test("what has none is told from what is not there", async (t) => {
  const { index } = await attested(t);
  const other = `${index.url}/integrity/lighthouse/1.0/lighthouse-1.0.zip/provenance`;
  const [without, nowhere] = [await get(other), await get(other.replace("1.0.zip", "1.1.zip"))];
  assert.deepEqual([without.status, nowhere.status], [404, 404]);
  assert.match(await without.text(), /No provenance available for lighthouse-1\.0\.zip/);
  assert.doesNotMatch(await nowhere.text(), /No provenance/);
});

test("provenance can be lost, misplaced, exchanged and switched off, with no journal row", async (t) => {
  const { index, shown, url } = await attested(t);
  const rows = index.journal.rows.length;
  index.faults.misplaceProvenance(file);
  assert.deepEqual([(await shown())[0], (await get(url)).status], [url, 404]);
  index.faults.loseProvenance(file);
  assert.deepEqual([(await shown())[0], (await get(url)).status], [null, 404]);
  index.faults.changeProvenance(file, Buffer.from("garbage"));
  assert.deepEqual([(await shown())[0], await (await get(url)).text()], [url, "garbage"]);
  const mend = index.faults.spoil({ route: "integrity", project: "lighthouse" }, { kind: "forbidden" });
  assert.equal((await get(url)).status, 403);
  mend();
  assert.equal((await get(url)).status, 200);
  assert.equal(index.journal.rows.length, rows);
});
