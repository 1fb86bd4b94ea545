import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { startIndex } from "../../bin/sandbox/index/server.ts";
import type { Shown } from "../../functions/domain/sources.ts";
import type { Source } from "../../functions/ports.ts";
import { readSources } from "../../functions/pypi/sources.ts";
import { type Answering, adapters, answerWith, fixture, reading } from "./serving.ts";
import { unavailableAs } from "./writing.ts";

const TYPED = { "Content-Type": "application/vnd.pypi.simple.v1+json" };
const META = { "_last-serial": 41_125_229, "api-version": "1.4" };
const LIST = { meta: META, projects: [{ "_last-serial": 7, name: "Lantern" }] };
const listOf = (more: object): string => JSON.stringify({ ...LIST, ...more });

/** A list as long as one likes, as PyPI writes it. */
const long = (count: number): string =>
  listOf({
    projects: Array.from({ length: count }, (_, at) => ({ "_last-serial": at, name: `some.Project_${at}` })),
  });

async function readAll(source: Source, etag: string | null = null) {
  const batches: (readonly Shown[])[] = [];
  const looked = await source.look(etag, async (batch) => void batches.push(batch));
  return { shown: batches.flat(), batches, looked };
}

describe("the list of all projects", () => {
  it("is asked for as PyPI wants to be asked, and says how far it reaches", async (t) => {
    const { sources: read, serving } = await reading(t, answerWith({ ...TYPED, ETag: '"e1"' }, listOf({})));
    const sources = read(readSources);
    const { shown, looked } = await readAll(sources.list);
    assert.deepEqual(looked, { kind: "whole", etag: '"e1"', serial: 41_125_229 });
    assert.deepEqual(shown, [{ project: "lantern", serial: 7, release: null, published: null }]);
    const [asked] = serving.seen;
    assert.deepEqual(
      [asked?.url, asked?.headers.accept, asked?.headers["accept-encoding"], asked?.headers["if-none-match"]],
      ["/simple/", "application/vnd.pypi.simple.v1+json", "gzip", undefined],
    );
  });

  it("as PyPI had it is read item by item", async (t) => {
    const body = fixture("simple/index-excerpt.pypiwrap.api-1.3.json");
    const said = JSON.parse(body.toString());
    const sources = (await reading(t, answerWith(TYPED, body))).sources(readSources);
    const { shown, looked } = await readAll(sources.list);
    assert.ok(looked.kind === "whole" && looked.serial === said.meta["_last-serial"]);
    assert.deepEqual(
      shown.map(({ serial }) => serial),
      said.projects.map((each: { "_last-serial": number }) => each["_last-serial"]),
    );
    assert.equal(shown[1]?.project, "0-0");
  });

  it("of the sandbox leaves out who is in quarantine, and is not sent twice", async (t) => {
    const index = await startIndex({});
    t.after(() => index.close());
    for (const project of ["Lantern", "lamp"])
      index.publish({
        project,
        version: "1.0",
        files: [{ name: `${project.toLowerCase()}-1.0.tar.gz`, bytes: new Uint8Array([1]) }],
      });
    const sources = adapters(t, index.url).sources(readSources);
    const first = await readAll(sources.list);
    assert.deepEqual(first.shown.map(({ project }) => project).sort(), ["lamp", "lantern"]);
    assert.ok(first.looked.kind === "whole");
    assert.equal(first.looked.serial, index.journal.head());
    assert.deepEqual((await readAll(sources.list, first.looked.etag)).looked, { kind: "unchanged" });
    index.quarantineProject("lamp");
    const second = await readAll(sources.list, first.looked.etag);
    assert.deepEqual(
      second.shown.map(({ project }) => project),
      ["lantern"],
    );
  });

  for (const packed of [false, true])
    it(`comes in batches, each waited for, ${packed ? "packed" : "plain"}`, async (t) => {
      const body = long(25_000);
      const coding = { ...TYPED, ...(packed && { "Content-Encoding": "gzip" }) };
      const sources = (await reading(t, answerWith(coding, packed ? gzipSync(body) : body))).sources(
        readSources,
      );
      const order: string[] = [];
      let count = 0;
      await sources.list.look(null, async (batch) => {
        order.push("taken");
        await new Promise(setImmediate);
        order.push("done");
        assert.ok(batch.length < 10_000);
        count += batch.length;
      });
      assert.equal(count, 25_000);
      assert.ok(order.length > 4);
      assert.deepEqual(
        order,
        order.map((_, at) => (at % 2 === 0 ? "taken" : "done")),
      );
    });

  it("may say how far it reaches at its end", async (t) => {
    const body = `{"projects": ${JSON.stringify(LIST.projects)}, "meta": ${JSON.stringify(META)}}`;
    const sources = (await reading(t, answerWith(TYPED, body))).sources(readSources);
    const { shown, looked } = await readAll(sources.list);
    assert.deepEqual([shown.length, looked], [1, { kind: "whole", etag: null, serial: 41_125_229 }]);
  });

  it("hides nobody behind an odd item", async (t) => {
    const odd = [
      null,
      7,
      "x",
      [],
      {},
      { name: 7 },
      { name: "" },
      { name: "../.." },
      { name: "x".repeat(300) },
    ];
    const serials = [-1, 1.5, "7", null, 1e300].map((serial) => ({ name: "Lamp", "_last-serial": serial }));
    const projects = [...odd, ...serials, { name: "No-Serial" }, ...LIST.projects];
    const sources = (await reading(t, answerWith(TYPED, listOf({ projects })))).sources(readSources);
    const { shown } = await readAll(sources.list);
    assert.deepEqual(
      shown.map(({ project, serial }) => [project, serial]),
      [...serials.map(() => ["lamp", null]), ["no-serial", null], ["lantern", 7]],
    );
  });

  const cut = (body: Buffer, headers: Record<string, string>, closing: boolean): Answering => {
    const half = body.subarray(0, body.length / 2);
    return (_, answer) => {
      answer.writeHead(200, {
        ...TYPED,
        ...headers,
        ...(closing ? { Connection: "close" } : { "Content-Length": body.length }),
      });
      answer.write(half, () => (closing ? answer.end() : answer.destroy()));
    };
  };
  const gzip = { "Content-Encoding": "gzip" };
  const body = Buffer.from(long(5_000));
  const unreadable: readonly (readonly [string, Parameters<typeof unavailableAs>[0], Answering])[] = [
    ["an outage's page", "unreachable", answerWith({ "Content-Type": "text/html" }, "<html>", 503)],
    ["HTML with status 200", "garbled", answerWith({ "Content-Type": "text/html" }, "<html>")],
    ["no JSON", "garbled", answerWith(TYPED, "<html>")],
    ["nothing", "garbled", answerWith(TYPED, "")],
    ["broken off", "unreachable", cut(body, {}, false)],
    ["broken off as if it were its end", "garbled", cut(body, {}, true)],
    ["broken off in its packed form", "garbled", cut(gzipSync(body), gzip, true)],
    ["packed, and no gzip", "garbled", answerWith({ ...TYPED, ...gzip }, body)],
    ["packed otherwise", "garbled", answerWith({ ...TYPED, "Content-Encoding": "br" }, body)],
    ["without a serial of its own", "garbled", answerWith(TYPED, listOf({ meta: { "api-version": "1.4" } }))],
    ["of another form", "garbled", answerWith(TYPED, listOf({ meta: { ...META, "api-version": "2.0" } }))],
    ["without projects", "garbled", answerWith(TYPED, JSON.stringify({ meta: META }))],
    ["of no project, though there was a journal", "garbled", answerWith(TYPED, listOf({ projects: [] }))],
    ["an object of projects", "garbled", answerWith(TYPED, listOf({ projects: { a: { name: "a" } } }))],
    ["304 to an unconditional request", "refused", answerWith({}, "", 304)],
  ];
  for (const [what, code, answering] of unreadable)
    it(`that is ${what} is no list, whatever came of it`, async (t) => {
      const sources = (await reading(t, answering)).sources(readSources);
      await assert.rejects(readAll(sources.list), unavailableAs(code));
    });

  for (const packed of [false, true])
    it(`is read no further than its cap, ${packed ? "decoded" : "as it comes"}`, async (t) => {
      const coding = { ...TYPED, ...(packed && gzip) };
      const answering = answerWith(coding, packed ? gzipSync(body) : body);
      const sources = (await reading(t, answering, { limits: { listBytes: body.length - 1 } })).sources(
        readSources,
      );
      await assert.rejects(readAll(sources.list), unavailableAs("too-large"));
    });

  for (const [what, piece] of [
    ["one name", "a"],
    ["nested without end", "["],
  ] as const)
    it(`that is ${what}, small as it comes, is not held in memory`, async (t) => {
      const hostile = `{"meta":${JSON.stringify(META)},"projects":[{"name":${piece === "a" ? '"' : ""}`;
      const packed = gzipSync(hostile + piece.repeat(40 * 1024 ** 2), { level: 1 });
      const { sources: read } = await reading(t, answerWith({ ...TYPED, ...gzip }, packed));
      const before = process.memoryUsage().rss;
      await assert.rejects(readAll(read(readSources).list), unavailableAs("garbled"));
      const grown = process.memoryUsage().rss - before;
      assert.ok(grown < 200 * 1024 ** 2, `grew by ${grown} bytes`);
    });

  it("ends when whoever takes it fails, with that failure's cause", async (t) => {
    const sources = (await reading(t, answerWith(TYPED, body))).sources(readSources);
    const failing = sources.list.look(null, async () => {
      throw new RangeError("the table is throttled");
    });
    await assert.rejects(failing, RangeError);
  });

  it("of an empty index is whole", async (t) => {
    const empty = listOf({ meta: { ...META, "_last-serial": 0 }, projects: [] });
    const sources = (await reading(t, answerWith(TYPED, empty))).sources(readSources);
    assert.deepEqual((await readAll(sources.list)).looked, { kind: "whole", etag: null, serial: 0 });
  });
});
