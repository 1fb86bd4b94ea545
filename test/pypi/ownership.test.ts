import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { canonicalJson } from "../../functions/domain/canonical.ts";
import { MOST_MESSAGE_BYTES, type UnavailableCode } from "../../functions/ports.ts";
import { answerWith, reading } from "./serving.ts";
import { unavailableAs } from "./writing.ts";

const TYPED = { "Content-Type": "application/json" };
const SAID = {
  info: { name: "Six" },
  last_serial: 7,
  releases: { "1.0": [{ filename: "six-1.0.tar.gz" }] },
  ownership: {
    roles: [
      { role: "Owner", user: "mallory" },
      { role: "Owner", user: "alice" },
      { role: "Maintainer", user: "alice" },
    ],
    organization: null,
  },
};
const jsonWith = (spoiled: object): string => JSON.stringify({ ...SAID, ...spoiled });

test("who may publish is asked for politely, and read sorted with the serial that the answer claims", async (t) => {
  const body = gzipSync(jsonWith({}));
  const { owners, serving } = await reading(t, answerWith({ ...TYPED, "Content-Encoding": "gzip" }, body));
  assert.deepEqual(await owners.read("six"), {
    roles: [
      { role: "Maintainer", user: "alice" },
      { role: "Owner", user: "alice" },
      { role: "Owner", user: "mallory" },
    ],
    organization: null,
    serial: 7,
  });
  const [asked] = serving.seen;
  assert.equal(asked?.url, "/pypi/six/json");
  assert.equal(asked?.headers.accept, "application/json");
  assert.match(String(asked?.headers["user-agent"]), /example\.org/);
});

test("who may publish is asked for again on condition, and held while the answer is the same", async (t) => {
  let etag = '"one"';
  const { owners, serving } = await reading(t, (request, answer) => {
    if (request.headers["if-none-match"] === etag) answer.writeHead(304).end();
    else
      answer
        .writeHead(200, { ...TYPED, ETag: etag })
        .end(jsonWith(etag === '"one"' ? {} : { last_serial: 8 }));
  });
  const first = await owners.read("six");
  assert.deepEqual(await owners.read("six"), first);
  etag = '"two"';
  assert.deepEqual(await owners.read("six"), first && { ...first, serial: 8 });
  assert.deepEqual(
    serving.seen.map(({ headers }) => headers["if-none-match"]),
    [undefined, '"one"', '"one"'],
  );
});

test("a project that the index hides, or an index that knows no owners, is not said to be anybody's", async (t) => {
  const hidden = await reading(t, answerWith(TYPED, '{"message": "Not Found"}', 404));
  assert.equal(await hidden.owners.read("six"), null);
  const { ownership: _, ...old } = SAID;
  const silent = await reading(t, answerWith(TYPED, JSON.stringify(old)));
  assert.equal(await silent.owners.read("six"), null);
});

test("what is not said is not held over to a project that is shown again", async (t) => {
  let shown = true;
  const { owners, serving } = await reading(t, (_request, answer) => {
    if (shown) answer.writeHead(200, { ...TYPED, ETag: '"one"' }).end(jsonWith({}));
    else answer.writeHead(404, TYPED).end("{}");
  });
  await owners.read("six");
  shown = false;
  assert.equal(await owners.read("six"), null);
  shown = true;
  assert.equal((await owners.read("six"))?.roles.length, 3);
  assert.equal(serving.seen.at(-1)?.headers["if-none-match"], undefined);
});

test("an organization is named, and a serial that is none is none", async (t) => {
  const ownership = { roles: [], organization: "lamps" };
  for (const [last_serial, serial] of [
    ["7", null],
    [-1, null],
    [1.5, null],
    [9, 9],
  ] as const) {
    const { owners } = await reading(t, answerWith(TYPED, jsonWith({ ownership, last_serial })));
    assert.deepEqual(await owners.read("six"), { ...ownership, serial });
  }
});

const long = "x".repeat(101);
const odd: readonly (readonly [string, string | Buffer, Record<string, string>, number, UnavailableCode])[] =
  [
    ["HTML", "<html>", { "Content-Type": "text/html" }, 200, "garbled"],
    ["no JSON", "{", TYPED, 200, "garbled"],
    ["another project's", jsonWith({ info: { name: "seven" } }), TYPED, 200, "garbled"],
    [
      "a role of no user",
      jsonWith({ ownership: { roles: [{ role: "Owner" }], organization: null } }),
      TYPED,
      200,
      "garbled",
    ],
    [
      "a name too long",
      jsonWith({ ownership: { roles: [{ role: "Owner", user: long }], organization: null } }),
      TYPED,
      200,
      "garbled",
    ],
    [
      "half a character",
      jsonWith({ ownership: { roles: [], organization: "\ud800" } }),
      TYPED,
      200,
      "garbled",
    ],
    [
      "a control character",
      jsonWith({ ownership: { roles: [{ role: "Owner", user: "a\nb" }], organization: null } }),
      TYPED,
      200,
      "garbled",
    ],
    [
      "more people than there are",
      jsonWith({ ownership: { roles: Array(301).fill({ role: "Owner", user: "a" }), organization: null } }),
      TYPED,
      200,
      "garbled",
    ],
    ["broken gzip", "no gzip", { ...TYPED, "Content-Encoding": "gzip" }, 200, "garbled"],
    ["a 304 that nobody asked for", "", TYPED, 304, "refused"],
    ["a redirect", "", { Location: "/elsewhere" }, 301, "refused"],
    ["an outage", "", {}, 503, "unreachable"],
  ];

for (const [what, body, headers, status, code] of odd)
  test(`${what} says nothing of who may publish`, async (t) => {
    const { owners } = await reading(t, answerWith(headers, body, status));
    await assert.rejects(owners.read("six"), unavailableAs(code));
  });

test("an answer beyond the cap is not read, packed or plain", async (t) => {
  const huge = jsonWith({ releases: "x".repeat(3_000_000) });
  for (const [headers, body] of [
    [TYPED, huge],
    [{ ...TYPED, "Content-Encoding": "gzip" }, gzipSync(huge)],
  ] as const) {
    const { owners } = await reading(t, answerWith(headers, body), { limits: { pageBytes: 1_000_000 } });
    await assert.rejects(owners.read("six"), unavailableAs("too-large"));
  }
});

test("what is no project's name is not asked for", async (t) => {
  const { owners, serving } = await reading(t, answerWith(TYPED, jsonWith({})));
  await assert.rejects(owners.read("../six"), unavailableAs("refused"));
  assert.equal(serving.seen.length, 0);
});

test("what is read can be told: it has a canonical form, and fits its queue however much is said", async (t) => {
  const user = '"'.repeat(100);
  const ownership = { roles: Array(300).fill({ role: user, user }), organization: user };
  const { owners } = await reading(t, answerWith(TYPED, jsonWith({ ownership })));
  const told = Buffer.byteLength(canonicalJson(await owners.read("six")));
  assert.ok(told > 100_000 && told < MOST_MESSAGE_BYTES - 10_000, `${told} bytes`);
});
