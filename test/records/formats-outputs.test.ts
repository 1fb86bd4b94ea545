import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { suite, test } from "node:test";
import type { SubmissionCode } from "../../functions/records/refusals.ts";
import { assertRefused, type Pair, pairs, read } from "./reading.ts";

const FOLDER = new URL("../fixtures/submissions/", import.meta.url);
const output = (name: string): Buffer => readFileSync(new URL(name, FOLDER));

const WHEEL: Pair = [
  "driftglass-2.1.0-py3-none-any.whl",
  "4cfb97d59fbf533b5c287fabd816c05c777b8280abe4938464de861fbb21bb92",
];
const SDIST: Pair = [
  "driftglass-2.1.0.tar.gz",
  "3a7058d857079425c2b119be0a231a119822c73126ac6e38a0e9e3d8a41cf209",
];

const SAYS: Readonly<Record<string, readonly Pair[]>> = {
  "sha256sum.txt": [WHEEL, SDIST],
  "sha256sum-binary.txt": [WHEEL, SDIST],
  "sha256sum-escaped.txt": [WHEEL, SDIST],
  "sha256sum-tag.txt": [WHEEL, SDIST],
  "sha256sum-tag-escaped.txt": [WHEEL, SDIST],
  "shasum.txt": [WHEEL, SDIST],
  "shasum-tag.txt": [WHEEL, SDIST],
  "openssl.txt": [WHEEL, SDIST],
  "openssl-r.txt": [WHEEL, SDIST],
  "pip-hash.txt": [WHEEL, SDIST],
  "print-hash.txt": [SDIST, WHEEL],
  "requirements-path.txt": [WHEEL],
  "pylock.uv.toml": [SDIST, WHEEL],
  "pylock.uv-path.toml": [WHEEL],
  "pylock.pip.toml": [WHEEL],
  "get-filehash-table.txt": [WHEEL, SDIST],
  "get-filehash-list.txt": [WHEEL, SDIST],
};

const REFUSED: Readonly<Record<string, readonly [code: SubmissionCode, line: number, says: RegExp]>> = {
  "md5sum.txt": ["other-algorithm", 1, /MD5.*SHA-256/],
  "pip-hash-sha512.txt": ["other-algorithm", 2, /sha512.*SHA-256/],
  "requirements-release.txt": ["no-file-name", 3, /driftglass==2\.1\.0.*pip hash/],
  "get-filehash-cut.txt": ["cut-short", 4, /Get-FileHash dist\\\* \| Format-List/],
};

suite("what tools really print", () => {
  for (const [name, said] of Object.entries(SAYS))
    test(`${name} is understood`, () => assert.deepEqual(pairs(output(name), "driftglass"), said));

  for (const [name, [code, line, says]] of Object.entries(REFUSED))
    test(`${name} is refused: ${code} on line ${line}, saying what to do`, () => {
      assert.match(assertRefused(output(name), code, line, "driftglass").message, says);
    });

  test("is tried to the last file that is kept here", () => {
    const kept = readdirSync(FOLDER).filter((name) => name !== "README.md");
    assert.deepEqual(kept.toSorted(), [...Object.keys(SAYS), ...Object.keys(REFUSED)].toSorted());
  });

  test("by any of them may stand below another's, each line told apart by itself", () => {
    const texts = Object.entries(SAYS).filter(([name]) => !/^pylock|list/.test(name));
    assert.ok(texts.length > 10);
    const all = Buffer.concat(texts.flatMap(([name]) => [output(name), Buffer.from("\n")]));
    const { claims, format } = read(all, "driftglass");
    assert.deepEqual([format, claims.length], ["lines", 2]);
  });
});
