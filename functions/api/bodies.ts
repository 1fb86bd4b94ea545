import { MOST_SUBMISSION_BYTES } from "../records/formats.ts";
import { Refused } from "./problems.ts";

const tooLarge = (): Refused =>
  new Refused("too-large", `A body has at most ${MOST_SUBMISSION_BYTES} bytes; this one has more.`);

/**
 * The body's bytes. Counted while they arrive, because a length may be missing or a lie: what is over 1 MiB is given up
 * at the first chunk beyond it. Throws `Refused` (`too-large`).
 */
export async function readBody(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length")) > MOST_SUBMISSION_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of request.body ?? []) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > MOST_SUBMISSION_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * The body as JSON, not yet of any form; `ifEmpty` where nothing was sent and nothing needs to be. Throws `Refused`
 * (`too-large`, `not-utf8`, `bad-json`).
 */
export async function readJson(request: Request, ifEmpty?: unknown): Promise<unknown> {
  const bytes = await readBody(request);
  if (bytes.byteLength === 0 && ifEmpty !== undefined) return ifEmpty;
  const text = decoded(bytes);
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused("bad-json", "The body is not JSON.");
  }
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Refused("not-utf8", "The body is not UTF-8.");
  }
}
