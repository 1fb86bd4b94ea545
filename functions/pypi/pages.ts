import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip, gunzipSync } from "node:zlib";
import { isProjectName } from "../domain/names.ts";
import { type Clock, IndexUnavailable, type PageAnswer, type Pages } from "../ports.ts";
import { dismiss, encoding, garbled, mediaType, pieces, refusal, unavailable } from "./answers.ts";
import type { Connection } from "./connection.ts";
import type { Limits } from "./limits.ts";
import { pageOf } from "./simple.ts";

/** What reading pages needs; `index` ends in a slash. */
export interface PagesConfig {
  readonly index: URL;
  readonly connection: Connection;
  readonly limits: Limits;
  readonly clock: Clock;
}

type Ask = Parameters<Pages["read"]>[1];

const JSON_PAGE = "application/vnd.pypi.simple.v1+json";
const MOST_ETAG_CHARACTERS = 500;
/** At most this much is decoded in place: bounded to some 20 ms even for a body made to decode to 16 MB. */
const SMALL_PACKED_BYTES = 16_384;
const unpack = promisify(gunzip);

/** Project pages over the JSON Simple API (PEP 691). Only a 404 is `gone`: every other failure says nothing of the project. */
export function pages(config: PagesConfig): Pages {
  return {
    async read(project, ask) {
      if (!isProjectName(project)) throw new IndexUnavailable("refused", "this is no project's name");
      const url = new URL(`simple/${encodeURIComponent(project)}/`, config.index).href;
      try {
        const answer = await config.connection.ask({
          url,
          totalMs: config.limits.pageMs,
          headers: headers(ask),
        });
        return await read(answer, { config, project, url, ask });
      } catch (error) {
        throw unavailable(error);
      }
    },
  };
}

const headers = ({ etag, plain }: Ask) => ({
  Accept: JSON_PAGE,
  "Accept-Encoding": plain ? "identity" : "gzip",
  ...(etag === null ? {} : { "If-None-Match": etag }),
});

interface Reading {
  readonly config: PagesConfig;
  readonly project: string;
  readonly url: string;
  readonly ask: Ask;
}

async function read(answer: IncomingMessage, reading: Reading): Promise<PageAnswer> {
  const { config, project, url, ask } = reading;
  if (answer.statusCode === 304 && ask.etag !== null) return nothing(answer, "unchanged");
  if (answer.statusCode === 404) return nothing(answer, "gone");
  if (answer.statusCode !== 200) throw refusal(answer, config.clock.now());
  if (mediaType(answer) !== JSON_PAGE) {
    dismiss(answer);
    throw garbled(`the page of ${project} is ${mediaType(answer) || "untyped"}, not ${JSON_PAGE}`);
  }
  const body = await bodyOf(answer, config.limits.pageBytes);
  const source = { project, url, etag: etagOf(answer), serial: serialOf(answer) };
  return { kind: "page", page: pageOf(body, source), body };
}

function nothing<K extends "unchanged" | "gone">(answer: IncomingMessage, kind: K): { kind: K } {
  dismiss(answer);
  return { kind };
}

/** One too long to be worth keeping is none: then the page is simply read in full. */
function etagOf({ headers: { etag } }: IncomingMessage): string | null {
  return etag === undefined || etag.length > MOST_ETAG_CHARACTERS ? null : etag;
}

function serialOf(answer: IncomingMessage): number | null {
  const said = String(answer.headers["x-pypi-last-serial"] ?? "");
  return /^\d{1,15}$/.test(said) ? Number(said) : null;
}

/** The decoded body. A few kilobytes of gzip can decode to gigabytes, so the cap holds on both sides. */
async function bodyOf(answer: IncomingMessage, mostBytes: number): Promise<Uint8Array> {
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
