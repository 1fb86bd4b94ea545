import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { blake2b } from "hash-wasm";
import { bytesAt, get, lighthouse, page, started, storyFile, wheel } from "./started.ts";

const goodWheel = storyFile("lanternfish-1.0.0-py3-none-any.whl");

test("a file's address is the BLAKE2b-256 of its bytes, on an origin of its own", async (t) => {
  const index = await lighthouse(t);
  const [file] = (await page(index, "lighthouse")).files;
  const hash = await blake2b(wheel.bytes, 256);
  const path = `/packages/${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash.slice(4)}/${wheel.name}`;
  assert.equal(file?.url, index.filesOrigin + path);
  assert.notEqual(index.filesOrigin, index.url);
  assert.deepEqual(await bytesAt(file?.url ?? ""), wheel.bytes);
});

test("a file is never answered conditionally and never packed", async (t) => {
  const index = await lighthouse(t);
  const url = index.filesOrigin + index.artifact(wheel.name).content.path;
  const first = await get(url, { "Accept-Encoding": "gzip" });
  assert.equal(first.headers.get("Content-Encoding"), null);
  const again = await get(url, { "If-None-Match": first.headers.get("ETag") ?? "" });
  assert.equal(again.status, 200);
  assert.equal(again.headers.get("Cache-Control"), "max-age=365000000, immutable, public");
  assert.equal(again.headers.get("x-pypi-file-project"), "lighthouse");
  assert.equal(again.headers.get("x-pypi-file-version"), "1.0");
  assert.equal(again.headers.get("x-pypi-file-package-type"), "bdist_wheel");
  assert.equal(again.headers.get("x-pypi-file-python-version"), "py3");
});

test("one range is served, one beyond the end is not", async (t) => {
  const index = await lighthouse(t);
  const url = index.filesOrigin + index.artifact(wheel.name).content.path;
  const cases = [
    ["bytes=2-6", "wheel"],
    ["bytes=-4", "less"],
    ["bytes=17-", "less"],
  ] as const;
  for (const [range, text] of cases) {
    const part = await get(url, { Range: range });
    assert.equal(part.status, 206);
    assert.equal(await part.text(), text);
  }
  assert.equal((await get(url, { Range: "bytes=2-6" })).headers.get("Content-Range"), "bytes 2-6/21");
  assert.equal((await get(url, { Range: "bytes=21-" })).status, 416);
});

test("a wheel's METADATA lies beside it under the digest that the page gives", async (t) => {
  const index = await started(t);
  index.publish({ project: "lanternfish", version: "1.0.0", files: [goodWheel] });
  const [file] = (await page(index, "lanternfish")).files;
  const metadata = await bytesAt(`${file?.url}.metadata`);
  assert.match(metadata.toString(), /^Metadata-Version: [\s\S]*Name: lanternfish/);
  const digest = createHash("sha256").update(metadata).digest("hex");
  assert.deepEqual(file?.["core-metadata"], { sha256: digest });
});

test("what is no wheel has no metadata", async (t) => {
  const index = await lighthouse(t);
  const [file] = (await page(index, "lighthouse")).files;
  assert.equal(file?.["core-metadata"], false);
  assert.equal((await get(`${file?.url}.metadata`)).status, 404);
});

test("a removed file is still served by its address", async (t) => {
  const index = await lighthouse(t);
  const [file] = (await page(index, "lighthouse")).files;
  index.removeFile(wheel.name);
  assert.equal((await page(index, "lighthouse")).files.length, 1);
  assert.deepEqual(await bytesAt(file?.url ?? ""), wheel.bytes);
});

test("only reading is allowed, and only what is there", async (t) => {
  const index = await lighthouse(t);
  const url = index.filesOrigin + index.artifact(wheel.name).content.path;
  assert.equal((await fetch(url, { method: "POST" })).status, 405);
  assert.equal((await get(url.replace(".whl", ".txt"))).status, 404);
  assert.equal((await get(`${index.filesOrigin}/simple/`)).status, 404);
});
