import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { ENVIRONMENT } from "../../functions/aws/environment.ts";
import { DEFAULT_SETTINGS } from "../../functions/domain/settings.ts";

const HANDLER = new URL("../../functions/api/handler.ts", import.meta.url).href;
const VALUES = {
  stage: "api",
  version: "0.0.0",
  journalTable: "Journal",
  watchersTable: "Watchers",
  recordsTable: "Records",
  ledgerTable: "Ledger",
  viewTable: "View",
  scheduleTable: "Schedule",
  pagesTable: "Pages",
  evidenceBucket: "evidence",
  changesNowQueue: "https://sqs.example/changes-now",
  alertsQueue: "https://sqs.example/alerts",
  findingsTopic: "arn:aws:sns:us-east-1:000000000000:findings",
  undeliveredQueue: "arn:aws:sqs:us-east-1:000000000000:undelivered",
  publicUrl: "https://counterfoil.example",
  quieteningHours: "24",
  oidcIssuers: "[]",
  settings: JSON.stringify(DEFAULT_SETTINGS),
  registration: "invitation",
  backlog: "[]",
} satisfies Partial<Record<keyof typeof ENVIRONMENT, string>>;
const TOLD = Object.fromEntries(
  Object.entries(VALUES).map(([short, value]) => [ENVIRONMENT[short as keyof typeof VALUES], value]),
);
const ASKED = JSON.stringify({
  httpMethod: "GET",
  path: "/v1/health",
  headers: { Host: "api.example" },
  multiValueHeaders: {},
  requestContext: { identity: {} },
});
const PROGRAM = `const { handler } = await import(${JSON.stringify(HANDLER)});
console.log(JSON.stringify(await handler(${ASKED}, {})));`;

/** What the function answers and logs when its tables answer so. */
async function asked(tables: RequestListener): Promise<{ status: number; faults: number }> {
  const server = createServer(tables).listen(0, "127.0.0.1");
  await once(server, "listening");
  const env = {
    ...TOLD,
    PATH: process.env["PATH"],
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
  const child = spawn(process.execPath, ["--input-type=module", "-e", PROGRAM], { env });
  const [said, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
  server.close();
  server.closeAllConnections();
  const lines = said.trim().split("\n");
  const answer = lines.find((line) => line.includes('"statusCode"'));
  assert.ok(answer !== undefined, complaints);
  return {
    status: JSON.parse(answer).statusCode,
    faults: lines.filter((line) => /"Faults":1\b/.test(line)).length,
  };
}

describe("the API's metric Faults", () => {
  it("counts a request that failed by a fault of ours", async () => {
    const refused: RequestListener = (_, response) =>
      response.writeHead(400).end('{"__type":"AccessDeniedException","message":"no"}');
    assert.deepEqual(await asked(refused), { status: 500, faults: 1 });
  });

  it("does not count an answer of health while the monitor is blind", async () => {
    const empty: RequestListener = (_, response) => response.end("{}");
    assert.deepEqual(await asked(empty), { status: 503, faults: 0 });
  });
});
