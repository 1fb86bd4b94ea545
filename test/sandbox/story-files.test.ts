import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";

const folder = new URL("../fixtures/story/", import.meta.url);
const sums = readFileSync(new URL("SHA256SUMS", folder), "utf8").trimEnd().split("\n");

test("SHA256SUMS names every built file and nothing else", () => {
  const built = readdirSync(folder).filter((name) => /\.(?:whl|tar\.gz)$/.test(name));
  assert.deepEqual(sums.map((line) => line.slice(66)).sort(), built.sort());
  assert.equal(built.length, 12);
});

test("SHA256SUMS has the digest of every built file", () => {
  for (const line of sums) {
    const bytes = readFileSync(new URL(line.slice(66), folder));
    assert.equal(`${createHash("sha256").update(bytes).digest("hex")}  ${line.slice(66)}`, line);
  }
});

test("every release of the story has a wheel and an sdist", () => {
  const releases = readFileSync(new URL("releases.txt", folder), "utf8").trimEnd().split("\n");
  for (const release of releases) {
    const [name, version] = release.split(" ");
    const files = sums.map((line) => line.slice(66));
    assert.ok(files.includes(`${name}-${version}-py3-none-any.whl`));
    assert.ok(files.includes(`${name}-${version}.tar.gz`));
  }
});
