import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { IndexUnavailable, type Source, type Take } from "../ports.ts";
import { encoding, garbled, pieces } from "./answers.ts";
import { listReader } from "./list-items.ts";
import { lookAt } from "./looking.ts";
import type { PagesConfig } from "./pages.ts";

const JSON_LIST = ["application/vnd.pypi.simple.v1+json"] as const;
const BATCH = 1_000;

/**
 * The list of all projects, `/simple/` as JSON (PEP 691, PEP 700): each with its last serial. Some 50 MB, read in constant memory.
 * PyPI's edge keeps a copy for half an hour, nothing can hasten it, and quarantined projects are left out. What one item
 * says oddly hides no other; a list that breaks off is no list, however much of it came.
 */
export function serialList(config: PagesConfig): Source {
  const url = new URL("simple/", config.index).href;
  const { listMs: totalMs, listBytes } = config.limits;
  return {
    look: (etag, take) =>
      lookAt(config, { url, totalMs, etag, types: JSON_LIST }, take, (answer, taking) =>
        read(answer, listBytes, taking),
      ),
  };
}

/** Answers the list's own serial, which is known only once all of it was read. */
async function read(answer: IncomingMessage, mostBytes: number, take: Take): Promise<number> {
  const reader = listReader();
  for await (const piece of unpacked(answer, mostBytes)) {
    reader.write(piece);
    if (reader.waiting() >= BATCH) await take(reader.taken());
  }
  const serial = reader.end();
  if (reader.waiting() > 0) await take(reader.taken());
  return serial;
}

/** The cap holds for what comes and for what it decodes to. */
async function* unpacked(answer: IncomingMessage, mostBytes: number): AsyncGenerator<Uint8Array> {
  const encoded = encoding(answer);
  if (encoded === "identity") return yield* pieces(answer, mostBytes);
  if (encoded !== "gzip") throw garbled(`the list of projects is encoded as ${encoded.slice(0, 40)}`);
  let got = 0;
  for await (const piece of gunzipped(answer)) {
    got += piece.length;
    if (got > mostBytes)
      throw new IndexUnavailable("too-large", `the list of projects is over ${mostBytes} bytes`);
    yield piece;
  }
}

async function* gunzipped(answer: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    // An error on either side ends both, and is thrown to whoever reads.
    yield* pipeline(answer, createGunzip(), () => {}) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw isOfGzip(error) ? garbled("the gzip of the list of projects is broken", error) : error;
  }
}

/** https://nodejs.org/api/errors.html: zlib's errors carry its codes. */
const isOfGzip = (error: unknown): boolean =>
  error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
