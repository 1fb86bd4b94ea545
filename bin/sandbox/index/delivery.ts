import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Answer } from "./answer.ts";
import type { Spoil } from "./spoils.ts";

type Slow = Extract<Spoil, { kind: "slow" }>;
type Cut = Extract<Spoil, { kind: "cut" }>;

/** Sends an answer, as slowly or as brokenly as the spoils say. Nothing but headers for HEAD. */
export async function deliver(
  response: ServerResponse,
  answer: Answer,
  spoils: readonly Spoil[],
): Promise<void> {
  const cut = spoils.find((spoil) => spoil.kind === "cut");
  const slow = spoils.find((spoil) => spoil.kind === "slow");
  if (response.req.method === "HEAD") return whole(response, answer, Buffer.alloc(0));
  if (cut !== undefined) return broken(response, answer, cut);
  if (slow !== undefined) return trickle(response, answer, slow);
  whole(response, answer, answer.body);
}

function whole(response: ServerResponse, answer: Answer, body: Uint8Array): void {
  head(response, answer, { "Content-Length": answer.body.length });
  response.end(body);
}

function head(
  response: ServerResponse,
  { status, reason, headers }: Answer,
  more: Record<string, number>,
): void {
  const all = status === 304 ? headers : { ...headers, ...more };
  if (reason === undefined) response.writeHead(status, all);
  else response.writeHead(status, reason, all);
}

async function trickle(response: ServerResponse, answer: Answer, slow: Slow): Promise<void> {
  head(response, answer, { "Content-Length": answer.body.length });
  for (let at = 0; at < answer.body.length && !response.destroyed; at += slow.chunkBytes) {
    response.write(answer.body.subarray(at, at + slow.chunkBytes));
    await pause(slow.pauseMs, undefined, { ref: false });
  }
  response.end();
}

function broken(response: ServerResponse, answer: Answer, cut: Cut): void {
  const part = answer.body.subarray(0, cut.afterBytes);
  if (cut.closeDelimited) {
    response.useChunkedEncodingByDefault = false;
    response.shouldKeepAlive = false;
    head(response, answer, {});
    response.end(part);
    return;
  }
  head(response, answer, { "Content-Length": answer.body.length });
  response.write(part, () => response.destroy());
}
