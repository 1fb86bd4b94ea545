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

/** A server that says one thing after the other, the last again and again, and keeps what it was asked. */
async function serverThatSays(t: TestContext, ...says: readonly Said[]) {
  const asked: { url: string | undefined; authorization: string | undefined }[] = [];
  const server: Server = createServer((request, response) => {
    const { status = 200, body = "", headers = {} } = says[asked.length] ?? says.at(-1) ?? {};
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
    const coverage = { artifacts: 0, rehashed: 0, since: "2026-11-22T12:00:00.000Z" };
    const nothing = { project: "a-b", artifacts: [], coverage, next: null };
    const { asked, url } = await serverThatSays(t, { body: JSON.stringify(nothing) });
    assert.deepEqual(await clientAt(url, "cf_x").artifacts("a/../b"), nothing);
    assert.deepEqual(asked, [{ url: "/v1/projects/a%2F..%2Fb/artifacts", authorization: "Bearer cf_x" }]);
  });

  test("asks below a path, with or without a slash at its end", async (t) => {
    const { asked, url } = await serverThatSays(t, { body: "{}" });
    for (const end of ["", "/"]) await assert.rejects(clientAt(`${url}/monitor${end}`).health());
    assert.deepEqual(
      asked.map((each) => each.url),
      ["/monitor/v1/health", "/monitor/v1/health"],
    );
  });

  const history = (number: number, next: string | null): Said => ({
    body: JSON.stringify({
      project: "six",
      enrolment: "e",
      entries: [{ number, at: "2026-11-22T12:00:00.000Z", kind: "enrolled", by: null, what: "x", hash: "h" }],
      next,
    }),
  });
  const WATCH = { project: "six", enrolment: "e" };

  test("reads a list to its end, in order", async (t) => {
    const { asked, url } = await serverThatSays(t, history(1, "a&b"), history(2, "c"), history(3, null));
    const { entries, next } = await clientAt(url).history(WATCH);
    assert.deepEqual([entries.map(({ number }) => number), next], [[1, 2, 3], null]);
    const path = "/v1/projects/six/enrolments/e/history";
    assert.deepEqual(
      asked.map((each) => each.url),
      [path, `${path}?after=a%26b`, `${path}?after=c`],
    );
  });

  test("gives up a list that leads in a circle", async (t) => {
    const { asked, url } = await serverThatSays(t, history(1, "a"), history(2, "b"), history(3, "a"));
    await assert.rejects(clientAt(url).history(WATCH), ApiUnreachable);
    assert.equal(asked.length, 3);
  });

  test("hands over a manifest byte by byte, and takes nothing else for one", async (t) => {
    const headers = { "Content-Type": "text/plain; charset=utf-8" };
    const digest = `sha256:${"a".repeat(64)}` as const;
    const { url } = await serverThatSays(t, { body: "a\r\n\u00e9", headers }, { body: "{}" });
    const bytes = await clientAt(url).manifest("six", "e", digest);
    assert.equal(Buffer.from(bytes).toString(), "a\r\n\u00e9");
    await assert.rejects(clientAt(url).manifest("six", "e", digest), ApiUnreachable);
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
      message: /No monitor could be asked .* --url or COUNTERFOIL_URL/,
    });
  });
});
