import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { rowOf } from "../../functions/pypi/rows.ts";
import type { Value } from "../../functions/pypi/values.ts";
import { answerReader } from "../../functions/pypi/xmlrpc.ts";
import { fixture } from "./serving.ts";
import { answered, row, rowOfValues, rowsAnswered, unavailableAs } from "./writing.ts";

const NOW = "2026-11-22T12:00:00.000Z";

/** Reads an answer given in these pieces of bytes. */
function rowsIn(pieces: readonly Uint8Array[]) {
  const items: Value[] = [];
  const reader = answerReader({
    item: (value) => void items.push(value),
    result: () => {},
    fault: assert.fail,
  });
  const text = new TextDecoder();
  for (const piece of pieces) reader.write(text.decode(piece, { stream: true }));
  reader.end();
  return items.map((item) => rowOf(item, NOW));
}

const read = (...rows: string[]) => rowsIn([Buffer.from(rowsAnswered(...rows))]);
const readOne = (...values: string[]) => read(rowOfValues(...values))[0];

const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

test("wherever an answer is cut into pieces, the rows are the same", () => {
  const name = fc.string({
    unit: fc.constantFrom("a", "Z", ".", "é", "&", "<", "]", ">", "😀", "\u0001", "\uffff"),
  });
  const rows = fc.array(fc.tuple(name, fc.option(name), fc.nat(), name), { maxLength: 6 });
  fc.assert(
    fc.property(rows, fc.array(fc.nat(2_000), { maxLength: 20 }), (given, cuts) => {
      const written = given.map(([text, version, at, action], serial) =>
        row(
          `n${escaped(text)}`,
          version === null ? null : `v${escaped(version)}`,
          at,
          escaped(action),
          serial,
        ),
      );
      const bytes = Buffer.from(rowsAnswered(...written));
      const marks = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
      const pieces = marks.slice(1).map((end, at) => bytes.subarray(marks[at], end));
      const clean = (text: string) => text.replaceAll("\u0001", "\ufffd").replaceAll("\uffff", "\ufffd");
      const got = rowsIn(pieces);
      assert.deepEqual(got, rowsIn([bytes]));
      assert.deepEqual(
        got.map(({ name, version, action }) => [name, version, action]),
        given.map(([text, version, , action]) => [
          `n${clean(text)}`,
          version === null ? null : `v${clean(version)}`,
          clean(action),
        ]),
      );
    }),
  );
});

test("the sampled journal read byte by byte has all its rows", () => {
  const bytes = fixture("xmlrpc/changelog_since_serial.derived.xml");
  assert.equal(rowsIn(Array.from(bytes, (byte) => Uint8Array.of(byte))).length, 17);
});

test("a name of nearly 300 characters is kept whole", () => {
  const sampled = JSON.parse(fixture("xmlrpc/changelog_with_long_project_name.toolchain.json").toString());
  const got = read(...sampled.map((cells: string[]) => row(...cells)));
  assert.deepEqual(
    got.map(({ name, serial }) => [name, serial]),
    sampled.map(([name, , , , serial]: [string, null, number, string, number]) => [name, serial]),
  );
});

test("an illegal character or reference spoils itself, not its row and not the page", () => {
  const got = read(
    row("a\u0001b", "1&#2;", 1, "caf&#xe9; &amp;#233; &eacute;", 5),
    row("c", null, 2, "create", 6),
  );
  assert.deepEqual(
    got.map(({ name, version, action }) => [name, version, action]),
    [
      ["a\ufffdb", "1\ufffd", "café &#233; &eacute;"],
      ["c", null, "create"],
    ],
  );
});

test("bytes that are no UTF-8 spoil only themselves", () => {
  const bytes = Buffer.from(rowsAnswered(row("aXb", null, 1, "create", 5)));
  bytes[bytes.indexOf("aXb") + 1] = 0xff;
  assert.equal(rowsIn([bytes])[0]?.name, "a\ufffdb");
});

test("display names are not changed", () => {
  assert.equal(
    readOne("<string>Foo_Bar..Baz</string>", "<nil/>", "<int>1</int>", "create", "<int>7</int>")?.name,
    "Foo_Bar..Baz",
  );
});

for (const type of ["int", "i4", "i8", "ex:i8"])
  test(`serials and times may be <${type}>, texts bare or in CDATA, nil <ex:nil/>`, () => {
    const got = readOne(
      "bare",
      "<ex:nil/>",
      `<${type}>60</${type}>`,
      "<![CDATA[new release]]>",
      `<${type}> 7 </${type}>`,
    );
    assert.deepEqual(got, {
      name: "bare",
      version: null,
      at: "1970-01-01T00:01:00.000Z",
      action: "new release",
      serial: 7,
    });
  });

test("a row with a readable name and serial is kept, whatever the rest says", () => {
  const struct = "<struct><member><name>k</name><value>v</value></member></struct>";
  const got = readOne(
    "name",
    struct,
    "<dateTime.iso8601>x</dateTime.iso8601>",
    struct,
    "<int>7</int>",
    "more",
  );
  assert.deepEqual(got, { name: "name", version: null, at: NOW, action: "", serial: 7 });
  assert.equal(
    readOne("name", "<double>1.0</double>", "<int>-1</int>", "<nil/>", "<int>7</int>")?.version,
    "1.0",
  );
});

const unreadable: Readonly<Record<string, string[]>> = {
  "no name": ["", "1.0", "<int>1</int>", "create", "<int>7</int>"],
  "a nil name": ["<nil/>", "1.0", "<int>1</int>", "create", "<int>7</int>"],
  "no serial": ["name", "1.0", "<int>1</int>", "create"],
  "a serial in text": ["name", "1.0", "<int>1</int>", "create", "<string>7</string>"],
  "a serial below zero": ["name", "1.0", "<int>1</int>", "create", "<int>-7</int>"],
  "a serial beyond what a number holds": [
    "name",
    "1.0",
    "<int>1</int>",
    "create",
    "<i8>9007199254740993</i8>",
  ],
};

for (const [what, values] of Object.entries(unreadable))
  test(`a row with ${what} is garbled, because it might be ours`, () => {
    assert.throws(() => readOne(...values), unavailableAs("garbled"));
  });

const bombs: Readonly<Record<string, string>> = {
  "nesting without end": answered("<array><data><value>".repeat(1000)),
  "tags nested without end": `<methodResponse>${"<params>".repeat(1000)}`,
  "two answers":
    "<methodResponse><params><param><value>1</value></param><param><value>2</value></param></params></methodResponse>",
  "a value inside a scalar": answered("<value>1</value>"),
  "a type inside a type": answered("<int><int>1</int></int>"),
  "a type outside a value": "<methodResponse><int>1</int></methodResponse>",
  "no value at all": "<methodResponse><params/></methodResponse>",
  "attributes without end": `<methodResponse ${Array.from({ length: 99 }, (_, at) => `a${at}=""`).join(" ")}/>`,
};

for (const [what, xml] of Object.entries(bombs))
  test(`${what} is garbled`, () => assert.throws(() => rowsIn([Buffer.from(xml)]), unavailableAs("garbled")));

test("a text without end is garbled before it fills the memory", () => {
  const piece = Buffer.from("&amp;".repeat(10_000));
  const pieces = [Buffer.from("<methodResponse><params><param><value>"), ...Array(1_300).fill(piece)];
  const before = process.resourceUsage().maxRSS;
  assert.throws(() => rowsIn(pieces), unavailableAs("garbled"));
  assert.ok(process.resourceUsage().maxRSS - before < 100 * 1024);
});

test("entities that an answer declares are not expanded", () => {
  const bomb = `<!DOCTYPE x [<!ENTITY big "${"x".repeat(1000)}">]>`;
  const xml = rowsAnswered(row("a", null, 1, "&big;", 5)).replace(
    "<methodResponse>",
    `${bomb}<methodResponse>`,
  );
  assert.equal(rowsIn([Buffer.from(xml)])[0]?.action, "&big;");
});

test("a text too long is cut between characters, never through one", () => {
  const action = `add py3 file ${"x".repeat(1_986)}\u{1f600}${"x".repeat(100)}`;
  const got = readOne("name", "1.0", "<int>1</int>", action, "<int>7</int>");
  assert.equal(got?.action.length, 2_000);
  assert.ok(got.action.isWellFormed());
});
