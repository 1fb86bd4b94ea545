import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { MOST_FILES, MOST_SUBMISSION_BYTES } from "../../functions/records/formats.ts";
import type { SubmissionCode } from "../../functions/records/refusals.ts";
import { assertRefused, pairs, read } from "./reading.ts";

const A = "a".repeat(64);
const B = "b".repeat(64);
const SDIST = "six-1.17.0.tar.gz";
const WHEEL = "six-1.17.0-py2.py3-none-any.whl";

suite("what a submission says", () => {
  const SAME: Readonly<Record<string, string | Uint8Array>> = {
    "text mode": `${A}  ${SDIST}\n`,
    "binary mode": `${A} *${SDIST}\n`,
    "a folder in front": `${A}  ./dist/${SDIST}\n`,
    "an escaped line whose name holds an escaped folder": `\\${A}  di\\nst/${SDIST}\n`,
    "upper-case digits": `${A.toUpperCase()}  ${SDIST}\n`,
    CRLF: `${A}  ${SDIST}\r\n\r\n`,
    "no newline at the end": `${A}  ${SDIST}`,
    "UTF-16, as PowerShell's > writes it": Buffer.from(`\uFEFF${A}  ${SDIST}\r\n`, "utf16le"),
    "UTF-16 the other way round": Buffer.from(`\uFEFF${A}  ${SDIST}\n`, "utf16le").swap16(),
    comments: `# sums of ${SDIST}\n${A}  ${SDIST}\n  # end`,
    "a byte order mark and blank lines": `\uFEFF\n\n${A}  ${SDIST}\n \n`,
    "the same line twice": `${A}  ${SDIST}\n${A} *dist/${SDIST}\n`,
    "a JSON manifest": `{"files": [{"file": "${SDIST}", "digest": "sha256:${A}"}]}`,
    "a bare JSON array": ` [{"filename": "${SDIST}", "sha256": "${A}"}]`,
    "file objects of PEP 691": `{"meta": {}, "files": [{"filename": "${SDIST}", "url": "x", "hashes": {"sha256": "${A}", "md5": "x"}}]}`,
    "one digest in every spelling": `[{"file": "${SDIST}", "digest": "sha256:${A}", "hashes": {"sha256": "${A.toUpperCase()}"}}]`,
  };
  for (const [what, text] of Object.entries(SAME))
    test(`${what} is understood`, () => assert.deepEqual(pairs(text), [[SDIST, A]]));

  test("a document and lines are told apart", () => {
    assert.equal(read(`${A}  ${SDIST}`).format, "lines");
    assert.equal(read(`[{"file": "${SDIST}", "sha256": "${A}"}]`).format, "json");
  });

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
    ["two words of prose, two spaces between them", "hello  there", "unparsable-line", 1],
    ["an MD5", `\n${"a".repeat(32)}  ${SDIST}`, "other-algorithm", 2],
    ["a SHA-1", `${"a".repeat(40)} *${SDIST}`, "other-algorithm", 1],
    ["a SHA-512", `# sums\r\n${"a".repeat(128)}  ${SDIST}`, "other-algorithm", 2],
    ["a SHA-512 called a SHA-256", `sha256:${"a".repeat(128)}  ${SDIST}`, "bad-digest", 1],
    ["a digest cut short", `${A.slice(1)}  ${SDIST}`, "bad-digest", 1],
    ["a digit that is none", `${"g".repeat(64)}  ${SDIST}`, "bad-digest", 1],
    ["a name that is only a folder", `${A}  dist/`, "bad-file-name", 1],
    ["a carriage return in the name", `${A}  six-1.0\r.tar.gz`, "bad-file-name", 1],
    ["a control character", `${A}  six-1.0\u0007.tar.gz`, "bad-file-name", 1],
    ["an escaped newline in the name", `\\${A}  six-1.0\\n.tar.gz`, "bad-file-name", 1],
    ["a backslash in the name", `\\${A}  x\\\\six-1.0.tar.gz`, "bad-file-name", 1],
    ["another project's file", `${A}  ${SDIST}\n${A}  seven-1.0.tar.gz`, "wrong-project", 2],
    ["a file that is no distribution", `${A}  SHA256SUMS`, "wrong-project", 1],
    ["a name with two digests", `${A}  ${SDIST}\n${B}  dist/${SDIST}`, "two-digests", 2],
    ["Latin-1", Uint8Array.of(0x73, 0xe9, 0x0a), "not-utf8", null],
    ["half a character of UTF-16", Uint8Array.of(0xff, 0xfe, 0x41), "not-utf8", null],
    ["half a surrogate pair in UTF-16", Uint8Array.of(0xff, 0xfe, 0x00, 0xd8), "not-utf8", null],
    ["more than a mebibyte", new Uint8Array(MOST_SUBMISSION_BYTES + 1), "too-large", null],
  ];
  for (const [what, text, code, line] of REFUSED)
    test(`${what}: ${code}${line === null ? "" : ` on line ${line}`}`, () => {
      assertRefused(text, code, line);
    });

  test("too many files: the line after the last one allowed", () => {
    const lines = Array.from({ length: MOST_FILES + 1 }, (_, index) => `${A}  six-${index}.tar.gz\n`);
    assert.equal(read(lines.slice(1).join("")).claims.length, MOST_FILES);
    assertRefused(lines.join(""), "too-many-files", MOST_FILES + 1);
  });
});
