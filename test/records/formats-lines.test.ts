import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { SubmissionCode } from "../../functions/records/refusals.ts";
import { assertRefused, pairs, read } from "./reading.ts";

const A = "a".repeat(64);
const B = "b".repeat(64);
const MD5 = "c".repeat(32);
const SDIST = "six-1.17.0.tar.gz";
const WHEEL = "six-1.17.0-py2.py3-none-any.whl";
const URL_OF = `https://files.example/packages/ab/${SDIST}`;

type Case = readonly [what: string, text: string, code: SubmissionCode, line: number];

/** A table of PowerShell's, every cell as long as its column. */
const table = (header: readonly string[], ...rows: readonly (readonly string[])[]): string => {
  const widths = header.map((name, index) =>
    Math.max(name.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(" ");
  return [
    "",
    line(header),
    line(header.map((name) => "-".repeat(name.length))),
    ...rows.map(line),
    "",
    "",
  ].join("\r\n");
};

const HEADER = ["Algorithm", "Hash", "Path"];
const list = (...fields: readonly string[]): string => `\r\n${fields.join("\r\n")}\r\n\r\n`;

const SAME: Readonly<Record<string, string>> = {
  "a BSD line": `SHA256 (dist/${SDIST}) = ${A}`,
  "a BSD line of an escaped name": `\\SHA256 (di\\nst/${SDIST}) = ${A}`,
  "a BSD line of a folder with parentheses": `SHA256 (di) = (st/${SDIST}) = ${A}`,
  "OpenSSL's line, before 3 and since": `SHA256(${SDIST})= ${A}\nSHA2-256(dist/${SDIST})= ${A}`,
  "a digest with its tag": `sha256:${A}  ${SDIST}`,
  "pip hash on Windows": `dist\\${SDIST}:\r\n--hash=sha256:${A}\r\n`,
  "a table in another order": table(["Path", "Hash"], [`C:\\my dist\\${SDIST}`, A.toUpperCase()]),
  "a table of hash and path": table(["Hash", "Path"], [A, `/home/robin/dist/${SDIST}`]),
  "an indented table": table(HEADER, ["SHA256", A, SDIST]).replaceAll("\n", "\n    "),
  "a table, and lines below it": `${table(HEADER, ["SHA256", A, SDIST])}${A}  ${SDIST}`,
  "a list whose path goes on in the next line": list(
    "Algorithm : SHA256",
    `Hash      : ${A.toUpperCase()}`,
    "Path      : C:\\a long way\\dist\\six-1.17",
    "            .0.tar.gz",
  ),
  "a list without the algorithm": list(`Path : ${SDIST}`, `Hash : ${A}`),
  "print-hash": `/github/workspace/dist/${SDIST}\n\nSHA256: ${A}\nMD5: ${MD5}\nBLAKE2-256: ${B}\n\n`,
  "labelled digests right below the name": `dist/${SDIST}\nmd5: ${MD5}\nsha256: ${A}\n`,
  "a requirement that is a path": `./dist/${SDIST} --hash=sha256:${A}`,
  "a requirement that is a path on Windows": `dist\\${SDIST} --hash sha256:${A}`,
  "a requirement with a marker and a comment": `./${SDIST}; python_version < "3.8" --hash=sha256:${A}  # why`,
  "a requirement with extras": `./${SDIST}[socks,use_x] ; python_version<'3' --hash=sha256:${A}`,
  "a requirement continued over lines": `./dist/${SDIST} \\\r\n    --hash=sha256:${A} \\\r\n    --hash=sha256:${A}\r\n`,
  "a requirement whose last line goes on into nothing": `./dist/${SDIST} \\\n --hash=sha256:${A} \\`,
  "a comment that ends a requirement": `./dist/${SDIST} --hash=sha256:${A} \\\n# \\\n${A}  ${SDIST}`,
  "a direct reference": `six @ ${URL_OF}#sha256=${A}`,
  "a direct reference without spaces": `six[x]@${URL_OF}#egg=six&sha256=${A}`,
  "a direct reference with a marker": `six @ ${URL_OF} ; python_version < "3" --hash=sha256:${A}`,
  "a URL": `${URL_OF}?a=b/c#sha256=${A}`,
  "a URL with a semicolon": `https://files.example/a;b/${SDIST}#sha256=${A}`,
  "a URL that is escaped": `https://files.example/six%2D1.17.0.tar.gz#sha256=${A}`,
  "a local URL": `file:///home/robin/dist/${SDIST}#sha256=${A}`,
};

suite("lines of every kind", () => {
  for (const [what, text] of Object.entries(SAME))
    test(`${what} is understood`, () => assert.deepEqual(pairs(text), [[SDIST, A]]));

  test("count as they came, also inside tables, blocks and continuations", () => {
    const text = [
      table(HEADER, ["SHA256", A, WHEEL], ["SHA256", A, "six-1.tar.gz"]),
      `six-2.tar.gz:\n--hash=sha256:${A}`,
      `./six-3.tar.gz \\\n  --hash=sha256:${A}`,
      `six-4.tar.gz\n\nMD5: ${MD5}\nSHA256: ${A}`,
    ].join("\n");
    assert.deepEqual(
      read(text).claims.map(({ file, line }) => [file, line]),
      [
        [WHEEL, 4],
        ["six-1.tar.gz", 5],
        ["six-2.tar.gz", 9],
        ["six-3.tar.gz", 11],
        ["six-4.tar.gz", 15],
      ],
    );
  });
});

const SUMS: readonly Case[] = [
  ["a BSD line of an MD5", `${A}  ${SDIST}\nMD5 (${SDIST}) = ${MD5}`, "other-algorithm", 2],
  ["another algorithm with as many digits", `SHA3-256(${SDIST})= ${A}`, "other-algorithm", 1],
  ["a keyed digest", `HMAC-SHA2-256(${SDIST})= ${A}`, "other-algorithm", 1],
  ["a BSD line whose digest is cut", `SHA256 (${SDIST}) = ${A.slice(1)}`, "bad-digest", 1],
  ["a BSD line without a digest", `SHA256 (${SDIST}) = `, "bad-digest", 1],
  ["a BSD line of a folder", `SHA256 (dist/) = ${A}`, "bad-file-name", 1],
  ["two lines that ran into one", `${A}  dist/${WHEEL}${B}  dist/${SDIST}`, "unparsable-line", 1],
  [
    "two lines that ran into one and lost a digit",
    `${A}  ${WHEEL}${B.slice(2)} *x/${SDIST}`,
    "unparsable-line",
    1,
  ],
  [
    "two BSD lines that ran into one",
    `SHA256 (${WHEEL}) = ${A}SHA256 (x/${SDIST}) = ${B}`,
    "unparsable-line",
    1,
  ],
  ["what came through a pipe", `${A}  -`, "no-file-name", 1],
  ["what came through a pipe to OpenSSL", `\nSHA2-256(stdin)= ${A}`, "no-file-name", 2],
];

const POWERSHELL: readonly Case[] = [
  [
    "two rows that ran into one",
    table(HEADER, ["SHA256", A, `C:\\${WHEEL}SHA256    ${B}    C:\\dist\\${SDIST}`]),
    "unparsable-line",
    4,
  ],
  [
    "a path that is cut",
    table(HEADER, ["SHA256", A, SDIST], ["SHA256", A, "C:\\dist\\six-1.17..."]),
    "cut-short",
    5,
  ],
  [
    "a path that PowerShell 7 cut",
    table(HEADER, ["SHA256", A, "/home/robin/dist/six-1.17…"]),
    "cut-short",
    4,
  ],
  ["a digest that is cut", table(HEADER, ["SHA256", `${A.slice(0, 20)}...`, SDIST]), "cut-short", 4],
  [
    "a path that goes on below",
    table(HEADER, ["SHA256", A, "C:\\six-1.17.0.tar.gz"], ["", "", ".zip"]),
    "cut-short",
    4,
  ],
  ["a table without paths", table(["Algorithm", "Hash"], ["SHA256", A]), "cut-short", 2],
  ["a table of another algorithm", table(HEADER, ["SHA512", A + A, SDIST]), "other-algorithm", 4],
  ["a table of MACTripleDES", table(HEADER, ["MACTripleDES", "a".repeat(16), SDIST]), "other-algorithm", 4],
  [
    "a table with a cell over the border",
    table(HEADER, ["SHA256", A, SDIST]).replace("SHA256   ", "SHA2567890"),
    "unparsable-line",
    4,
  ],
  ["a row without a path", table(HEADER, ["SHA256", A, ""]), "no-file-name", 4],
  ["a header that says one thing twice", "Hash Hash Path\n---- ---- ----", "unparsable-line", 1],
  ["a header and no table", "Algorithm Hash Path\nSHA256", "unparsable-line", 1],
  [
    "a list of another algorithm",
    list("Algorithm : MD5", `Hash : ${MD5}`, `Path : ${SDIST}`),
    "other-algorithm",
    3,
  ],
  ["a list of a bad digest", list(`Path : ${SDIST}`, "Hash : abc"), "bad-digest", 3],
  ["a list without a path", list("Algorithm : SHA256", `Hash : ${A}`), "no-file-name", 2],
  ["a list without a digest", list("Algorithm : SHA256", `Path : ${SDIST}`), "no-digest", 3],
  ["a list of a folder", list(`Hash : ${A}`, "Path : C:\\dist\\"), "bad-file-name", 3],
];

const PIP: readonly Case[] = [
  ["pip hash run together", `x:--hash=sha256:${A}dist/${SDIST}:\n--hash=sha256:${B}`, "unparsable-line", 1],
  [
    "print-hash run together",
    `${WHEEL}\n\nSHA256: ${A}\nMD5: ${MD5}/x/${SDIST}\n\nSHA256: ${B}`,
    "unparsable-line",
    4,
  ],
  ["pip hash by another algorithm", `${SDIST}:\n--hash=sha512:${A}${A}`, "other-algorithm", 2],
  ["pip hash cut off", `${SDIST}:\n--hash=sha256:${A}\n${WHEEL}:`, "unparsable-line", 3],
  [
    "pip hash with two digests for a file",
    `${SDIST}:\n--hash=sha256:${A}\n--hash=sha256:${B}`,
    "two-digests",
    3,
  ],
  ["a hash alone", `# nothing above\n--hash=sha256:${A}`, "no-file-name", 2],
  ["print-hash without SHA-256", `${SDIST}\n\nMD5: ${MD5}`, "other-algorithm", 3],
  ["print-hash without the path", `SHA256: ${A}`, "no-file-name", 1],
  ["print-hash of a bad digest", `${SDIST}\n\nMD5: ${MD5}\nSHA256: ${MD5}`, "bad-digest", 4],
  ["a release", `six==1.17.0 \\\n  --hash=sha256:${A} \\\n  --hash=sha256:${B}`, "no-file-name", 1],
  ["a release without a hash", `${A}  ${SDIST}\nsix==1.17.0`, "unparsable-line", 2],
  ["two hashes of one file", `./${SDIST} \\\n --hash=sha256:${A} \\\n --hash=sha256:${B}`, "two-digests", 3],
  [
    "a fragment and a hash that differ",
    `six @ ${URL_OF}#sha256=${A} \\\n --hash=sha256:${B}`,
    "two-digests",
    2,
  ],
  ["two files with one hash", `./${SDIST} ./${WHEEL} --hash=sha256:${A}`, "no-file-name", 1],
  ["an MD5 for a hash", `./${SDIST} \\\n --hash=sha256:${A} --hash=md5:${MD5}`, "other-algorithm", 2],
  ["an MD5 in a fragment", `${URL_OF}#md5=${MD5}`, "other-algorithm", 1],
  ["a bad digest in a continuation", `./${SDIST} \\\n\\\n --hash=sha256:abc`, "bad-digest", 3],
  ["a URL without a hash", `six @ ${URL_OF}`, "no-digest", 1],
  ["a URL with an empty hash", `${URL_OF}#sha256=`, "bad-digest", 1],
  ["a URL of a folder", `https://files.example/six/#sha256=${A}`, "bad-file-name", 1],
  ["a URL that hides a path", `https://files.example/x%2Fsix-1.0.tar.gz#sha256=${A}`, "bad-file-name", 1],
  ["a URL that nobody can decode", `https://files.example/six-1.0%zz.tar.gz#sha256=${A}`, "bad-file-name", 1],
  ["another project's path", `\n./seven-1.0.tar.gz \\\n --hash=sha256:${A}`, "wrong-project", 3],
  ["an option of pip's", "--index-url https://index.example/simple", "unparsable-line", 1],
];

suite("lines that cannot be recorded", () => {
  for (const [what, text, code, line] of [...SUMS, ...POWERSHELL, ...PIP])
    test(`${what}: ${code} on line ${line}`, () => {
      assertRefused(text, code, line);
    });

  test("say what to type instead", () => {
    const says = (text: string, code: SubmissionCode, line: number, what: RegExp) =>
      assert.match(assertRefused(text, code, line).message, what);
    says(`${MD5}  ${SDIST}`, "other-algorithm", 1, /as long as MD5, and only SHA-256 .* sha256sum/);
    says(`six==1 --hash=sha256:${A}`, "no-file-name", 1, /six==1.* pip hash dist/);
    says(table(HEADER, ["SHA256", A, "x..."]), "cut-short", 4, /Get-FileHash dist\\\* \| Format-List/);
  });
});
