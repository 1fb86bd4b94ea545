import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const TIMEOUT_MS = 5_000;
/** GitHub's set has some 10 kB. */
export const MOST_KEYS_BYTES = 128 * 1024;

async function cappedBody(response: Response, url: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.byteLength;
    // Leaving the loop cancels the body.
    if (sizeBytes > MOST_KEYS_BYTES) throw new Error(`${url} answered over ${MOST_KEYS_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Reads an issuer's keys, once. A redirect is refused: it would let whoever can bring one about name the keys that are
 * believed. Throws whatever went wrong; who calls decides whether older keys may serve.
 */
export async function fetchKeys(keysUrl: string, fetch: Fetch): Promise<JWTVerifyGetKey> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const headers = { Accept: "application/json", "User-Agent": "counterfoil" };
  const response = await fetch(keysUrl, { signal, redirect: "error", headers });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`${keysUrl} answered ${response.status}`);
  }
  const text = new TextDecoder().decode(await cappedBody(response, keysUrl));
  // Anything but a set of keys is refused by jose, which checks each key again when it is used.
  return createLocalJWKSet(JSON.parse(text) as JSONWebKeySet);
}
