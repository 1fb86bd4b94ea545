import assert from "node:assert/strict";
import { request } from "node:https";
import test from "node:test";
import type { SandboxIndex } from "../../bin/sandbox/index/server.ts";
import { get, lighthouse, page, simpleJson, started, wheel } from "./started.ts";

async function turn(
  index: SandboxIndex,
  name: string,
  body: unknown,
): Promise<{ status: number; result: unknown }> {
  const response = await fetch(`${index.url}/_sandbox/${name}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { result?: unknown };
  return { status: response.status, result: answer.result };
}

test("the log tells what clients asked and with which headers", async (t) => {
  const index = await lighthouse(t);
  await get(`${index.url}/simple/lighthouse/`, {
    Accept: simpleJson,
    "User-Agent": "watcher/1 (ada@example.org)",
  });
  await get(`${index.url}/simple/nobody/`);
  await get(`${index.url}/nowhere`);
  const [first, second] = index.requests.of("simple-project");
  assert.deepEqual([first?.method, first?.path, first?.status], ["GET", "/simple/lighthouse/", 200]);
  assert.equal(first?.headers["user-agent"], "watcher/1 (ada@example.org)");
  assert.equal(first?.headers.accept, simpleJson);
  assert.equal(second?.status, 404);
  assert.deepEqual(index.requests.counts, { "simple-project": 2, nowhere: 1 });
});

test("the log keeps the newest requests and counts all", async (t) => {
  const index = await lighthouse(t, { keptRequests: 3 });
  for (let n = 0; n < 8; n += 1) await get(`${index.url}/simple/project-${n}/`);
  assert.deepEqual(
    index.requests.all.map(({ path }) => path),
    ["/simple/project-5/", "/simple/project-6/", "/simple/project-7/"],
  );
  assert.equal(index.requests.count("simple-project"), 8);
});

test("switches can be turned from another process, and are no requests", async (t) => {
  const index = await started(t);
  const files = [{ name: wheel.name, bytes: wheel.bytes.toString("base64") }];
  const published = await turn(index, "publish", { project: "lighthouse", version: "1.0", files });
  assert.deepEqual(published, { status: 200, result: [wheel.name] });
  await turn(index, "flip-bit", { file: wheel.name });
  await turn(index, "hide", { file: wheel.name });
  await turn(index, "withhold-rows", { file: wheel.name });
  assert.equal((await page(index, "lighthouse")).files.length, 0);
  assert.equal(index.journal.head(), 1002);
  const { result } = await turn(index, "spoil", {
    where: { route: "simple-list" },
    how: { kind: "unavailable" },
  });
  assert.equal((await get(`${index.url}/simple/`)).status, 503);
  await turn(index, "end-spoil", { id: result });
  assert.equal((await get(`${index.url}/simple/`)).status, 200);
  await turn(index, "mend-all", {});
  assert.equal(index.journal.head(), 1003);
  assert.deepEqual(index.requests.counts, { "simple-project": 1, "simple-list": 2 });
});

test("a switch that is not there, or a body that does not fit, is refused", async (t) => {
  const index = await lighthouse(t);
  assert.equal((await turn(index, "toString", {})).status, 400);
  assert.equal((await turn(index, "flip-bit", { path: wheel.name })).status, 400);
  assert.equal((await turn(index, "flip-bit", { file: "unknown.whl" })).status, 400);
});

test("with TLS both origins answer under an authority of their own, and pages link to TLS", async (t) => {
  const index = await lighthouse(t, { tls: true });
  const { tls } = index;
  assert.ok(tls);
  const shown = JSON.parse(await trusting(tls.authority, `${tls.url}/simple/lighthouse/`));
  const [file] = shown.files;
  assert.ok(file.url.startsWith(`${tls.filesOrigin}/packages/`));
  assert.equal(await trusting(tls.authority, file.url), wheel.bytes.toString());
  await assert.rejects(get(`${tls.url}/simple/lighthouse/`));
});

function trusting(authority: string, url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request(url, { ca: authority, headers: { Accept: simpleJson } }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve(Buffer.concat(chunks).toString());
    })
      .on("error", reject)
      .end();
  });
}
