import { gzipSync } from "node:zlib";
import { type Answer, type Ask, etagOf } from "./answer.ts";

/** A rendered page, kept until what it shows changes. The packed copy is made when first asked for. */
export class Page {
  readonly type: string;
  readonly body: Buffer;
  readonly etag: string;
  readonly serial: number;
  #packed: Buffer | undefined;

  constructor(type: string, text: string, serial: number) {
    this.type = type;
    this.body = Buffer.from(text);
    this.etag = etagOf(this.body);
    this.serial = serial;
  }

  get packed(): Buffer {
    this.#packed ??= gzipSync(this.body);
    return this.#packed;
  }
}

export type Encoding = "gzip" | "identity";

/** The index packs for whoever allows it. Packed and plain copies are separate objects at PyPI's edge. */
export function encodingFor(ask: Ask): Encoding {
  return /\bgzip\b/.test(ask.headers["accept-encoding"] ?? "") ? "gzip" : "identity";
}

/** A page as the edge sends it: 304 for the known tag (without the serial header), else the copy in its encoding. */
export function answerPage(ask: Ask, page: Page, maxAgeSeconds: number): Answer {
  const shared = {
    ETag: page.etag,
    "Cache-Control": `public, max-age=${maxAgeSeconds}`,
    Vary: "Accept, Accept-Encoding",
    "Access-Control-Allow-Origin": "*",
  };
  if (knows(ask, page.etag)) return { status: 304, headers: shared, body: Buffer.alloc(0) };
  const headers = { "Content-Type": page.type, "X-PyPI-Last-Serial": String(page.serial), ...shared };
  if (encodingFor(ask) === "identity") return { status: 200, headers, body: page.body };
  return { status: 200, headers: { ...headers, "Content-Encoding": "gzip" }, body: page.packed };
}

/** Whether the asker already holds this copy. */
export function knows(ask: Ask, etag: string): boolean {
  const tags = (ask.headers["if-none-match"] ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}

/** Keeps rendered pages beside the object they show; a changed project is a new object. */
export class PageShelf<Shown extends object> {
  readonly #pages = new WeakMap<Shown, Map<string, Page>>();

  page(shown: Shown, copy: string, render: () => Page): Page {
    const copies = this.#pages.get(shown) ?? new Map<string, Page>();
    this.#pages.set(shown, copies);
    const page = copies.get(copy) ?? render();
    copies.set(copy, page);
    return page;
  }
}
