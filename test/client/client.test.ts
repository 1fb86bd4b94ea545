import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { suite, type TestContext, test } from "node:test";
import { createClient } from "../../functions/client/client.ts";
import { ApiRefused, ApiUnreachable } from "../../functions/client/errors.ts";

interface Said {
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server that says one thing, and keeps what it was asked. */
async function serverThatSays(t: TestContext, { status = 200, body = "", headers = {} }: Said) {
  const asked: { url: string | undefined; authorization: string | undefined }[] = [];
  const server: Server = createServer((request, response) => {
    asked.push({ url: request.url, authorization: request.headers.authorization });
    response.writeHead(status, headers).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { asked, url: `http://127.0.0.1:${port}` };
}

const clientAt = (url: string, key: string | null = null) => createClient({ url, key, timeoutMs: 5_000 });

suite("the API's caller", () => {
  test("asks with its key, the project's name escaped", async (t) => {
    const { asked, url } = await serverThatSays(t, { body: '{"project": "a-b", "artifacts": []}' });
    assert.deepEqual(await clientAt(url, "cf_x").artifacts("a/../b"), { project: "a-b", artifacts: [] });
    assert.deepEqual(asked, [{ url: "/v1/projects/a%2F..%2Fb/artifacts", authorization: "Bearer cf_x" }]);
  });

  test("tells a refusal in one sentence, with the line to blame", async (t) => {
    const problem = {
      title: "A digest is not a SHA-256",
      detail: "It has 3 digits.",
      code: "bad-digest",
      line: 7,
    };
    const { url } = await serverThatSays(t, { status: 422, body: JSON.stringify(problem) });
    const sentence = "A digest is not a SHA-256 on line 7: It has 3 digits. (bad-digest)";
    await assert.rejects(clientAt(url).record("six", "abc  six-1.0.tar.gz"), (error) => {
      assert.ok(error instanceof ApiRefused);
      assert.deepEqual([error.message, error.code, error.status], [sentence, "bad-digest", 422]);
      return true;
    });
  });

  const UNKNOWING: Readonly<Record<string, Said>> = {
    "an error page of something in between": { status: 502, body: "<html>Bad gateway</html>" },
    "a page that is no monitor's": { body: "<html>Welcome</html>" },
    "JSON of another form": { body: '{"projects": 7}' },
    "a fault of the monitor": {
      status: 500,
      body: '{"title": "A fault", "detail": "x", "code": "internal"}',
    },
  };
  for (const [what, said] of Object.entries(UNKNOWING))
    test(`does not take ${what} for an answer`, async (t) => {
      const { url } = await serverThatSays(t, said);
      await assert.rejects(clientAt(url).findings("six", null), ApiUnreachable);
      await assert.rejects(clientAt(url).health(), ApiUnreachable);
    });

  test("does not carry its key where a redirect points", async (t) => {
    const elsewhere = await serverThatSays(t, { body: "{}" });
    const { url } = await serverThatSays(t, {
      status: 307,
      headers: { Location: `${elsewhere.url}/v1/health` },
    });
    await assert.rejects(clientAt(url, "cf_x").health(), ApiUnreachable);
    assert.deepEqual(elsewhere.asked, []);
  });

  test("says that nobody was there", async (t) => {
    const { url } = await serverThatSays(t, {});
    const gone = url.replace(/\d+$/, "2");
    await assert.rejects(clientAt(gone).health(), {
      name: "ApiUnreachable",
      message: /No monitor could be asked/,
    });
  });
});
