import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { sha256 } from "../../functions/domain/digests.ts";
import type { Provenance } from "../../functions/domain/facts.ts";
import type { Examined } from "../../functions/pypi/sigstore.ts";
import { type Answering, answerWith, reading } from "./serving.ts";

const FILE = "lantern-1.0.tar.gz";
const PATH = `/integrity/lantern/1.0/${FILE}/provenance`;
const TYPED = { "Content-Type": "application/vnd.pypi.integrity.v1+json" };
const OBJECT = '{"version": 1}';
const GOOD = '{"version": 1, "good": true}';

/** Reads from an index that answers so; what came whole is refused in the same words, unless it is the good object. */
async function read(t: TestContext, answering: Answering, limits = {}) {
  const { provenances, serving } = await reading(t, answering, { limits });
  const examined: string[] = [];
  const examine = (body: Uint8Array, file: string): Examined => {
    examined.push(`${file} ${Buffer.from(body)}`);
    if (Buffer.from(body).equals(Buffer.from(GOOD)))
      return { outcome: "verified", attested: [], object: sha256(body) };
    return { outcome: "refused", reason: "it came whole", object: sha256(body) };
  };
  const of = (url = serving.origin + PATH): Promise<Provenance> => provenances(examine).read(url, FILE);
  return { of, serving, examined };
}

function unread(provenance: Provenance, reason: RegExp): void {
  assert.equal(provenance.outcome, "unread", JSON.stringify(provenance));
  if (provenance.outcome === "unread") assert.match(provenance.reason, reason);
}

suite("a provenance object", () => {
  test("is asked for as PyPI wants to be asked, once, and examined as it came", async (t) => {
    const { of, serving, examined } = await read(t, answerWith(TYPED, GOOD));
    assert.deepEqual(await of(), { outcome: "verified", attested: [], object: sha256(GOOD) });
    assert.deepEqual(examined, [`${FILE} ${GOOD}`]);
    const [asked, ...others] = serving.seen;
    assert.deepEqual([asked?.method, asked?.url, others], ["GET", PATH, []]);
    assert.equal(asked?.headers.accept, TYPED["Content-Type"]);
    assert.equal(asked?.headers["accept-encoding"], "identity");
    assert.match(asked?.headers["user-agent"] ?? "", /counterfoil/);
  });

  test("may come as plain JSON", async (t) => {
    const { of } = await read(t, answerWith({ "Content-Type": "application/json; charset=utf-8" }, GOOD));
    assert.equal((await of()).outcome, "verified");
  });

  test("that does not verify is asked for again, by another connection", async (t) => {
    const { of, serving, examined } = await read(t, answerWith(TYPED, OBJECT));
    assert.deepEqual(await of(), { outcome: "refused", reason: "it came whole", object: sha256(OBJECT) });
    assert.deepEqual([serving.seen.length, serving.sockets(), examined.length], [2, 2, 2]);
  });

  test("in which an edge had a wrong bit is good", async (t) => {
    const { of, serving } = await read(t, (request, answer) =>
      answerWith(TYPED, request.headers.accept === TYPED["Content-Type"] ? OBJECT : GOOD)(request, answer),
    );
    assert.equal((await of()).outcome, "verified");
    assert.equal(serving.seen.length, 2);
  });
});

suite("that there is no provenance", () => {
  const NONE = answerWith(
    { "Content-Type": "application/json" },
    '{"message": "No provenance available"}',
    404,
  );

  test("is believed when two copies of the answer say so", async (t) => {
    const { of, serving } = await read(t, NONE);
    assert.deepEqual(await of(), { outcome: "none" });
    assert.deepEqual(
      serving.seen.map(({ headers }) => headers.accept),
      [TYPED["Content-Type"], "application/json"],
    );
  });

  test("is not when an edge's one copy is old", async (t) => {
    const { of } = await read(t, (request, answer) =>
      (request.headers.accept === TYPED["Content-Type"] ? NONE : answerWith(TYPED, GOOD))(request, answer),
    );
    assert.equal((await of()).outcome, "verified");
  });
});

suite("provenance that could not be had", () => {
  const rows: readonly [string, Answering, RegExp][] = [
    ["is switched off", answerWith(TYPED, '{"message": "disabled"}', 403), /^refused: HTTP 403/],
    [
      "is throttled",
      answerWith({ ...TYPED, "Retry-After": "7" }, "", 429),
      /^throttled: HTTP 429, retry after 7/,
    ],
    [
      "is not served",
      answerWith({ "Content-Type": "text/html" }, "<h1>503</h1>", 503),
      /^unreachable: HTTP 503/,
    ],
    [
      "is elsewhere",
      answerWith({ Location: "https://evil.example/" }, "", 302),
      /^refused: HTTP 302, redirect to/,
    ],
    ["is a web page", answerWith({ "Content-Type": "text/html" }, OBJECT), /^garbled: .* text\/html/],
    ["has no type", answerWith({}, OBJECT), /^garbled: .* untyped/],
    ["is packed", answerWith({ ...TYPED, "Content-Encoding": "gzip" }, OBJECT), /^garbled: /],
    ["is over 1 MiB", answerWith(TYPED, " ".repeat(1024 ** 2 + 1)), /^too-large: /],
    ["breaks off", answerWith({ ...TYPED, "Content-Length": "100" }, OBJECT), /^(unreachable|too-slow): /],
    ["is never answered", (request) => request.socket.destroy(), /^unreachable: /],
    ["takes too long", () => {}, /^too-slow: /],
  ];
  for (const [what, answering, reason] of rows)
    test(`because it ${what} says nothing of the file, and why`, async (t) => {
      const { of, examined } = await read(t, answering, { provenanceMs: 300, idleMs: 300 });
      unread(await of(), reason);
      assert.deepEqual(examined, []);
    });

  test("because its address is nobody's the operator named is not even asked for", async (t) => {
    const { of, serving } = await read(t, answerWith(TYPED, OBJECT));
    for (const url of [
      "https://evil.example/x",
      "http://127.0.0.1:1/x",
      "about:too-long",
      "not an address",
      "",
    ])
      unread(await of(url), /^refused: /);
    assert.deepEqual(serving.seen, []);
  });
});
