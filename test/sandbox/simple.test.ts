import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { bytesAt, get, lighthouse, page, sdist, simpleJson, started, storyFile, wheel } from "./started.ts";

const goodWheel = storyFile("lanternfish-1.0.0-py3-none-any.whl");

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

test("a page has every key of API version 1.4, sorted", async (t) => {
  const index = await started(t, { now: () => new Date("2026-01-02T03:04:05.678Z") });
  const [artifact] = index.publish({ project: "Lantern.Fish", version: "1.0.0", files: [goodWheel] });
  const text = await (await get(`${index.url}/simple/lantern-fish/`, { Accept: simpleJson })).text();
  assert.ok(text.endsWith("\n"));
  const metadata = { sha256: sha256(artifact?.content.metadata ?? Buffer.alloc(0)) };
  assert.deepEqual(JSON.parse(text), {
    files: [
      {
        "core-metadata": metadata,
        "data-dist-info-metadata": metadata,
        filename: goodWheel.name,
        hashes: { sha256: sha256(goodWheel.bytes) },
        provenance: null,
        "requires-python": ">=3.9",
        size: goodWheel.bytes.length,
        "upload-time": "2026-01-02T03:04:05.678000Z",
        url: `${index.filesOrigin}${artifact?.content.path}`,
        yanked: false,
      },
    ],
    meta: { "_last-serial": 1003, "api-version": "1.4" },
    name: "lantern-fish",
    "project-status": { status: "active" },
    versions: ["1.0.0"],
  });
});

test("an upload time on the whole second has no fraction", async (t) => {
  const index = await lighthouse(t, { now: () => new Date("2026-01-02T03:04:05.000Z") });
  const text = await (await get(`${index.url}/simple/lighthouse/`, { Accept: simpleJson })).text();
  assert.match(text, /"upload-time":"2026-01-02T03:04:05Z"/);
});

test("files come by version, then name, and versions without files are left out", async (t) => {
  const index = await lighthouse(t);
  for (const version of ["1.10", "1.9", "1.9rc1"]) {
    const name = `lighthouse-${version}.tar.gz`;
    index.publish({ project: "lighthouse", version, files: [{ name, bytes: Buffer.from(version) }] });
  }
  index.removeFile("lighthouse-1.9rc1.tar.gz");
  const shown = await page(index, "lighthouse");
  assert.deepEqual(shown.versions, ["1.0", "1.9", "1.10"]);
  assert.deepEqual(
    shown.files.slice(0, 2).map((file) => file.filename),
    [wheel.name, sdist.name],
  );
});

const negotiations: readonly (readonly [string, string])[] = [
  [simpleJson, simpleJson],
  ["application/vnd.pypi.simple.latest+json", simpleJson],
  ["application/vnd.pypi.simple.v1+html", "application/vnd.pypi.simple.v1+html"],
  ["application/json", "text/html; charset=UTF-8"],
  ["*/*", "text/html; charset=UTF-8"],
  ["nonsense", "text/html; charset=UTF-8"],
  [`${simpleJson}, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01`, simpleJson],
  [`text/html, ${simpleJson};q=0.5`, "text/html; charset=UTF-8"],
];

test("what the edge does not know becomes HTML, never a refusal", async (t) => {
  const index = await lighthouse(t);
  for (const [accept, type] of negotiations) {
    const response = await get(`${index.url}/simple/lighthouse/`, { Accept: accept });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("Content-Type"), type);
  }
  const asked = await get(`${index.url}/simple/?format=${encodeURIComponent(simpleJson)}`);
  assert.equal(asked.headers.get("Content-Type"), simpleJson);
});

test("HTML carries digest, attributes and, last, the serial", async (t) => {
  const index = await started(t);
  index.publish({ project: "lanternfish", version: "1.0.0", files: [goodWheel] });
  index.yank("lanternfish", "1.0.0", 'bad "build"');
  const html = await (await get(`${index.url}/simple/lanternfish/`)).text();
  assert.ok(html.includes(`${goodWheel.name}#sha256=${sha256(goodWheel.bytes)}"`));
  assert.match(html, / data-requires-python="&gt;=3.9"/);
  assert.match(html, / data-yanked="bad &#34;build&#34;"/);
  assert.match(html, / data-core-metadata="sha256=[0-9a-f]{64}"/);
  assert.match(html, /<!--SERIAL 1004-->$/);
});

test("another spelling or a missing slash is redirected, an unknown project is plain 404", async (t) => {
  const index = await lighthouse(t);
  for (const path of ["/simple/Light.House/", "/simple/light-house", "/simple"]) {
    const response = await get(index.url + path);
    assert.equal(response.status, 301);
    assert.equal(response.headers.get("Location"), path === "/simple" ? "/simple/" : "/simple/light-house/");
  }
  const unknown = await get(`${index.url}/simple/light-house/`);
  assert.equal(unknown.status, 404);
  assert.match(unknown.headers.get("Content-Type") ?? "", /^text\/plain/);
  assert.equal(unknown.headers.get("Cache-Control"), null);
});

test("a known tag is answered by 304 without the serial header", async (t) => {
  const index = await lighthouse(t);
  const url = `${index.url}/simple/lighthouse/`;
  const first = await get(url, { Accept: simpleJson });
  assert.equal(first.headers.get("X-PyPI-Last-Serial"), "1004");
  assert.equal(first.headers.get("Cache-Control"), "public, max-age=600");
  const again = await get(url, { Accept: simpleJson, "If-None-Match": first.headers.get("ETag") ?? "" });
  assert.equal(again.status, 304);
  assert.equal(again.headers.get("X-PyPI-Last-Serial"), null);
  index.yank("lighthouse", "1.0");
  const changed = await get(url, { Accept: simpleJson, "If-None-Match": first.headers.get("ETag") ?? "" });
  assert.equal(changed.status, 200);
});

test("HEAD says what GET would, without a body", async (t) => {
  const index = await lighthouse(t);
  const response = await fetch(`${index.url}/simple/lighthouse/`, { method: "HEAD" });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("X-PyPI-Last-Serial"), "1004");
  assert.equal(await response.text(), "");
});

test("quarantine empties the page, hides the project from the list and leaves its files served", async (t) => {
  const index = await lighthouse(t);
  const [file] = (await page(index, "lighthouse")).files;
  index.quarantineProject("lighthouse");
  const shown = await page(index, "lighthouse");
  assert.deepEqual(
    [shown.files, shown.versions, shown["project-status"]],
    [[], [], { status: "quarantined" }],
  );
  const list = await (await get(`${index.url}/simple/`, { Accept: simpleJson })).text();
  assert.deepEqual(JSON.parse(list).projects, []);
  assert.deepEqual(await bytesAt(file?.url ?? ""), wheel.bytes);
});

test("a quarantined release loses its files, the project stays active", async (t) => {
  const index = await lighthouse(t);
  index.publish({
    project: "lighthouse",
    version: "2.0",
    files: [{ name: "lighthouse-2.0.tar.gz", bytes: Buffer.from("2") }],
  });
  index.quarantineRelease("lighthouse", "1.0");
  const shown = await page(index, "lighthouse");
  assert.deepEqual([shown.versions, shown["project-status"].status], [["2.0"], "active"]);
});

test("the list has display names and serials, by normalised name", async (t) => {
  const index = await lighthouse(t);
  index.publish({
    project: "Anchor",
    version: "1",
    files: [{ name: "anchor-1.tar.gz", bytes: Buffer.from("1") }],
  });
  const list = await (await get(`${index.url}/simple/`, { Accept: simpleJson })).json();
  assert.deepEqual(list, {
    meta: { "_last-serial": 1008, "api-version": "1.4" },
    projects: [
      { "_last-serial": 1008, name: "Anchor" },
      { "_last-serial": 1004, name: "Lighthouse" },
    ],
  });
});

test("an address that is not well encoded is not found, and the sandbox goes on", async (t) => {
  const index = await lighthouse(t);
  assert.equal((await get(`${index.url}/pypi/%E0%A4%A/json`)).status, 404);
  assert.equal((await get(`${index.filesOrigin}/packages/%E0%A4%A`)).status, 404);
  assert.equal((await page(index, "lighthouse")).files.length, 2);
});
