import "reflect-metadata";
import assert from "node:assert/strict";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { before, type TestContext, test } from "node:test";
import {
  cryptoProvider,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { adapters, answerWith } from "./serving.ts";

const BYTES = Buffer.from("bytes of a file");

async function certificateFor(name: string): Promise<{ key: string; cert: string }> {
  cryptoProvider.set(globalThis.crypto);
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const made = await X509CertificateGenerator.createSelfSigned({
    name: "CN=a throwaway authority",
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new SubjectAlternativeNameExtension([{ type: "dns", value: name }])],
  });
  const key = PemConverter.encode(await crypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  return { key, cert: made.toString("pem") };
}

let local: { key: string; cert: string };
let other: { key: string; cert: string };
before(async () => {
  local = await certificateFor("localhost");
  other = await certificateFor("elsewhere.example");
});

async function fetched(t: TestContext, pair: { key: string; cert: string }, ca?: string) {
  const server = createServer(pair, answerWith({}, BYTES));
  await new Promise<void>((listening) => server.listen(0, listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  const { files } = adapters(t, origin, ca === undefined ? {} : { ca });
  return files.fetch({ url: `${origin}/x`, sizeBytes: BYTES.length, fresh: false, avoid: [] });
}

test("an index with an authority of its own is read where the operator names that authority", async (t) => {
  assert.equal((await fetched(t, local, local.cert)).outcome, "hashed");
});

test("a certificate of an unknown authority is not believed", async (t) => {
  const attempt = await fetched(t, local);
  assert.equal(attempt.outcome, "unreachable");
  assert.match(attempt.detail ?? "", /self-signed certificate/);
});

test("a certificate for another name is not believed", async (t) => {
  assert.equal((await fetched(t, other, other.cert)).outcome, "unreachable");
});

test("no environment variable makes any certificate do", async (t) => {
  process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
  t.after(() => delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"]);
  assert.equal((await fetched(t, local)).outcome, "unreachable");
});
