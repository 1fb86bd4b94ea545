import assert from "node:assert/strict";
import { test } from "node:test";
import { instant } from "../../functions/domain/instants.ts";
import type { UnavailableCode } from "../../functions/ports.ts";
import { type Answering, answerWith, fixture, reading, standingClock } from "./serving.ts";
import { answered, plainRow, readAll, row, rowsAnswered, unavailableAs } from "./writing.ts";

const XML = { "Content-Type": "text/xml; charset=utf-8" };
const HTML = { "Content-Type": "text/html" };

test("the sampled journal parses to the rows it was made from", async (t) => {
  const { journal } = await reading(t, answerWith(XML, fixture("xmlrpc/changelog_since_serial.derived.xml")));
  const sampled = ["1", "2"].flatMap((part) =>
    JSON.parse(fixture(`xmlrpc/changelog_since_serial_${part}.toolchain.json`).toString()),
  );
  const expected = sampled.map(([name, version, at, action, serial]) => ({
    name,
    version,
    at: instant(at * 1000),
    action,
    serial,
  }));
  assert.equal(expected.length, 17);
  assert.deepEqual(await readAll(journal, 7198859), expected);
});

test("the sampled head parses to its serial", async (t) => {
  const { journal } = await reading(t, answerWith(XML, fixture("xmlrpc/changelog_last_serial.derived.xml")));
  assert.equal(await journal.head(), 41125269);
});

test("a call is what PyPI's documentation shows, signed with our name and contact", async (t) => {
  const bodies: string[] = [];
  const { journal, serving } = await reading(t, (request, answer) => {
    request.setEncoding("utf8").on("data", (text) => bodies.push(text));
    request.on("end", () => answerWith(XML, rowsAnswered())(request, answer));
  });
  assert.deepEqual(await readAll(journal, 41125229), []);
  const shown = fixture("xmlrpc/request_changelog_since_serial.derived.xml").toString();
  const plain = (xml: string) => xml.replace(/^<\?.*?\?>/, "").replace(/\s/g, "");
  assert.equal(plain(bodies.join("")), plain(shown));
  const [asked] = serving.seen;
  assert.deepEqual([asked?.method, asked?.url], ["POST", "/pypi"]);
  assert.equal(asked?.headers["content-type"], "text/xml");
  assert.equal(asked?.headers["accept-encoding"], "identity");
  assert.equal(asked?.headers["user-agent"], "counterfoil/0 (+https://example.org/us)");
});

test("an empty journal has head 0", async (t) => {
  const { journal } = await reading(t, answerWith(XML, answered("<nil/>")));
  assert.equal(await journal.head(), 0);
});

test("rows at or below the asked serial are left out", async (t) => {
  const { journal } = await reading(t, answerWith(XML, rowsAnswered(...[5, 6, 7, 9].map(plainRow))));
  assert.deepEqual(
    (await readAll(journal, 6)).map(({ serial }) => serial),
    [7, 9],
  );
});

for (const serials of [
  [8, 7],
  [7, 7],
  [3, 2, 9],
])
  test(`a journal that goes ${serials.join(", ")} is garbled`, async (t) => {
    const { journal } = await reading(t, answerWith(XML, rowsAnswered(...serials.map(plainRow))));
    await assert.rejects(readAll(journal, 1), unavailableAs("garbled"));
  });

const whole = rowsAnswered(plainRow(7), plainRow(8));
const cutOff: Answering = (_request, answer) => {
  answer.writeHead(200, { ...XML, "Content-Length": whole.length });
  answer.write(whole.slice(0, 200), () => answer.destroy());
};
const stuck: Answering = (_request, answer) => void answer.writeHead(200, XML).write("<?xml version='1.0'?>");

const failures: readonly (readonly [string, UnavailableCode, number | null, Answering])[] = [
  [
    "a fault inside a 200",
    "fault",
    null,
    answerWith(XML, fixture("xmlrpc/fault_changelog_removed.derived.xml")),
  ],
  [
    "a throttling fault",
    "throttled",
    1000,
    answerWith(XML, fixture("xmlrpc/fault_rate_limited.derived.xml")),
  ],
  ["a 503 in HTML", "unreachable", 7000, answerWith({ ...HTML, "Retry-After": "7" }, "<h1>Sorry</h1>", 503)],
  ["a 429", "throttled", 60_000, answerWith({ "Retry-After": "Sun, 22 Nov 2026 12:01:00 GMT" }, "", 429)],
  ["a 403 for a blocked address", "refused", null, answerWith(HTML, "Your IP Address has been blocked", 403)],
  ["a redirect", "refused", null, answerWith({ Location: "http://127.0.0.1:1/pypi" }, "", 308)],
  ["a page of HTML", "garbled", null, answerWith(HTML, "<html></html>")],
  ["HTML that says it is XML", "garbled", null, answerWith(XML, "<html><body/></html>")],
  ["JSON that says it is XML", "garbled", null, answerWith(XML, "[]")],
  ["an empty body", "garbled", null, answerWith(XML, "")],
  ["an encoded body", "garbled", null, answerWith({ ...XML, "Content-Encoding": "gzip" }, whole)],
  ["XML cut in the middle", "garbled", null, answerWith(XML, whole.slice(0, -60))],
  ["a connection cut in the middle", "unreachable", null, cutOff],
  ["an answer that stops coming", "too-slow", null, stuck],
  [
    "an answer over the cap",
    "too-large",
    null,
    answerWith(XML, rowsAnswered(...Array(99).fill(plainRow(9)))),
  ],
  ["a number for an array", "garbled", null, answerWith(XML, answered("<int>5</int>"))],
];

for (const [what, code, retryAfterMs, answering] of failures)
  test(`${what} is ${code}`, async (t) => {
    const limits = { idleMs: 300, journalBytes: 20_000 };
    const { journal } = await reading(t, answering, { limits });
    await assert.rejects(readAll(journal), unavailableAs(code, retryAfterMs));
  });

test("an index that is not there is unreachable", async (t) => {
  const { journal, serving } = await reading(t, (request) => request.socket.destroy());
  await assert.rejects(journal.head(), unavailableAs("unreachable"));
  assert.ok(serving.seen.length >= 1);
});

const exhausted = { ...XML, RateLimit: '"xmlrpc.client";r=0;t=12' };
const holding: readonly (readonly [string, number, Answering])[] = [
  ["an exhausted RateLimit", 12_000, answerWith(exhausted, answered("<int>5</int>"))],
  ["a throttling fault", 1_000, answerWith(XML, fixture("xmlrpc/fault_rate_limited.derived.xml"))],
  ["a Retry-After", 30_000, answerWith({ "Retry-After": "30" }, "", 503)],
];

for (const [what, waitMs, answering] of holding)
  test(`after ${what} the index is not called again before its time`, async (t) => {
    const clock = standingClock();
    const { journal, serving } = await reading(t, answering, {}, clock);
    await journal.head().catch(() => {});
    await assert.rejects(journal.head(), unavailableAs("throttled", waitMs));
    assert.equal(serving.seen.length, 1);
    clock.at = instant(Date.parse(clock.at) + waitMs);
    await journal.head().catch(() => {});
    assert.equal(serving.seen.length, 2);
  });

test("a RateLimit with calls left holds nothing back", async (t) => {
  const headers = { ...XML, RateLimit: '"xmlrpc.client";r=1;t=3600' };
  const { journal, serving } = await reading(t, answerWith(headers, answered("<int>5</int>")));
  await journal.head();
  await journal.head();
  assert.equal(serving.seen.length, 2);
  assert.equal(serving.sockets(), 1);
});

test("batches before a fault in the middle were whole, and the fault is told", async (t) => {
  const bad = row("name", null, 1, "create", "no serial");
  const many = Array.from({ length: 3_000 }, (_, at) => plainRow(at + 1));
  const { journal } = await reading(t, answerWith(XML, rowsAnswered(...many, bad)));
  const got: number[] = [];
  await assert.rejects(async () => {
    for await (const batch of journal.after(0)) got.push(...batch.map(({ serial }) => serial));
  }, unavailableAs("garbled"));
  assert.ok(got.length >= 1_000 && got.length <= 3_000);
  assert.deepEqual(
    got,
    Array.from(got, (_, at) => at + 1),
  );
});
