import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createGzip } from "node:zlib";

const PROJECTS = 900_000;
const READER = fileURLToPath(new URL("./long-list.ts", import.meta.url));
/** Less than the list by itself would take, as text or parsed: whoever held it would die of it. */
const HEAP_MEGABYTES = 40;

/** As many projects as PyPI has, and more bytes than its list: some 57 MB. */
function* listed(): Generator<string> {
  yield '{"meta": {"_last-serial": 41125229, "api-version": "1.4"}, "projects": [';
  for (let at = 0; at < PROJECTS; at += 1)
    yield `${at === 0 ? "" : ", "}{"_last-serial": ${20_000_000 + at}, "name": "some.Project_name-${at}"}`;
  yield "]}\n";
}

function* inLots(): Generator<string> {
  let lot: string[] = [];
  for (const piece of listed()) {
    lot.push(piece);
    if (lot.length < 1_000) continue;
    yield lot.join("");
    lot = [];
  }
  yield lot.join("");
}

describe("a list of nine hundred thousand projects", () => {
  it("is read in memory that does not grow with it", async (t) => {
    const server = createServer((_, answer) => {
      const typed = { "Content-Type": "application/vnd.pypi.simple.v1+json" };
      answer.writeHead(200, { ...typed, "Content-Encoding": "gzip" });
      pipeline(Readable.from(inLots()), createGzip({ level: 1 }), answer).catch(() => {});
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    t.after(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const began = performance.now();
    const reader = [`--max-old-space-size=${HEAP_MEGABYTES}`, READER, `http://127.0.0.1:${port}`];
    const { stdout } = await promisify(execFile)(process.execPath, reader);
    const { projects, looked, mostMegabytes } = JSON.parse(stdout) as Record<string, unknown>;
    t.diagnostic(`${Math.round(performance.now() - began)} ms, at most ${mostMegabytes} MB in all`);
    assert.equal(projects, PROJECTS);
    assert.deepEqual(looked, { kind: "whole", etag: null, serial: 41_125_229 });
  });
});
