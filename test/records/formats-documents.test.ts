import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { suite, test } from "node:test";
import type { SubmissionCode } from "../../functions/records/refusals.ts";
import { assertRefused, pairs, read } from "./reading.ts";

const A = "a".repeat(64);
const B = "b".repeat(64);
const SDIST = "six-1.17.0.tar.gz";
const WHEEL = "six-1.17.0-py2.py3-none-any.whl";

type Case = readonly [what: string, text: string, code: SubmissionCode, line: number | null, says?: RegExp];

const HEAD = 'lock-version = "1.0"\ncreated-by = "x"\n';
/** A lock file with one entry for six, on line 4, that says what is given. */
const locked = (...lines: readonly string[]): string =>
  `${HEAD}[[packages]]\nname = "six"\n${lines.join("\n")}\n`;
const hashes = (hex: string): string => `hashes = { sha256 = "${hex}" }`;

suite("a page of the Simple API", () => {
  test("is a submission as it stands, of all its files", () => {
    const page = new URL("../fixtures/pypi/simple/detail-colorama.pypiwrap.api-1.3.json", import.meta.url);
    const { claims, format } = read(readFileSync(page), "colorama");
    assert.equal(format, "json");
    assert.ok(claims.length >= 14, `saw only ${claims.length}`);
    assert.ok(claims.every(({ file, entry }) => file.startsWith("colorama-") && entry?.startsWith("files[")));
  });
});

suite("JSON that cannot be recorded", () => {
  const json = (entry: string): string => `[\n{"file": "${WHEEL}", "sha256": "${B}"},\n${entry}\n]`;
  const REFUSED: readonly Case[] = [
    [
      "another algorithm's tag",
      json(`{"file": "${SDIST}", "digest": "md5:${A}"}`),
      "other-algorithm",
      3,
      /md5/,
    ],
    ["an MD5 by its length", json(`{"file": "${SDIST}", "digest": "${A.slice(32)}"}`), "other-algorithm", 3],
    [
      "only an MD5 among the hashes",
      json(`{"file": "${SDIST}", "hashes": {"md5": "x"}}`),
      "other-algorithm",
      3,
    ],
    ["a sha256 that is none", json(`{"file": "${SDIST}", "sha256": "${A.slice(32)}"}`), "bad-digest", 3],
    [
      "a sha256 that is no text",
      json(`{"file": "${SDIST}", "hashes": {"sha256": 7, "md5": "x"}}`),
      "bad-digest",
      3,
    ],
    ["no digest", json(`{"file": "${SDIST}"}`), "no-digest", 3, /files\[1\]/],
    ["no hash among the hashes", json(`{"file": "${SDIST}", "hashes": {}}`), "no-digest", 3],
    ["a path", json(`{"file": "../${SDIST}", "sha256": "${A}"}`), "bad-file-name", 3],
    ["half a surrogate pair", json(`{"file": "six-1\\ud800.tar.gz", "sha256": "${A}"}`), "bad-file-name", 3],
    [
      "an entry with two digests",
      json(`{"file": "${SDIST}", "digest": "${A}", "sha256": "${"c".repeat(64)}"}`),
      "two-digests",
      3,
    ],
    [
      "a name with two digests",
      json(`{"file": "${WHEEL}", "sha256": "${A}"}`),
      "two-digests",
      3,
      /files\[1\].*line 2 says/,
    ],
    [
      "another project's file",
      json(`{"file": "seven-1.0.tar.gz", "sha256": "${A}"}`),
      "wrong-project",
      3,
      /files\[1\]/,
    ],
    [
      "an entry with two names",
      json(`{"file": "${SDIST}", "filename": "x", "sha256": "${A}"}`),
      "bad-entry",
      null,
      /files\[1\]/,
    ],
    ["an entry without a name", json(`{"sha256": "${A}"}`), "bad-entry", null, /files\[1\]/],
    ["an entry that is no object", json("7"), "bad-entry", null, /files\[1\]/],
    ["JSON of another form", `{"digests": []}`, "bad-entry", null],
    ["JSON cut off", `{"files": [\n{"file": `, "bad-json", 2],
    ["JSON, and lines below it", `[{"file": "${SDIST}", "sha256": "${A}"}]\n${A}  ${SDIST}`, "bad-json", 2],
    [
      "a digest that stands twice, under a name that does too",
      `[{"file": "x", "sha256": "${B}"},\n{"file": "x", "sha256": "${B}"}]`,
      "wrong-project",
      null,
      /files\[0\]/,
    ],
  ];
  for (const [what, text, code, line, says = /./] of REFUSED)
    test(`${what}: ${code}${line === null ? "" : ` on line ${line}`}`, () => {
      assert.match(assertRefused(text, code, line).message, says);
    });
});

suite("a lock file", () => {
  const SAME: Readonly<Record<string, string>> = {
    "a wheel by name": locked(`wheels = [{ name = "${WHEEL}", url = "https://x.example/y", ${hashes(A)} }]`),
    "a wheel by path": locked(`wheels = [{ path = "../dist/${WHEEL}", ${hashes(A)} }]`),
    "a wheel by a path of Windows": locked(
      `wheels = [{ path = '..\\dist\\${WHEEL}', ${hashes(A.toUpperCase())} }]`,
    ),
    "a wheel by URL": locked(`wheels = [{ url = "https://x.example/p/${WHEEL}?x#y", ${hashes(A)} }]`),
    "an archive": locked(`archive = { path = "${WHEEL}", ${hashes(A)} }`),
    "an sdist in a table of its own": locked(
      `[packages.sdist]`,
      `name = "${WHEEL}"`,
      "[packages.sdist.hashes]",
      `md5 = "x"`,
      `sha256 = "${A}"`,
    ),
    "a name that is not normalised": locked(`archive = { path = "${WHEEL}", ${hashes(A)} }`).replace(
      '"six"',
      '"SIX"',
    ),
    "other projects, not looked into": `${locked(`archive = { path = "${WHEEL}", ${hashes(A)} }`)}[[packages]]\nname = "seven"\nwheels = 7\n`,
    "CRLF, comments and no newline at the end":
      `# by hand\n${locked(`archive = { path = "${WHEEL}", ${hashes(A)} } # it's`)}`
        .trim()
        .replaceAll("\n", "\r\n"),
  };
  for (const [what, text] of Object.entries(SAME))
    test(`with ${what} is understood`, () => {
      assert.deepEqual(pairs(text), [[WHEEL, A]]);
      assert.equal(read(text).format, "pylock");
    });

  const wheel = (path: string, hex: string): string => `  { path = "${path}", ${hashes(hex)} },`;
  const REFUSED: readonly Case[] = [
    [
      "without the project",
      locked("").replace('"six"', '"seven"'),
      "empty-submission",
      null,
      /no file of six/,
    ],
    ["of a checkout, without files", locked('vcs = { type = "git" }'), "empty-submission", null],
    ["of nothing", `${HEAD}packages = []`, "empty-submission", null],
    ["that is no TOML", `${HEAD}packages = [\n`, "bad-toml", 4],
    ["with a key twice", `${HEAD}lock-version = "1.0"`, "bad-toml", 3],
    ["of another form", `${HEAD}packages = 7`, "bad-entry", null],
    ["of a later version", locked("").replace("1.0", "2.0"), "bad-entry", null],
    ["without its version", '[[packages]]\nname = "six"', "bad-entry", null],
    ["whose entry has no name", `${HEAD}[[packages]]\nversion = "1"`, "bad-entry", null, /packages\[0\]/],
    ["whose wheels are no array", locked("wheels = 7"), "bad-entry", null, /packages\[0\]/],
    ["whose wheel is no table", locked("wheels = [7]"), "bad-entry", null, /packages\[0\]\.wheels\[0\]/],
    [
      "whose wheel has no name",
      locked(`wheels = [{ ${hashes(A)} }]`),
      "bad-entry",
      5,
      /packages\[0\]\.wheels\[0\]/,
    ],
    [
      "whose sdist has no hash",
      locked(`sdist = { path = "${SDIST}" }`),
      "no-digest",
      5,
      /packages\[0\]\.sdist/,
    ],
    [
      "whose sdist has another hash",
      locked(`sdist = { path = "${SDIST}", hashes = { sha512 = "x" } }`),
      "other-algorithm",
      5,
      /sha512/,
    ],
    [
      "with a bad digest",
      locked("wheels = [", wheel(WHEEL, A), wheel(SDIST, "abc"), "]"),
      "bad-digest",
      7,
      /wheels\[1\]/,
    ],
    [
      "with a name that has two",
      locked("wheels = [", wheel(WHEEL, A), wheel(`x/${WHEEL}`, B), "]"),
      "two-digests",
      7,
      /wheels\[1\]/,
    ],
    [
      "with another project's wheel",
      locked("wheels = [", wheel(WHEEL, A), wheel("seven-1.0-py3-none-any.whl", B), "]"),
      "wrong-project",
      7,
    ],
    [
      "with a name that is a path",
      locked(`sdist = { name = "x/${SDIST}", ${hashes(A)} }`),
      "bad-file-name",
      5,
    ],
  ];
  for (const [what, text, code, line, says = /./] of REFUSED)
    test(`${what}: ${code}${line === null ? "" : ` on line ${line}`}`, () => {
      assert.match(assertRefused(text, code, line).message, says);
    });
});
