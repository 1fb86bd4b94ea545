import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { hexOf, sha256 } from "../../functions/domain/digests.ts";
import { MOST_FILES, MOST_SUBMISSION_BYTES, parseSubmission } from "../../functions/records/formats.ts";
import { type SubmissionCode, SubmissionRefused } from "../../functions/records/refusals.ts";

const A = "a".repeat(64);
const B = "b".repeat(64);
const SDIST = "six-1.17.0.tar.gz";
const WHEEL = "six-1.17.0-py2.py3-none-any.whl";

const read = (text: string | Uint8Array) =>
  parseSubmission(typeof text === "string" ? Buffer.from(text) : text, "six");

const pairs = (text: string) => read(text).claims.map(({ file, digest }) => [file, hexOf(digest)]);

function refusalOf(text: string | Uint8Array): SubmissionRefused {
  try {
    read(text);
  } catch (error) {
    if (error instanceof SubmissionRefused) return error;
    throw error;
  }
  return assert.fail("was not refused");
}

suite("what a submission says", () => {
  const SAME: Readonly<Record<string, string>> = {
    "text mode": `${A}  ${SDIST}\n`,
    "binary mode": `${A} *${SDIST}\n`,
    "a folder in front": `${A}  ./dist/${SDIST}\n`,
    "an escaped line whose name holds an escaped folder": `\\${A}  di\\nst/${SDIST}\n`,
    "upper-case digits": `${A.toUpperCase()}  ${SDIST}\n`,
    CRLF: `${A}  ${SDIST}\r\n\r\n`,
    "no newline at the end": `${A}  ${SDIST}`,
    "a byte order mark and blank lines": `\uFEFF\n\n${A}  ${SDIST}\n \n`,
    "the same line twice": `${A}  ${SDIST}\n${A} *dist/${SDIST}\n`,
    "a JSON manifest": `{"files": [{"file": "${SDIST}", "digest": "sha256:${A}"}]}`,
    "a bare JSON array": ` [{"filename": "${SDIST}", "sha256": "${A}"}]`,
    "file objects of PEP 691": `{"meta": {}, "files": [{"filename": "${SDIST}", "url": "x", "hashes": {"sha256": "${A}", "md5": "x"}}]}`,
    "one digest in every spelling": `[{"file": "${SDIST}", "digest": "sha256:${A}", "hashes": {"sha256": "${A.toUpperCase()}"}}]`,
  };
  for (const [what, text] of Object.entries(SAME))
    test(`${what} is understood`, () => assert.deepEqual(pairs(text), [[SDIST, A]]));

  test("files keep their order and their lines, blank ones counted", () => {
    const { claims } = read(`\n${A}  ${SDIST}\n\n${B}  ${WHEEL}\n`);
    assert.deepEqual(
      claims.map(({ file, line }) => [file, line]),
      [
        [SDIST, 2],
        [WHEEL, 4],
      ],
    );
  });
});

suite("a submission is refused as a whole, by code and line", () => {
  const json = (entry: string): string => `[{"file": "${WHEEL}", "sha256": "${B}"}, ${entry}]`;
  const REFUSED: readonly [
    what: string,
    text: string | Uint8Array,
    code: SubmissionCode,
    line: number | null,
  ][] = [
    ["nothing", "", "empty-submission", null],
    ["blank lines only", "\r\n \n", "empty-submission", null],
    ["an empty JSON list", "[]", "empty-submission", null],
    ["prose", `${A}  ${SDIST}\nhello there\n`, "unparsable-line", 2],
    ["one space instead of two", `${A} ${SDIST}`, "unparsable-line", 1],
    ["a digest alone", A, "unparsable-line", 1],
    ["an MD5", `\n${"a".repeat(32)}  ${SDIST}`, "bad-digest", 2],
    ["a SHA-512", `${"a".repeat(128)}  ${SDIST}`, "bad-digest", 1],
    ["a digit that is none", `${"g".repeat(64)}  ${SDIST}`, "bad-digest", 1],
    ["another algorithm's tag", json(`{"file": "${SDIST}", "digest": "md5:${A}"}`), "bad-digest", null],
    [
      "only an MD5 in a file object",
      json(`{"file": "${SDIST}", "hashes": {"md5": "x"}}`),
      "bad-digest",
      null,
    ],
    ["a name that is only a folder", `${A}  dist/`, "bad-file-name", 1],
    ["a control character", `${A}  six-1.0\u0007.tar.gz`, "bad-file-name", 1],
    ["an escaped newline in the name", `\\${A}  six-1.0\\n.tar.gz`, "bad-file-name", 1],
    ["a backslash in the name", `\\${A}  x\\\\six-1.0.tar.gz`, "bad-file-name", 1],
    ["a path in JSON", json(`{"file": "../${SDIST}", "sha256": "${A}"}`), "bad-file-name", null],
    [
      "half a surrogate pair",
      json(`{"file": "six-1\\ud800.tar.gz", "sha256": "${A}"}`),
      "bad-file-name",
      null,
    ],
    ["another project's file", `${A}  ${SDIST}\n${A}  seven-1.0.tar.gz`, "wrong-project", 2],
    ["a file that is no distribution", `${A}  SHA256SUMS`, "wrong-project", 1],
    ["a name with two digests", `${A}  ${SDIST}\n${B}  dist/${SDIST}`, "two-digests", 2],
    [
      "an entry with two digests",
      json(`{"file": "${SDIST}", "digest": "${A}", "sha256": "${B}"}`),
      "two-digests",
      null,
    ],
    [
      "an entry with two names",
      json(`{"file": "${SDIST}", "filename": "${WHEEL}", "sha256": "${A}"}`),
      "bad-entry",
      null,
    ],
    ["an entry without a name", json(`{"sha256": "${A}"}`), "bad-entry", null],
    ["an entry that is no object", json("7"), "bad-entry", null],
    ["JSON of another form", `{"digests": []}`, "bad-entry", null],
    ["JSON cut off", `{"files": [\n{"file": `, "bad-json", 2],
    ["Latin-1", Uint8Array.of(0x73, 0xe9, 0x0a), "not-utf8", null],
    ["UTF-16, as PowerShell writes it", Buffer.from(`\uFEFF${A}  ${SDIST}`, "utf16le"), "not-utf8", null],
    ["more than a mebibyte", new Uint8Array(MOST_SUBMISSION_BYTES + 1), "too-large", null],
  ];
  for (const [what, text, code, line] of REFUSED)
    test(`${what}: ${code}${line === null ? "" : ` on line ${line}`}`, () => {
      const refusal = refusalOf(text);
      assert.deepEqual([refusal.code, refusal.line], [code, line]);
      assert.match(refusal.message, /^\P{C}+$/u);
    });

  test("too many files: the line after the last one allowed", () => {
    const lines = Array.from({ length: MOST_FILES + 1 }, (_, index) => `${A}  six-${index}.tar.gz\n`);
    assert.equal(read(lines.slice(1).join("")).claims.length, MOST_FILES);
    const refusal = refusalOf(lines.join(""));
    assert.deepEqual([refusal.code, refusal.line], ["too-many-files", MOST_FILES + 1]);
  });
});

suite("whatever is sent", () => {
  const scraps = fc.constantFrom(
    A,
    B,
    "  ",
    " *",
    "\n",
    "\r\n",
    "\\",
    SDIST,
    "dist/",
    "[",
    "{",
    '"file":',
    '"',
    "]",
    "}",
  );
  const nearly = fc.array(fc.oneof(scraps, fc.string({ unit: "binary" })), { maxLength: 12 });

  test("it is read whole or refused by code, and nothing else is thrown", () => {
    const inputs = fc.oneof(
      nearly.map((parts) => Buffer.from(parts.join(""))),
      fc.json().map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 200 }),
    );
    fc.assert(
      fc.property(inputs, (bytes) => {
        try {
          assert.ok(parseSubmission(bytes, "six").claims.length > 0);
        } catch (error) {
          assert.ok(error instanceof SubmissionRefused, String(error));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("what sha256sum would print of any release comes back as it was", () => {
    const release = fc.uniqueArray(fc.stringMatching(/^\d+(\.\d+){0,3}(rc\d)?$/), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(release, fc.boolean(), (versions, binary) => {
        const files = versions.map((version) => [`six-${version}.tar.gz`, hexOf(sha256(version))]);
        const text = files.map(([file, hex]) => `${hex} ${binary ? "*" : " "}dist/${file}\n`).join("");
        assert.deepEqual(pairs(text), files);
      }),
    );
  });
});
