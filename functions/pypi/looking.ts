import type { IncomingMessage } from "node:http";
import type { Looked, Take } from "../ports.ts";
import { dismiss, garbled, mediaType, refusal, unavailable } from "./answers.ts";
import { etagOf, type PagesConfig } from "./pages.ts";

/** What is asked for at a source's address. */
export interface Wanted {
  readonly url: string;
  readonly totalMs: number;
  readonly etag: string | null;
  /** What a source's answer may be typed as; the first is asked for. */
  readonly types: readonly [string, ...string[]];
}

/**
 * One look at a source, read by `read`, which answers how far it reaches. Throws `IndexUnavailable`, or what `take` throws: a
 * table that is throttled is no fault of the index's.
 */
export async function lookAt(
  config: PagesConfig,
  wanted: Wanted,
  take: Take,
  read: (answer: IncomingMessage, take: Take) => Promise<number | null>,
): Promise<Looked> {
  const faults: unknown[] = [];
  let answer: IncomingMessage | null = null;
  const taking: Take = (batch) =>
    take(batch).catch((fault: unknown) => {
      faults.push(fault);
      throw fault;
    });
  try {
    answer = await ask(config, wanted);
    if (answer === null) return { kind: "unchanged" };
    return { kind: "whole", etag: etagOf(answer), serial: await read(answer, taking) };
  } catch (error) {
    answer?.destroy();
    throw faults.length > 0 ? faults[0] : unavailable(error);
  }
}

/** `null` when the source is as it was. */
async function ask(config: PagesConfig, wanted: Wanted): Promise<IncomingMessage | null> {
  const { url, totalMs, etag, types } = wanted;
  const conditional = etag === null ? {} : { "If-None-Match": etag };
  const headers = { Accept: types[0], "Accept-Encoding": "gzip", ...conditional };
  const answer = await config.connection.ask({ url, totalMs, headers });
  if (answer.statusCode === 304 && etag !== null) {
    dismiss(answer);
    return null;
  }
  if (answer.statusCode !== 200) throw refusal(answer, config.clock.now());
  if (types.includes(mediaType(answer))) return answer;
  dismiss(answer);
  throw garbled(`the answer is ${mediaType(answer) || "untyped"}, not ${types[0]}`);
}
