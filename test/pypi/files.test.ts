import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import type { AttemptOutcome } from "../../functions/domain/changes.ts";
import { sha256 } from "../../functions/domain/digests.ts";
import type { FetchAsked } from "../../functions/ports.ts";
import type { Resolve } from "../../functions/pypi/addresses.ts";
import { DEFAULT_LIMITS } from "../../functions/pypi/limits.ts";
import {
  type Answering,
  adapters,
  answerWith,
  reading,
  type Serving,
  serve,
  standingClock,
} from "./serving.ts";

const BYTES = randomBytes(100_000);
const asking = ({ origin }: Pick<Serving, "origin">, asked: Partial<FetchAsked> = {}): FetchAsked => ({
  url: `${origin}/six-1.0.tar.gz`,
  sizeBytes: BYTES.length,
  fresh: false,
  avoid: [],
  ...asked,
});

test("a whole body is hashed, and the attempt says whence it came", async (t) => {
  const { files, serving } = await reading(t, answerWith({ "X-Served-By": "cache-fra-1" }, BYTES));
  const chunks: Uint8Array[] = [];
  const tap = (chunk: Uint8Array) => void chunks.push(Uint8Array.from(chunk));
  assert.deepEqual(await files.fetch(asking(serving, { tap })), {
    at: standingClock().at,
    outcome: "hashed",
    digest: sha256(BYTES),
    sizeBytes: BYTES.length,
    address: "127.0.0.1",
    detail: "HTTP 200, served by cache-fra-1",
  });
  assert.deepEqual(Buffer.concat(chunks), BYTES);
  assert.equal(serving.seen[0]?.headers["accept-encoding"], "identity");
});

test("200 MB pass through in constant memory", async (t) => {
  const block = randomBytes(1 << 20);
  const { files, serving } = await reading(t, (_request, answer) => {
    answer.writeHead(200, { "Content-Length": 200 * block.length });
    let left = 200;
    const more = () => {
      while (left-- > 0) if (!answer.write(block)) return void answer.once("drain", more);
      answer.end();
    };
    more();
  });
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const tap = () => {
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  };
  const attempt = await files.fetch(asking(serving, { sizeBytes: null, tap }));
  const hash = createHash("sha256");
  for (let count = 0; count < 200; count++) hash.update(block);
  assert.equal(attempt.digest, `sha256:${hash.digest("hex")}`);
  assert.ok(most < 100e6, `${most} bytes were held`);
});

const SHORT = BYTES.subarray(0, 500);
const chunked =
  (body: Buffer): Answering =>
  (_request, answer) => {
    answer.writeHead(200);
    answer.write(body);
    answer.end();
  };
/** Without a length or chunks: the body ends where the connection does. */
const closeDelimited =
  (body: Buffer): Answering =>
  (_request, answer) => {
    answer.useChunkedEncodingByDefault = false;
    answer.shouldKeepAlive = false;
    answer.removeHeader("Content-Length");
    answer.writeHead(200, { Connection: "close" });
    answer.end(body);
  };
const raw =
  (text: string): Answering =>
  (request) =>
    void request.socket.end(text);

const breakingOff: Answering = (_request, answer) => {
  answer.writeHead(200, { "Content-Length": BYTES.length });
  answer.write(SHORT, () => answer.destroy());
};
const stalling: Answering = (_request, answer) => {
  answer.writeHead(200, { "Content-Length": BYTES.length });
  answer.write(SHORT);
};
const dripping: Answering = (_request, answer) => {
  answer.writeHead(200);
  const drip = setInterval(() => answer.write("x"), 20);
  answer.on("close", () => clearInterval(drip));
};
const endless: Answering = (_request, answer) => {
  answer.writeHead(200);
  const more = () => {
    while (!answer.destroyed && answer.write(BYTES));
    if (!answer.destroyed) answer.once("drain", more);
  };
  more();
};

const outcomes: readonly (readonly [string, AttemptOutcome, Answering])[] = [
  ["a chunked body of the index's size", "hashed", chunked(BYTES)],
  ["a body that ends with its connection, of the index's size", "hashed", closeDelimited(BYTES)],
  ["a whole body shorter than the index says", "hashed", answerWith({}, SHORT)],
  ["a whole chunked body shorter than the index says", "hashed", chunked(SHORT)],
  ["a whole body longer than the index says", "hashed", answerWith({}, Buffer.concat([BYTES, SHORT]))],
  ["a body that ends short with its connection", "cut", closeDelimited(SHORT)],
  ["a body shorter than its own length", "cut", breakingOff],
  ["chunks without an end", "cut", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")],
  ["an empty body", "empty", answerWith({}, "")],
  ["an encoded body", "encoded", answerWith({ "Content-Encoding": "gzip" }, SHORT)],
  [
    "chunks spelt otherwise",
    "hashed",
    raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"),
  ],
  [
    "an encoded transfer",
    "encoded",
    raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
  ],
  ["a length over the cap", "too-large", answerWith({}, Buffer.alloc(200_001))],
  ["a body over the cap", "too-large", endless],
  ["a body that stops coming", "too-slow", stalling],
  ["a body that drips", "too-slow", dripping],
  ["an answer that never begins", "too-slow", () => {}],
  ["a 404", "gone", answerWith({}, "Not Found", 404)],
  ["a 410", "gone", answerWith({}, "", 410)],
  ["a 403, which is about us", "unreachable", answerWith({}, "blocked", 403)],
  ["a 503", "unreachable", answerWith({ "Retry-After": "9" }, "", 503)],
  ["a 206", "unreachable", answerWith({}, SHORT, 206)],
  ["a 304", "unreachable", answerWith({}, "", 304)],
  ["a redirect", "refused", answerWith({ Location: "http://169.254.169.254/" }, "", 302)],
  ["a closed connection", "unreachable", (request) => request.socket.destroy()],
  ["an answer that is no HTTP", "unreachable", raw("SSH-2.0-nonsense\r\n\r\n")],
];

for (const [what, outcome, answering] of outcomes)
  test(`${what} is ${outcome}`, async (t) => {
    const limits = { fileBytes: 200_000, idleMs: 300, fileMs: 600 };
    const { files, serving } = await reading(t, answering, { limits });
    const attempt = await files.fetch(asking(serving));
    assert.equal(attempt.outcome, outcome, attempt.detail ?? "");
    assert.equal(attempt.digest === null, outcome !== "hashed");
    assert.ok(attempt.detail);
  });

test("what differs from the index's size says so in its detail", async (t) => {
  const { files, serving } = await reading(t, answerWith({}, SHORT));
  const attempt = await files.fetch(asking(serving));
  assert.equal(attempt.detail, "HTTP 200; 500 bytes where the index says 100000");
  assert.equal(attempt.digest, sha256(SHORT));
});

test("a file of no bytes is hashed where the index says so", async (t) => {
  const { files, serving } = await reading(t, answerWith({}, ""));
  assert.equal((await files.fetch(asking(serving, { sizeBytes: 0 }))).digest, sha256(""));
  assert.equal((await files.fetch(asking(serving, { sizeBytes: null }))).outcome, "empty");
});

test("a redirect's place and a server's name reach the detail as inert text", async (t) => {
  const headers = { Location: "/x\u001b[31m", "X-Served-By": "é".repeat(500) };
  const answering: Answering = (request) =>
    void request.socket.end(
      `HTTP/1.1 302 Found\r\nLocation: ${headers.Location.replace("\u001b", "\u0080")}\r\nX-Served-By: ${headers["X-Served-By"]}\r\n\r\n`,
      "latin1",
    );
  const { files, serving } = await reading(t, answering);
  const { detail } = await files.fetch(asking(serving));
  assert.match(detail ?? "", /^HTTP 302, served by \?{200}, redirect to \/x\?\[31m$/);
});

for (const url of [
  "http://127.0.0.1:1/x",
  "https://files.pythonhosted.org/x",
  "http://169.254.169.254/latest/meta-data/",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "about:too-long",
  "nonsense",
])
  test(`${url} is refused without a connection`, async (t) => {
    const { files, serving } = await reading(t, answerWith({}, BYTES));
    const attempt = await files.fetch(asking(serving, { url }));
    assert.deepEqual([attempt.outcome, attempt.address, serving.sockets()], ["refused", null, 0]);
  });

test("a file host named in full is reached, also where the index is another", async (t) => {
  const host = await serve(t, answerWith({}, BYTES));
  const { files } = adapters(t, "https://pypi.org", { filesOrigins: [host.origin] });
  assert.equal((await files.fetch(asking(host))).outcome, "hashed");
});

test("connections are kept, and a fresh attempt makes its own", async (t) => {
  const { files, serving } = await reading(t, answerWith({}, BYTES));
  for (let count = 0; count < 3; count++) await files.fetch(asking(serving));
  assert.equal(serving.sockets(), 1);
  for (let count = 0; count < 3; count++) await files.fetch(asking(serving, { fresh: true }));
  assert.equal(serving.sockets(), 4);
});

test("fresh attempts that wait for one another make their own connections, too", async (t) => {
  const { files, serving } = await reading(t, answerWith({}, BYTES));
  const many = DEFAULT_LIMITS.sockets * 2;
  await Promise.all(Array.from({ length: many }, () => files.fetch(asking(serving, { fresh: true }))));
  assert.equal(serving.sockets(), many);
});

test("a kept connection that was closed in the meantime costs nothing", async (t) => {
  const { files, serving } = await reading(t, (request, answer) => {
    answerWith({}, BYTES)(request, answer);
    answer.on("finish", () => setImmediate(() => request.socket.resetAndDestroy()));
  });
  for (let count = 0; count < 5; count++)
    assert.equal((await files.fetch(asking(serving))).outcome, "hashed");
});

const both: Resolve = (_hostname, _options, done) =>
  done(null, [
    { address: "127.0.0.1", family: 4 },
    { address: "127.0.0.2", family: 4 },
  ]);

test("a fresh attempt goes to an address not yet tried, as long as there is one", async (t) => {
  const host = await serve(t, answerWith({}, BYTES));
  const origin = `http://localhost:${host.port}`;
  const { files } = adapters(t, origin, { resolve: both });
  const reached = async (avoid: readonly string[]) =>
    (await files.fetch(asking({ origin }, { fresh: true, avoid }))).address;
  assert.equal(await reached(["127.0.0.1"]), "127.0.0.2");
  assert.equal(await reached(["::ffff:127.0.0.2"]), "127.0.0.1");
  assert.notEqual(await reached(["127.0.0.1", "127.0.0.2"]), null);
});

test("a name that leads inside a network is refused, even with a public address beside", async (t) => {
  const inside: Resolve = (_hostname, _options, done) =>
    done(null, [
      { address: "151.101.0.223", family: 4 },
      { address: "10.0.0.1", family: 4 },
    ]);
  const { files, pages, journal } = adapters(t, "https://index.example", { resolve: inside });
  const attempt = await files.fetch(asking({ origin: "https://index.example" }));
  assert.equal(attempt.outcome, "refused");
  assert.match(attempt.detail ?? "", /10\.0\.0\.1/);
  await assert.rejects(pages.read("six", { etag: null, plain: false }), { code: "refused" });
  await assert.rejects(journal.head(), { code: "refused" });
});

test("what the tap throws is a fault of ours, not an attempt", async (t) => {
  const { files, serving } = await reading(t, answerWith({}, BYTES));
  const tap = () => {
    throw new Error("the disk is full");
  };
  await assert.rejects(files.fetch(asking(serving, { tap })), /the disk is full/);
});
