import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { canonicalJson } from "../../functions/domain/canonical.ts";
import { sha256 } from "../../functions/domain/digests.ts";
import type { UnavailableCode } from "../../functions/ports.ts";
import { type Answering, answerWith, fixture, reading } from "./serving.ts";
import { unavailableAs } from "./writing.ts";

const TYPED = { "Content-Type": "application/vnd.pypi.simple.v1+json" };
const ASK = { etag: null, plain: false };

const FILE = {
  filename: "six-1.0.tar.gz",
  url: "https://files.example/six-1.0.tar.gz",
  hashes: { sha256: "ab".repeat(32) },
};
const PAGE = {
  meta: { "api-version": "1.4", "_last-serial": 7 },
  name: "six",
  versions: ["1.0"],
  files: [FILE],
};
const pageWith = (spoiled: object): string => JSON.stringify({ ...PAGE, ...spoiled });
const fileWith = (spoiled: object): string => pageWith({ files: [{ ...FILE, ...spoiled }] });

test("a page is asked for as PyPI wants to be asked, and kept under the digest of its body", async (t) => {
  const { pages, serving } = await reading(t, answerWith({ ...TYPED, ETag: '"e1"' }, pageWith({})));
  const answer = await pages.read("six", ASK);
  assert.ok(answer.kind === "page");
  const { page, body } = answer;
  assert.deepEqual(page, {
    project: "six",
    state: "active",
    serial: 7,
    versions: ["1.0"],
    files: [
      {
        file: FILE.filename,
        declared: `sha256:${"ab".repeat(32)}`,
        url: FILE.url,
        sizeBytes: null,
        yanked: false,
      },
    ],
    digest: sha256(pageWith({})),
    etag: '"e1"',
  });
  assert.equal(sha256(body), page.digest);
  const [asked] = serving.seen;
  assert.equal(asked?.url, "/simple/six/");
  assert.equal(asked?.headers.accept, "application/vnd.pypi.simple.v1+json");
  assert.equal(asked?.headers["accept-encoding"], "gzip");
  assert.equal(asked?.headers["if-none-match"], undefined);
});

const read = async (t: Parameters<typeof reading>[0], project: string, body: string | Buffer) => {
  const { pages, serving } = await reading(t, answerWith(TYPED, body));
  const answer = await pages.read(project, ASK);
  assert.ok(answer.kind === "page");
  return { ...answer.page, origin: serving.origin };
};

const sampled: readonly (readonly [string, string, number, number | null, string])[] = [
  ["colorama", "detail-colorama.pypiwrap.api-1.3.json", 18, 15517557, "active"],
  ["beautifulsoup4", "detail-beautifulsoup4-excerpt.warehouse-docs.api-1.4.json", 6, 22406780, "active"],
  ["argset", "detail-argset.pypi-simple.json", 2, 10562871, "active"],
  ["argset", "detail-argset-700.pypi-simple.json", 2, 10562871, "active"],
  ["argset", "detail-argset-708.pypi-simple.json", 2, 10562871, "deprecated"],
];

for (const [project, name, files, serial, state] of sampled)
  test(`the sampled page ${name} parses to what it says`, async (t) => {
    const body = fixture(`simple/${name}`);
    const page = await read(t, project, body);
    const said = JSON.parse(body.toString());
    assert.deepEqual([page.files.length, page.serial, page.state], [files, serial, state]);
    assert.deepEqual(page.versions, said.versions ?? []);
    assert.deepEqual(
      page.files.map(({ file, declared, url, sizeBytes, yanked }) => [
        file,
        declared,
        url,
        sizeBytes,
        yanked,
      ]),
      said.files.map(
        (file: {
          filename: string;
          hashes: { sha256: string };
          url: string;
          size?: number;
          yanked: boolean;
        }) => [file.filename, `sha256:${file.hashes.sha256}`, file.url, file.size ?? null, file.yanked],
      ),
    );
  });

test("relative URLs are taken from the page's own", async (t) => {
  const page = await read(t, "argset", fixture("simple/detail-argset-relative.pypi-simple.json"));
  assert.equal(page.files[0]?.url, `${page.origin}/simple/argset/packages/argset-0.1.0-py3-none-any.whl`);
});

test("a yank keeps its reason, and without one is still a yank", async (t) => {
  const page = await read(t, "yanked", fixture("simple/detail-yanked.pypi-simple.json"));
  assert.deepEqual(
    page.files.map(({ yanked }) => yanked),
    ["", "not good"],
  );
  assert.equal(page.serial, null);
});

const states: readonly (readonly [unknown, string])[] = [
  [{ status: "quarantined" }, "quarantined"],
  [{ state: "archived" }, "archived"],
  [{ status: "something new" }, "active"],
  [{ status: "gone" }, "active"],
  [null, "active"],
];
for (const [status, state] of states)
  test(`the status ${JSON.stringify(status)} is ${state}`, async (t) => {
    assert.equal((await read(t, "six", pageWith({ "project-status": status, files: [] }))).state, state);
  });

test("half a character, theirs or one cut here, stands in the way of no fact", async (t) => {
  const halves = [
    { ...FILE, filename: "a.whl", yanked: "\ud83d" },
    { ...FILE, filename: "b.whl", yanked: `${"x".repeat(999)}\u{1f600}` },
    { ...FILE, filename: "c.whl", url: "http://[\ud83d" },
  ];
  const page = await read(t, "six", pageWith({ files: halves, versions: ["1.0", "\ud83d"] }));
  assert.deepEqual(page.versions, ["1.0"]);
  assert.equal(page.files.length, 3);
  assert.doesNotThrow(() => canonicalJson(page));
});

test("an odd entry hides no other, and is kept", async (t) => {
  const odd = [
    { ...FILE, filename: "no-hash.whl", hashes: { md5: "x" } },
    { ...FILE, filename: "short-hash.whl", hashes: { sha256: "ab" } },
    { ...FILE, filename: "no-hashes.whl", hashes: null },
    { ...FILE, filename: "../../etc/passwd", size: -1, url: "javascript:alert(1)" },
    { ...FILE, filename: "odd.whl", size: "12", url: "http://[broken", yanked: 5 },
    { ...FILE, filename: "long.whl", url: `https://files.example/${"x".repeat(5000)}` },
  ];
  const page = await read(t, "six", pageWith({ files: [...odd, FILE], versions: "none" }));
  assert.deepEqual(
    page.files.map(({ file, declared, sizeBytes, yanked }) => [file, declared !== null, sizeBytes, yanked]),
    [
      ["no-hash.whl", false, null, false],
      ["short-hash.whl", false, null, false],
      ["no-hashes.whl", false, null, false],
      ["../../etc/passwd", true, null, false],
      ["odd.whl", true, null, false],
      ["long.whl", true, null, false],
      ["six-1.0.tar.gz", true, null, false],
    ],
  );
  assert.deepEqual(
    page.files.slice(3, 6).map(({ url }) => url),
    ["javascript:alert(1)", "http://[broken", "about:too-long"],
  );
});

test("a serial in the body counts before one in the header, and the header stands in for none", async (t) => {
  const withHeader = { ...TYPED, "X-PyPI-Last-Serial": "9" };
  const meta = { "api-version": "1.0" };
  for (const [body, serial] of [
    [pageWith({}), 7],
    [pageWith({ meta }), 9],
    [pageWith({ meta: { ...meta, "_last-serial": "12" } }), 9],
  ] as const) {
    const { pages } = await reading(t, answerWith(withHeader, body));
    const answer = await pages.read("six", ASK);
    assert.equal(answer.kind === "page" && answer.page.serial, serial);
  }
});

test("an unchanged page is told by its etag", async (t) => {
  const { pages, serving } = await reading(t, answerWith({}, "", 304));
  assert.deepEqual(await pages.read("six", { etag: '"e1"', plain: false }), { kind: "unchanged" });
  assert.equal(serving.seen[0]?.headers["if-none-match"], '"e1"');
  await assert.rejects(pages.read("six", ASK), unavailableAs("refused"));
});

test("an etag without end is not kept", async (t) => {
  const { pages } = await reading(t, answerWith({ ...TYPED, ETag: `"${"x".repeat(600)}"` }, pageWith({})));
  const answer = await pages.read("six", ASK);
  assert.equal(answer.kind === "page" && answer.page.etag, null);
});

test("a 404 is gone, and its connection is used again", async (t) => {
  const { pages, serving } = await reading(t, answerWith({}, "404 Not Found", 404));
  for (let look = 0; look < 20; look++) assert.deepEqual(await pages.read("six", ASK), { kind: "gone" });
  assert.ok(serving.sockets() <= 2);
});

test("a plain look asks for the unencoded copy; gzip is decoded, and digested as decoded", async (t) => {
  const encoded: Answering = (request, answer) => {
    if (request.headers["accept-encoding"] === "identity") answerWith(TYPED, pageWith({}))(request, answer);
    else answerWith({ ...TYPED, "Content-Encoding": "gzip" }, gzipSync(pageWith({})))(request, answer);
  };
  const { pages } = await reading(t, encoded);
  assert.deepEqual(await pages.read("six", ASK), await pages.read("six", { etag: null, plain: true }));
});

const gzipped = { ...TYPED, "Content-Encoding": "gzip" };
const cutOff: Answering = (_request, answer) => {
  answer.writeHead(200, { ...TYPED, "Content-Length": 1000 });
  answer.write("{", () => answer.destroy());
};
const dripping: Answering = (_request, answer) => {
  answer.writeHead(200, TYPED);
  const drip = setInterval(() => answer.write(" "), 20);
  answer.on("close", () => clearInterval(drip));
};
const failures: readonly (readonly [string, UnavailableCode, number | null, Answering])[] = [
  ["an empty 200", "garbled", null, answerWith(TYPED, "")],
  ["a 200 in HTML", "garbled", null, answerWith({ "Content-Type": "text/html" }, pageWith({}))],
  ["an untyped 200", "garbled", null, answerWith({}, pageWith({}))],
  ["a body that is no JSON", "garbled", null, answerWith(TYPED, "<html></html>")],
  ["a body that is no UTF-8", "garbled", null, answerWith(TYPED, Buffer.from([0x22, 0xff, 0x22]))],
  ["a body cut by its server", "garbled", null, answerWith(TYPED, pageWith({}).slice(0, -1))],
  ["a cut connection", "unreachable", null, cutOff],
  ["a page of another project", "garbled", null, answerWith(TYPED, pageWith({ name: "seven" }))],
  ["a page without files", "garbled", null, answerWith(TYPED, pageWith({ files: undefined }))],
  ["a page of API 2", "garbled", null, answerWith(TYPED, pageWith({ meta: { "api-version": "2.0" } }))],
  ["a page with one file name twice", "garbled", null, answerWith(TYPED, pageWith({ files: [FILE, FILE] }))],
  ["a nameless file", "garbled", null, answerWith(TYPED, fileWith({ filename: "" }))],
  ["a file name with a line break", "garbled", null, answerWith(TYPED, fileWith({ filename: "a\nb.whl" }))],
  ["a file name without end", "garbled", null, answerWith(TYPED, fileWith({ filename: "x".repeat(501) }))],
  ["broken gzip", "garbled", null, answerWith(gzipped, "nonsense")],
  ["cut gzip", "garbled", null, answerWith(gzipped, gzipSync(pageWith({})).subarray(0, -12))],
  ["an encoding nobody asked for", "garbled", null, answerWith({ ...TYPED, "Content-Encoding": "br" }, "x")],
  ["a gzip bomb", "too-large", null, answerWith(gzipped, gzipSync(Buffer.alloc(1_000_000)))],
  ["a page over the cap", "too-large", null, answerWith(TYPED, pageWith({ more: "x".repeat(100_000) }))],
  ["a page that drips", "too-slow", null, dripping],
  ["a redirect", "refused", null, answerWith({ Location: "/simple/seven/" }, "", 301)],
  ["a 403", "refused", null, answerWith({}, "blocked", 403)],
  ["a 410", "refused", null, answerWith({}, "", 410)],
  ["a 429", "throttled", 3000, answerWith({ "Retry-After": "3" }, "", 429)],
  ["a 503", "unreachable", null, answerWith({ "Content-Type": "text/html" }, "Sorry", 503)],
];

for (const [what, code, retryAfterMs, answering] of failures)
  test(`${what} is ${code}, never gone`, async (t) => {
    const { pages } = await reading(t, answering, { limits: { pageMs: 400, pageBytes: 50_000 } });
    await assert.rejects(pages.read("six", ASK), unavailableAs(code, retryAfterMs));
  });

test("a name that is no project's leads nowhere", async (t) => {
  const { pages, serving } = await reading(t, answerWith(TYPED, pageWith({})));
  for (const name of ["..", "", "a/b", "a?b"])
    await assert.rejects(pages.read(name, ASK), unavailableAs("refused"));
  assert.equal(serving.seen.length, 0);
});
