import { type Answer, type Ask, answer, decoded } from "./answer.ts";
import { kindOf } from "./names.ts";
import type { FileStore, Stored } from "./store.ts";

/** A file of the files origin: no conditional answers, ever; one byte range at most. Never packed. */
export function answerFile(ask: Ask, store: FileStore): Answer {
  const stored = store.find(decoded(ask.path));
  if (stored === undefined) return answer(404, "text/plain; charset=UTF-8", "404 Not Found");
  const headers = { ...aboutHeaders(stored, ask.path), "Content-Type": "application/octet-stream" };
  return ranged(ask.headers.range, stored.served, headers);
}

/** A wheel's METADATA beside the wheel (PEP 658). */
export function answerMetadata(ask: Ask, store: FileStore): Answer {
  const stored = store.find(decoded(ask.path).replace(/\.metadata$/, ""));
  const metadata = stored?.content.metadata;
  if (stored === undefined || metadata == null)
    return answer(404, "text/plain; charset=UTF-8", "404 Not Found");
  const headers = { ...aboutHeaders(stored, ask.path), "Content-Type": "text/plain; charset=UTF-8" };
  return { status: 200, headers, body: metadata };
}

function aboutHeaders({ about, content }: Stored, path: string): Record<string, string> {
  return {
    "Cache-Control": "max-age=365000000, immutable, public",
    "Access-Control-Allow-Origin": "*",
    "Accept-Ranges": "bytes",
    ETag: `"${content.sha256.slice(0, 32)}"`,
    "x-pypi-file-project": about.project,
    "x-pypi-file-version": about.version,
    "x-pypi-file-package-type": kindOf(path),
    "x-pypi-file-python-version": about.pyversion,
  };
}

function ranged(range: string | undefined, bytes: Uint8Array, headers: Record<string, string>): Answer {
  const asked = range === undefined ? null : /^bytes=(\d*)-(\d*)$/.exec(range);
  if (asked === null || asked[0] === "bytes=-") return { status: 200, headers, body: bytes };
  const [first, last] = bounds(asked[1] ?? "", asked[2] ?? "", bytes.length);
  if (first >= bytes.length || first > last) {
    return {
      status: 416,
      headers: { ...headers, "Content-Range": `bytes */${bytes.length}` },
      body: Buffer.alloc(0),
    };
  }
  const part = { ...headers, "Content-Range": `bytes ${first}-${last}/${bytes.length}` };
  return { status: 206, headers: part, body: bytes.subarray(first, last + 1) };
}

/** First and last byte asked for; without a first one, the last so many. */
function bounds(first: string, last: string, size: number): readonly [number, number] {
  if (first === "") return [Math.max(0, size - Number(last)), size - 1];
  return [Number(first), last === "" ? size - 1 : Math.min(Number(last), size - 1)];
}
