import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { type CheckTold, reportChecks } from "../../functions/aws/check-report.ts";

async function beatAt(test: TestContext) {
  let beats = 0;
  const server = createServer((_, answer) => {
    beats += 1;
    answer.end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  test.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/secret`, beats: () => beats };
}

async function reported(checked: readonly CheckTold[], alone: boolean, heartbeatUrl?: string) {
  const sums: Record<string, number> = {};
  const lines: string[] = [];
  const count = (name: string, value = 1): void => {
    sums[name] = (sums[name] ?? 0) + value;
  };
  const log = (level: string, line: string, more?: object) =>
    void lines.push(`${level} ${line} ${JSON.stringify(more)}`);
  await reportChecks(checked, { log, meter: { count }, heartbeatUrl, alone });
  return { sums, lines };
}

const QUIET: CheckTold = { source: "list", changes: 0 };
const NEWS: CheckTold = { source: "updates", changes: 3 };
const FAILED: CheckTold = { source: "projects", error: new Error("HTTP 503") };

describe("looks at the sources beside the journal", () => {
  it("are counted by what they found", async () => {
    const { sums, lines } = await reported([QUIET, NEWS, FAILED], false);
    assert.deepEqual(sums, { CrossChecks: 3 });
    assert.deepEqual(lines, [
      'warn source not read {"source":"projects","reason":"Error: HTTP 503"}',
      'info source shows what the journal has not told {"source":"updates","changes":3}',
    ]);
  });

  it("are a sign of life, once, where no journal is read, and only where one was answered", async (t) => {
    const { url, beats } = await beatAt(t);
    assert.deepEqual((await reported([QUIET, NEWS, FAILED], true, url)).sums, { Polls: 2, CrossChecks: 3 });
    assert.equal(beats(), 1);
    await reported([FAILED], true, url);
    await reported([QUIET], false, url);
    await reported([], true, url);
    assert.equal(beats(), 1);
  });

  it("go on where nobody takes the heartbeat, whose address stays a secret", async () => {
    const { sums, lines } = await reported([QUIET], true, "http://127.0.0.1:9/secret");
    assert.deepEqual(sums, { Polls: 1 });
    assert.match(lines.join(), /^warn heartbeat not taken/);
    assert.doesNotMatch(lines.join(), /secret/);
  });
});
