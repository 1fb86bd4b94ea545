import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { suite, type TestContext, test } from "node:test";
import { createClient } from "../../functions/client/client.ts";
import { ApiUnreachable } from "../../functions/client/errors.ts";
import { sha256 } from "../../functions/domain/digests.ts";

const OCTETS = "application/octet-stream";

interface Said {
  readonly status: number;
  readonly type?: string;
  readonly range?: string;
  readonly body: string;
}

/** A monitor that answers so, and a client that asks it for a part. */
async function part(t: TestContext, { status, type = OCTETS, range, body }: Said, from = 3) {
  let asked: IncomingMessage | null = null;
  const server = createServer((request, response) => {
    asked = request;
    const headers = { "Content-Type": type, ...(range === undefined ? {} : { "Content-Range": range }) };
    response.writeHead(status, headers).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const client = createClient({ url: `http://127.0.0.1:${port}`, key: null, timeoutMs: 5_000 });
  const answer = await client.evidencePart("six", "f1", sha256("x"), from);
  return { ...answer, asked: (asked as IncomingMessage | null)?.headers.range };
}

suite("a part of evidence", () => {
  test("is asked for from its offset on, and says how much there is", async (t) => {
    const { bytes, wholeBytes, asked } = await part(t, { status: 206, range: "bytes 3-5/10", body: "abc" });
    assert.deepEqual([Buffer.from(bytes).toString(), wholeBytes], ["abc", 10]);
    assert.equal(asked, `bytes=3-${3 + 4 * 1024 * 1024 - 1}`);
  });

  test("may be all there is", async (t) => {
    const { wholeBytes } = await part(t, { status: 200, body: "abc" }, 0);
    assert.equal(wholeBytes, 3);
  });

  for (const [what, said] of [
    ["of another offset", { status: 206, range: "bytes 4-6/10", body: "abc" }],
    ["of another length", { status: 206, range: "bytes 3-6/10", body: "abc" }],
    ["beyond the end", { status: 206, range: "bytes 3-5/5", body: "abc" }],
    ["of nothing", { status: 206, range: "bytes 3-2/10", body: "" }],
    ["of unknown length", { status: 206, range: "bytes 3-5/*", body: "abc" }],
    ["without saying which", { status: 206, body: "abc" }],
    ["that is all of it, from the middle on", { status: 200, body: "abc" }],
    ["that is a page", { status: 206, type: "text/html", range: "bytes 3-5/10", body: "abc" }],
  ] as const)
    test(`is not taken from an answer ${what}`, async (t) => {
      await assert.rejects(part(t, said), ApiUnreachable);
    });
});
