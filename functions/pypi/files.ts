import type { IncomingMessage } from "node:http";
import { plainAddress } from "../domain/addresses.ts";
import type { Attempt, AttemptOutcome } from "../domain/changes.ts";
import type { Clock, FetchAsked, Files } from "../ports.ts";
import { described, dismiss, encoding, printable } from "./answers.ts";
import { type Body, hashBody } from "./bodies.ts";
import { type Connection, TooSlow } from "./connection.ts";
import type { Limits } from "./limits.ts";
import { OriginRefused } from "./origins.ts";

/** What fetching artifacts needs. */
export interface FilesConfig {
  readonly connection: Connection;
  readonly limits: Limits;
  readonly clock: Clock;
}

type Ending = Omit<Attempt, "at">;

/**
 * Fetches artifacts and hashes them on the way. An attempt's `at` is when it began. 404 and 410 are `gone`; 403 is
 * `unreachable`, because it is what an edge says to a blocked client, not of an artifact.
 */
export function files(config: FilesConfig): Files {
  return {
    async fetch(ask) {
      const at = config.clock.now();
      const answer = await begin(config, ask);
      return { at, ...("outcome" in answer ? answer : await end(config, ask, answer.head)) };
    },
  };
}

async function begin(config: FilesConfig, ask: FetchAsked): Promise<Ending | { head: IncomingMessage }> {
  const fresh = ask.fresh ? { fresh: { avoid: ask.avoid } } : {};
  try {
    return { head: await config.connection.ask({ url: ask.url, totalMs: config.limits.fileMs, ...fresh }) };
  } catch (error) {
    return { outcome: failure(error), digest: null, sizeBytes: null, address: null, detail: reason(error) };
  }
}

async function end(config: FilesConfig, ask: FetchAsked, answer: IncomingMessage): Promise<Ending> {
  const address = plainAddress(answer.socket.remoteAddress ?? "") || null;
  const about = described(answer);
  const refused = refusedBefore(answer, config.limits.fileBytes);
  if (refused !== null) {
    dismiss(answer);
    return { outcome: refused, digest: null, sizeBytes: null, address, detail: about };
  }
  const body = await hashBody(answer, config.limits.fileBytes, ask.tap);
  const { outcome, note } = judged(answer, body, ask.sizeBytes);
  const detail = note === null ? about : `${about}; ${note}`;
  return {
    outcome,
    digest: outcome === "hashed" ? body.digest : null,
    sizeBytes: body.sizeBytes,
    address,
    detail,
  };
}

/** What the answer's head alone decides, before a byte of its body is read. */
function refusedBefore(answer: IncomingMessage, mostBytes: number): AttemptOutcome | null {
  const status = answer.statusCode ?? 0;
  if (status === 404 || status === 410) return "gone";
  if (status >= 300 && status < 400 && status !== 304) return "refused";
  if (status !== 200) return "unreachable";
  if (encoding(answer) !== "identity" || framing(answer) !== "chunked") return "encoded";
  return Number(answer.headers["content-length"] ?? 0) > mostBytes ? "too-large" : null;
}

/** Bytes under any encoding, of the content or of the transfer, are not the artifact's. */
const framing = ({ headers }: IncomingMessage): string =>
  (headers["transfer-encoding"] ?? "chunked").toLowerCase();

/**
 * A body that came to the end it announced itself is whole, and where it has another length than the index says, that
 * is evidence. One that merely stopped when the connection closed was cut, unless it has at least the index's length.
 */
function judged(
  answer: IncomingMessage,
  body: Body,
  sizeBytes: number | null,
): { outcome: AttemptOutcome; note: string | null } {
  if (body.broken !== null) return { outcome: body.broken.outcome, note: body.broken.note };
  if (body.sizeBytes === 0 && sizeBytes !== 0) return { outcome: "empty", note: null };
  const framed = "content-length" in answer.headers || "transfer-encoding" in answer.headers;
  const note = `${body.sizeBytes} bytes where the index says ${sizeBytes}`;
  if (sizeBytes === null)
    return { outcome: "hashed", note: framed ? null : "it might have gone on: no length was given" };
  if (!framed && body.sizeBytes < sizeBytes) return { outcome: "cut", note };
  return { outcome: "hashed", note: body.sizeBytes === sizeBytes ? null : note };
}

function failure(error: unknown): AttemptOutcome {
  if (error instanceof OriginRefused) return "refused";
  return error instanceof TooSlow ? "too-slow" : "unreachable";
}

const reason = (error: unknown): string => printable(error instanceof Error ? error.message : String(error));
