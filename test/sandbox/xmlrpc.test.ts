import assert from "node:assert/strict";
import test from "node:test";
import { Deserializer, serializeMethodCall, XmlRpcFault } from "@foxglove/xmlrpc";
import type { SandboxIndex } from "../../bin/sandbox/index/server.ts";
import { lighthouse, started } from "./started.ts";

function post(index: SandboxIndex, body: string, path = "/pypi", type = "text/xml"): Promise<Response> {
  return fetch(index.url + path, { method: "POST", headers: { "Content-Type": type }, body });
}

async function call(index: SandboxIndex, method: string, ...parameters: number[]): Promise<unknown> {
  const response = await post(index, serializeMethodCall(method, parameters));
  assert.equal(response.status, 200);
  const text = (await response.text()).replaceAll("<value><nil/></value>", "<value>nil</value>");
  return new Deserializer().deserializeMethodResponse(text);
}

function fault(code: number, text: RegExp) {
  return (error: unknown) =>
    error instanceof XmlRpcFault && error.faultCode === code && text.test(error.faultString ?? "");
}

test("the last serial is the journal's head, nil while there is none", async (t) => {
  const index = await started(t);
  assert.equal(await call(index, "changelog_last_serial"), "nil");
  index.addJournalRow({ name: "x", action: "create" });
  assert.equal(await call(index, "changelog_last_serial"), 1000);
});

test("rows come strictly after the serial, ascending, with nil for no version", async (t) => {
  const index = await lighthouse(t, { now: () => new Date(1_700_000_000_999) });
  assert.deepEqual(await call(index, "changelog_since_serial", 1001), [
    ["Lighthouse", "1.0", 1_700_000_000, "new release", 1002],
    ["Lighthouse", "1.0", 1_700_000_000, "add source file lighthouse-1.0.tar.gz", 1003],
    ["Lighthouse", "1.0", 1_700_000_000, "add py3 file lighthouse-1.0-py3-none-any.whl", 1004],
  ]);
  const response = await post(index, serializeMethodCall("changelog_since_serial", [999]));
  assert.match(
    await response.text(),
    /<value><string>Lighthouse<\/string><\/value>\n<value><nil\/><\/value><value><int>/,
  );
});

test("the wire has the layout of Python's serialiser", async (t) => {
  const index = await started(t);
  index.addJournalRow({ name: "a&b", action: "add Owner é", version: "<1>", at: new Date(5000) });
  const body = await (await post(index, serializeMethodCall("changelog_since_serial", [1]))).text();
  assert.equal(
    body,
    `<?xml version='1.0'?>
<methodResponse>
<params>
<param>
<value><array><data>
<value><array><data>
<value><string>a&amp;b</string></value>
<value><string>&lt;1&gt;</string></value>
<value><int>5</int></value>
<value><string>add Owner &amp;#233;</string></value>
<value><int>1000</int></value>
</data></array></value>
</data></array></value>
</param>
</params>
</methodResponse>
`,
  );
});

test("50,000 rows and no more come in one answer, for well under a second of work", async (t) => {
  const index = await started(t);
  index.seedJournal(50_001);
  const before = process.cpuUsage();
  const body = await (await post(index, serializeMethodCall("changelog_since_serial", [1]))).text();
  assert.ok(process.cpuUsage(before).user < 1_000_000);
  assert.equal(body.match(/<int>\d+<\/int><\/value>\n<\/data>/g)?.length, 50_000);
  assert.ok(body.includes("<int>50999</int>") && !body.includes("<int>51000</int>"));
});

test("a serial sent as a string is a fault in HTTP 200", async (t) => {
  const index = await lighthouse(t);
  const asString =
    "<methodCall><methodName>changelog_since_serial</methodName><params><param><value><string>1</string></value></param></params></methodCall>";
  const response = await post(index, asString);
  assert.equal(response.status, 200);
  assert.match(await response.text(), /<int>-32602<\/int>[\s\S]*serial: Input should be a valid integer/);
});

test("projects are listed with their display names and serials", async (t) => {
  const index = await lighthouse(t);
  assert.deepEqual(await call(index, "list_packages_with_serial"), { Lighthouse: 1004 });
});

test("retired and unknown methods are faults", async (t) => {
  const index = await lighthouse(t);
  await assert.rejects(
    call(index, "changelog", 1),
    fault(-32500, /^ValueError: .*use changelog_since_serial/),
  );
  await assert.rejects(call(index, "system.multicall"), fault(-32500, /^ValueError/));
  await assert.rejects(call(index, "search"), fault(-32500, /^RuntimeError/));
  await assert.rejects(call(index, "no_such"), fault(-32601, /requested method not found/));
  assert.match(await (await post(index, "<nonsense")).text(), /-32700/);
});

test("all three addresses answer, and only to text/xml", async (t) => {
  const index = await lighthouse(t);
  const body = serializeMethodCall("changelog_last_serial", []);
  for (const path of ["/pypi", "/pypi/", "/RPC2"]) {
    const response = await post(index, body, path);
    assert.equal(response.status, 200);
    assert.match(response.headers.get("RateLimit-Policy") ?? "", /"xmlrpc.client";q=\d+;w=\d+/);
    assert.match(response.headers.get("RateLimit") ?? "", /"xmlrpc.client";r=\d+;t=\d+/);
  }
  assert.equal((await post(index, body, "/pypi", "application/xml")).status, 404);
});

test("the rate limit is a fault in HTTP 200, and 503 comes as HTML", async (t) => {
  const index = await lighthouse(t);
  index.faults.spoil({ route: "xmlrpc" }, { kind: "rate-limit-fault", resetSeconds: 3 }, 1);
  const limited = call(index, "changelog_last_serial");
  await assert.rejects(limited, fault(-32500, /^HTTPTooManyRequests: .* reset in 3 seconds\.$/));
  index.faults.spoil({ route: "xmlrpc" }, { kind: "unavailable" }, 1);
  const down = await post(index, serializeMethodCall("changelog_last_serial", []));
  assert.equal(down.status, 503);
  assert.match(down.headers.get("Content-Type") ?? "", /^text\/html/);
  assert.equal(await call(index, "changelog_last_serial"), 1004);
});

test("the headers may say that the window is used up", async (t) => {
  const index = await lighthouse(t);
  index.faults.spoil({ route: "xmlrpc" }, { kind: "rate-limit", remaining: 0, resetSeconds: 9 });
  const response = await post(index, serializeMethodCall("changelog_last_serial", []));
  assert.equal(response.headers.get("RateLimit"), '"xmlrpc.client";r=0;t=9');
});
