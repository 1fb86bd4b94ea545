import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { belongsTo } from "../../functions/domain/names.ts";
import { MOST_SUBMISSION_BYTES } from "../../functions/records/formats.ts";
import { SubmissionRefused } from "../../functions/records/refusals.ts";
import { type Pair, pairs, read } from "./reading.ts";
import { DOCUMENTS, LINES, type Writer } from "./writers.ts";

const A = "a".repeat(64);

const hex = fc
  .tuple(fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 64, maxLength: 64 }), fc.boolean())
  .map(([digits, upper]) =>
    digits
      .map((digit) => digit.toString(16))
      .join("")
      [upper ? "toUpperCase" : "toString"](),
  );
const version = fc.stringMatching(/^\d{1,3}(\.\d{1,3}){0,3}(rc\d)?$/);
const file = fc
  .tuple(version, fc.constantFrom(".tar.gz", "-py3-none-any.whl", ".zip"))
  .map((parts) => `six-${parts.join("")}`);
const release: fc.Arbitrary<Pair[]> = fc.uniqueArray(fc.tuple(file, hex), {
  minLength: 1,
  maxLength: 12,
  selector: ([name]) => name,
});
/** Folders as people have them, and as nobody should. */
const folder = fc.oneof(
  fc.constantFrom("", "dist/", "./dist/", "/home/robin/my dist/", "C:/dist/", "a)= b/", "it's #1/", "x: /"),
  fc.string({ unit: "grapheme", maxLength: 8 }).map((text) => `${text.replace(/[\0/]/g, "")}/`),
);
const lowered = (all: readonly Pair[]): Pair[] => all.map(([name, digits]) => [name, digits.toLowerCase()]);

/** A text with its newlines as one system or another has them. */
const withNewlines = (text: string, crlf: boolean): string => (crlf ? text.replaceAll("\n", "\r\n") : text);

suite("what a tool writes of any release", () => {
  const roundTrips = (write: Writer) =>
    fc.assert(
      fc.property(release, folder, fc.boolean(), (files, where, crlf) => {
        const text = withNewlines(write(files, where), crlf);
        assert.deepEqual(pairs(text), lowered(files), text);
      }),
      { numRuns: 150 },
    );

  for (const [what, write] of Object.entries({ ...LINES, ...DOCUMENTS }))
    test(`comes back as it was: ${what}`, () => roundTrips(write));

  test("comes back as it was, each file in another format, and in UTF-16", () => {
    const writer = fc.constantFrom(...Object.values(LINES));
    fc.assert(
      fc.property(
        release,
        fc.array(writer, { minLength: 12, maxLength: 12 }),
        fc.boolean(),
        (files, writers, crlf) => {
          const texts = files.map((each, index) => `${writers[index]?.([each], "dist/")}\n`);
          const text = `\uFEFF${withNewlines(texts.join("# and\n"), crlf)}`;
          assert.deepEqual(pairs(Buffer.from(text, "utf16le")), lowered(files), text);
          assert.deepEqual(pairs(Buffer.from(text)), lowered(files));
        },
      ),
    );
  });

  test("is in no format what it is in another", () => {
    fc.assert(
      fc.property(release, (files) => {
        for (const [what, write] of Object.entries(LINES))
          assert.equal(read(write(files, "dist/")).format, "lines", what);
      }),
      { numRuns: 20 },
    );
  });
});

/** The claims of a submission, all fit to be recorded; `null` when it was refused by a code, on a line there is. */
function readWhole(bytes: Uint8Array): readonly Pair[] | null {
  try {
    const found = pairs(bytes);
    assert.ok(found.length > 0);
    for (const [name, digits] of found) assert.ok(belongsTo(name, "six") && /^[0-9a-f]{64}$/.test(digits));
    assert.equal(new Set(found.map(([name]) => name)).size, found.length);
    return found;
  } catch (error) {
    assert.ok(error instanceof SubmissionRefused, String(error));
    assert.match(error.message, /^\P{C}+$/u);
    if (error.line !== null) assert.ok(error.line >= 1 && error.line <= bytes.length + 1);
    return null;
  }
}

const SCRAPS = [
  A,
  "b".repeat(64),
  "c".repeat(32),
  "six-1.0.tar.gz",
  "dist/",
  "dist\\",
  "six==1.0",
  "\\",
  "\n",
  "\r\n",
  "\n\n",
].concat(
  [
    "  ",
    " *",
    ":",
    "SHA256",
    "SHA256 (",
    ") = ",
    "SHA2-256(",
    ")= ",
    "SHA256: ",
    "MD5: ",
    "--hash=sha256:",
    "--hash",
    "#sha256=",
  ],
  ["Algorithm ", "Hash ", "Path ", "---- ", " : ", "...", "https://x.example/", " @ ", " ; ", "# "],
  [
    'lock-version = "1.0"\n',
    "[[packages]]\n",
    'name = "six"\n',
    "wheels = [",
    "hashes = {",
    "sha256 = ",
    "path = ",
    "'",
    "{",
    "}",
    "[",
    "]",
  ],
  ['"file":', '"filename":', '"hashes":', '"sha256":', '"', ",", "\0", "\uFEFF", "\u2028", "\u{1F4E6}"],
);

suite("whatever is sent", () => {
  const nearly = fc.array(
    fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...SCRAPS) }, fc.string({ unit: "binary" })),
    {
      maxLength: 24,
    },
  );

  test("is read whole or refused by code, and nothing else is thrown", () => {
    const inputs = fc.oneof(
      nearly.map((parts) => Buffer.from(parts.join(""))),
      nearly.map((parts) => Buffer.from(`\uFEFF${parts.join("")}`, "utf16le")),
      fc.json().map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 200 }),
    );
    fc.assert(
      fc.property(inputs, (bytes) => void readWhole(bytes)),
      { numRuns: 5_000 },
    );
  });

  test("with one piece of a true text spoiled is refused, or as true of every file but one", () => {
    const writer = fc.constantFrom(...Object.values({ ...LINES, ...DOCUMENTS }));
    const spoiling = fc.record({
      at: fc.nat(),
      drop: fc.nat({ max: 3 }),
      put: fc.constantFrom("", ...SCRAPS),
    });
    let accepted = 0;
    fc.assert(
      fc.property(release, writer, spoiling, (files, write, { at, drop, put }) => {
        const text = write(files, "dist/");
        const from = at % text.length;
        const spoiled = text.slice(0, from) + put + text.slice(from + drop);
        const found = readWhole(Buffer.from(spoiled));
        if (found === null) return;
        accepted += 1;
        const said = new Set(found.map(String));
        const missing = lowered(files).filter((pair) => !said.has(String(pair)));
        assert.ok(missing.length <= 1 && found.length <= files.length + 1, spoiled);
      }),
      { numRuns: 2_000 },
    );
    assert.ok(accepted > 100, `only ${accepted} were accepted at all`);
  });

  const PIECES = [
    " ",
    "- ",
    "\\",
    "a\\\n",
    '"',
    '\\"',
    "a ",
    ") = ",
    "SHA256 (",
    "a=[",
    "a.",
    "[",
    "\n",
    "x:\n",
    "--hash ",
    "hash ",
  ];
  const FIRST = [
    "",
    `${A}  `,
    "SHA256 (",
    "Path : ",
    "Hash Path\n---- ----\n",
    "./six-1.0.tar.gz ",
    "https://",
  ].concat('lock-version = "1.0"\n', '[{"');

  test("a mebibyte of one thing is done with", () => {
    for (const first of FIRST)
      for (const piece of PIECES) {
        const room = MOST_SUBMISSION_BYTES - Buffer.byteLength(first) - 4;
        const text = first + piece.repeat(Math.floor(room / Buffer.byteLength(piece)));
        assert.equal(readWhole(Buffer.from(`${text}\n!`)), null);
      }
  });

  test("a mebibyte of good lines in any format is read to its end", () => {
    for (const [what, write] of Object.entries({ ...LINES, ...DOCUMENTS })) {
      const files = Array.from({ length: 4_000 }, (_, index): Pair => [`six-${index}.tar.gz`, A]);
      assert.equal(read(write(files, "")).claims.length, 4_000, what);
    }
  });
});
