/** One full answer of the journal, as the sandbox words it, rendered once and then served as fast as it goes. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startIndex } from "../../../bin/sandbox/index/server.ts";
import { answerAs } from "../answering.ts";

const CALL =
  "<?xml version='1.0'?><methodCall><methodName>changelog_since_serial</methodName><params><param><value><int>0</int></value></param></params></methodCall>";

async function serve({ rows }: { readonly rows: number }): Promise<string> {
  const body = await rendered(rows);
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "Content-Type": "text/xml; charset=UTF-8", "Content-Length": body.length });
    response.end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function rendered(rows: number): Promise<Buffer> {
  const index = await startIndex();
  index.seedJournal(rows);
  const headers = { "Content-Type": "text/xml" };
  const answer = await fetch(`${index.url}/pypi`, { method: "POST", headers, body: CALL });
  const body = Buffer.from(await answer.arrayBuffer());
  await index.close();
  return body;
}

answerAs({ serve });
