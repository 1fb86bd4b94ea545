import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { answerWith, reading } from "./serving.ts";
import { unavailableAs } from "./writing.ts";

const SHAPES = { "nested without end": "[", "full of empty objects": "{}," } as const;
const MEGABYTE = 1024 ** 2;

describe("an answer that is small as it comes, and made to be large in memory", () => {
  for (const [what, piece] of Object.entries(SHAPES))
    for (const [port, type] of [
      ["pages", "application/vnd.pypi.simple.v1+json"],
      ["owners", "application/json"],
    ] as const)
      it(`is not parsed by ${port} when it is ${what}`, async (t) => {
        const body = gzipSync(`{"files":[${piece.repeat((60 * MEGABYTE) / piece.length)}`, { level: 1 });
        const headers = { "Content-Type": type, "Content-Encoding": "gzip" };
        const read = await reading(t, answerWith(headers, body));
        const before = process.resourceUsage().maxRSS;
        const answer =
          port === "pages" ? read.pages.read("six", { etag: null, plain: false }) : read.owners.read("six");
        await assert.rejects(answer, unavailableAs("garbled"));
        const grown = (process.resourceUsage().maxRSS - before) / 1024;
        assert.ok(grown < 300, `grew by ${grown} MB`);
      });

  it("is parsed where it is an honest page of fifty thousand files", async (t) => {
    const files = Array.from({ length: 50_000 }, (_, at) => ({
      filename: `six-1.${at}.tar.gz`,
      url: `https://files.example/${"ab/".repeat(30)}six-1.${at}.tar.gz`,
      hashes: { sha256: "ab".repeat(32) },
      "core-metadata": { sha256: "cd".repeat(32) },
      "data-dist-info-metadata": { sha256: "cd".repeat(32) },
    }));
    const page = { meta: { "api-version": "1.4", "_last-serial": 7 }, name: "six", versions: [], files };
    const { pages } = await reading(
      t,
      answerWith({ "Content-Type": "application/vnd.pypi.simple.v1+json" }, JSON.stringify(page)),
    );
    const answer = await pages.read("six", { etag: null, plain: false });
    assert.ok(answer.kind === "page" && answer.page.files.length === files.length);
  });
});
