import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip, gunzipSync } from "node:zlib";
import { IndexUnavailable } from "../ports.ts";
import { encoding, garbled, pieces } from "./answers.ts";

/** At most this much is decoded in place: bounded to some 20 ms even for a body made to decode to 16 MB. */
const SMALL_PACKED_BYTES = 16_384;
const unpack = promisify(gunzip);

/** The decoded body. A few kilobytes of gzip can decode to gigabytes, so the cap holds on both sides. Throws `IndexUnavailable`. */
export async function decodedBody(answer: IncomingMessage, mostBytes: number): Promise<Uint8Array> {
  const encoded = encoding(answer);
  const got: Buffer[] = [];
  for await (const piece of pieces(answer, mostBytes)) got.push(piece);
  const body = Buffer.concat(got);
  if (encoded === "identity") return body;
  if (encoded !== "gzip") throw garbled(`the page is encoded as ${encoded.slice(0, 40)}`);
  try {
    return await decoded(body, mostBytes);
  } catch (error) {
    if (error instanceof RangeError)
      throw new IndexUnavailable("too-large", `the page is over ${mostBytes} bytes`);
    throw garbled("the page's gzip is broken", error);
  }
}

/** Handing a small page to another thread costs many times its decoding: measured, a tenth of the road's processor time. */
function decoded(body: Buffer, mostBytes: number): Buffer | Promise<Buffer> {
  const options = { maxOutputLength: mostBytes };
  return body.length <= SMALL_PACKED_BYTES ? gunzipSync(body, options) : unpack(body, options);
}
