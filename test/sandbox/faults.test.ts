import assert from "node:assert/strict";
import { request } from "node:http";
import test from "node:test";
import { gunzipSync } from "node:zlib";
import type { SandboxIndex } from "../../bin/sandbox/index/server.ts";
import { bytesAt, get, lighthouse, page, sdist, simpleJson, wheel } from "./started.ts";

async function wheelListed(index: SandboxIndex) {
  const found = (await page(index, "lighthouse")).files.find(({ filename }) => filename === wheel.name);
  assert.ok(found);
  return found;
}

/** A raw GET: how the connection ended, and what had come by then. */
function raw(
  url: string,
): Promise<{ ended: "whole" | "broken"; headers: NodeJS.Dict<string | string[]>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    request(url, (response) => {
      const chunks: Buffer[] = [];
      const done = (ended: "whole" | "broken") =>
        resolve({ ended, headers: response.headers, body: Buffer.concat(chunks) });
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => done("whole"));
      response.on("error", () => done("broken"));
    })
      .on("error", reject)
      .end();
  });
}

test("a flipped bit changes the bytes and nothing that the index says", async (t) => {
  const index = await lighthouse(t);
  const before = await wheelListed(index);
  index.faults.flipBit(wheel.name);
  assert.deepEqual(await wheelListed(index), before);
  assert.equal(index.journal.head(), 1004);
  const bytes = await bytesAt(before.url);
  assert.equal(bytes.length, wheel.bytes.length);
  assert.equal(bytes.filter((byte, at) => byte !== wheel.bytes[at]).length, 1);
  index.faults.restoreBytes(wheel.name);
  assert.deepEqual(await bytesAt(before.url), wheel.bytes);
});

test("a rewriting changes bytes, digest and address together, with no row and no new serial", async (t) => {
  const index = await lighthouse(t);
  const before = await wheelListed(index);
  index.faults.rewrite(wheel.name, Buffer.from("something else"));
  const after = await wheelListed(index);
  assert.notEqual(after.hashes.sha256, before.hashes.sha256);
  assert.equal(after.size, 14);
  assert.equal((await bytesAt(after.url)).toString(), "something else");
  assert.equal((await page(index, "lighthouse")).meta["_last-serial"], 1004);
  assert.equal(index.journal.head(), 1004);
});

test("a misdeclared file has honest bytes under a wrong digest", async (t) => {
  const index = await lighthouse(t);
  const before = await wheelListed(index);
  index.faults.misdeclare(wheel.name);
  const after = await wheelListed(index);
  assert.notEqual(after.hashes.sha256, before.hashes.sha256);
  assert.deepEqual(await bytesAt(after.url), wheel.bytes);
});

test("a hidden file is on no page and comes back", async (t) => {
  const index = await lighthouse(t);
  index.faults.hide(wheel.name);
  assert.deepEqual(
    (await page(index, "lighthouse")).files.map(({ filename }) => filename),
    [sdist.name],
  );
  assert.ok(!(await (await get(`${index.url}/pypi/lighthouse/json`)).text()).includes(wheel.name));
  index.faults.show(wheel.name);
  assert.equal((await page(index, "lighthouse")).files.length, 2);
});

test("a frozen page stays at its serial while the journal goes on", async (t) => {
  const index = await lighthouse(t);
  index.faults.freezePage("Lighthouse");
  index.yank("lighthouse", "1.0");
  assert.equal((await page(index, "lighthouse")).meta["_last-serial"], 1004);
  assert.equal(index.journal.head(), 1005);
  index.faults.thawPage("lighthouse");
  assert.equal((await page(index, "lighthouse")).meta["_last-serial"], 1005);
});

test("a page can be stuck at 404 before its project is born, and after its removal", async (t) => {
  const index = await lighthouse(t);
  index.faults.freezePage("beacon");
  index.publish({
    project: "beacon",
    version: "1",
    files: [{ name: "beacon-1.tar.gz", bytes: Buffer.from("b") }],
  });
  assert.equal((await get(`${index.url}/simple/beacon/`)).status, 404);
  index.faults.freezePage("lighthouse");
  index.removeProject("lighthouse");
  assert.equal((await page(index, "lighthouse")).files.length, 2);
});

test("only the packed copy of a page may be stuck", async (t) => {
  const index = await lighthouse(t);
  index.faults.freezePage("lighthouse", "gzip");
  index.yank("lighthouse", "1.0");
  const packed = await get(`${index.url}/simple/lighthouse/`, {
    Accept: simpleJson,
    "Accept-Encoding": "gzip",
  });
  assert.equal(packed.headers.get("X-PyPI-Last-Serial"), "1004");
  assert.equal((await page(index, "lighthouse")).meta["_last-serial"], 1005);
});

test("files and pages can be empty in a 200", async (t) => {
  const index = await lighthouse(t);
  const { url } = await wheelListed(index);
  index.faults.spoil({ file: wheel.name }, { kind: "empty" });
  const file = await get(url);
  assert.deepEqual([file.status, await file.text()], [200, ""]);
  index.faults.spoil({ route: "simple-project", project: "LightHouse" }, { kind: "empty" });
  const shown = await get(`${index.url}/simple/lighthouse/`, { Accept: simpleJson });
  assert.deepEqual([shown.status, await shown.text()], [200, ""]);
  assert.equal(shown.headers.get("X-PyPI-Last-Serial"), "1004");
});

test("a corrupt edge is wrong the first time and then one time in N", async (t) => {
  const index = await lighthouse(t);
  const { url } = await wheelListed(index);
  index.faults.spoil({ file: wheel.name }, { kind: "corrupt", oneIn: 3 });
  const right: boolean[] = [];
  for (let look = 0; look < 6; look += 1) right.push((await bytesAt(url)).equals(wheel.bytes));
  assert.deepEqual(right, [false, true, true, false, true, true]);
});

test("a bad node damages what comes over kept connections until it is mended", async (t) => {
  const index = await lighthouse(t);
  const { url } = await wheelListed(index);
  const mend = index.faults.spoil({ file: wheel.name }, { kind: "bad-node" });
  const isRight = async (connection: string): Promise<boolean> => {
    const response = await get(url, { Connection: connection });
    return Buffer.from(await response.arrayBuffer()).equals(wheel.bytes);
  };
  assert.deepEqual([await isRight("keep-alive"), await isRight("close")], [false, true]);
  assert.equal(await isRight("keep-alive"), false);
  mend();
  assert.equal(await isRight("keep-alive"), true);
});

test("throttling and outages strike the chosen route, as often as told", async (t) => {
  const index = await lighthouse(t);
  index.faults.spoil({ route: "simple-project" }, { kind: "throttled", retryAfterSeconds: 7 }, 2);
  const statuses: number[] = [];
  for (let look = 0; look < 3; look += 1) {
    const response = await get(`${index.url}/simple/lighthouse/`);
    statuses.push(response.status);
    if (response.status === 429) assert.equal(response.headers.get("Retry-After"), "7");
  }
  assert.deepEqual(statuses, [429, 429, 200]);
  const end = index.faults.spoil({ project: "lighthouse" }, { kind: "unavailable" });
  assert.equal((await get(`${index.url}/simple/lighthouse/`)).status, 503);
  assert.equal((await get(index.filesOrigin + index.artifact(wheel.name).content.path)).status, 503);
  assert.equal((await get(`${index.url}/simple/`)).status, 200);
  end();
  assert.equal((await get(`${index.url}/simple/lighthouse/`)).status, 200);
});

test("a cut body breaks the connection under its own length", async (t) => {
  const index = await lighthouse(t);
  const { url } = await wheelListed(index);
  index.faults.spoil({ route: "file" }, { kind: "cut", afterBytes: 5 });
  const { ended, headers, body } = await raw(url);
  assert.deepEqual([ended, body.toString(), headers["content-length"]], ["broken", "a whe", "21"]);
});

test("a close-delimited cut ends as if all were well", async (t) => {
  const index = await lighthouse(t);
  const { url } = await wheelListed(index);
  index.faults.spoil({ route: "file" }, { kind: "cut", afterBytes: 5, closeDelimited: true });
  const { ended, headers, body } = await raw(url);
  assert.deepEqual([ended, body.toString()], ["whole", "a whe"]);
  assert.deepEqual([headers["content-length"], headers["transfer-encoding"]], [undefined, undefined]);
});

test("a slow body comes in pieces and is whole in the end", async (t) => {
  const index = await lighthouse(t);
  const { url } = await wheelListed(index);
  index.faults.spoil({ route: "file" }, { kind: "slow", chunkBytes: 7, pauseMs: 20 });
  const asked = performance.now();
  assert.deepEqual((await raw(url)).body, wheel.bytes);
  assert.ok(performance.now() - asked >= 35);
});

test("a page may come under a wrong content type, and packed against the client's wish", async (t) => {
  const index = await lighthouse(t);
  index.faults.spoil({ route: "simple-project" }, { kind: "content-type", type: "text/html" }, 1);
  const wrong = await get(`${index.url}/simple/lighthouse/`, { Accept: simpleJson });
  assert.equal(wrong.headers.get("Content-Type"), "text/html");
  const { url } = await wheelListed(index);
  index.faults.spoil({ route: "file" }, { kind: "gzip" });
  const { headers, body } = await raw(url);
  assert.equal(headers["content-encoding"], "gzip");
  assert.deepEqual(gunzipSync(body), wheel.bytes);
});

test("an answer may send the client elsewhere", async (t) => {
  const index = await lighthouse(t);
  index.faults.spoil({ route: "file" }, { kind: "redirect", to: "http://169.254.169.254/secret" });
  const response = await get((await wheelListed(index)).url);
  assert.equal(response.status, 302);
  assert.equal(response.headers.get("Location"), "http://169.254.169.254/secret");
});

test("a connection may be dropped, or left without an answer", async (t) => {
  const index = await lighthouse(t);
  index.faults.spoil({ route: "simple-project" }, { kind: "dropped" }, 1);
  await assert.rejects(get(`${index.url}/simple/lighthouse/`));
  index.faults.spoil({ route: "simple-project" }, { kind: "silent" });
  const patience = { signal: AbortSignal.timeout(60) };
  await assert.rejects(fetch(`${index.url}/simple/lighthouse/`, patience), { name: "TimeoutError" });
});

test("mending switches off everything that passes, and keeps what was tampered with", async (t) => {
  const index = await lighthouse(t);
  index.faults.flipBit(wheel.name);
  index.faults.freezePage("lighthouse");
  index.faults.spoil({}, { kind: "unavailable" });
  index.faults.journalFallsTo(1000);
  index.faults.withholdRows({ project: "lighthouse" });
  index.yank("lighthouse", "1.0");
  index.faults.mendAll();
  assert.equal((await page(index, "lighthouse")).meta["_last-serial"], 1005);
  assert.equal(index.journal.since(0).length, 6);
  assert.notDeepEqual(await bytesAt((await wheelListed(index)).url), wheel.bytes);
});
