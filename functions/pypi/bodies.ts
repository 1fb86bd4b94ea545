import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { AttemptOutcome } from "../domain/changes.ts";
import type { Digest } from "../domain/digests.ts";
import type { Tap } from "../ports.ts";
import { TooSlow } from "./connection.ts";

/** What came of a body. */
export interface Body {
  readonly sizeBytes: number;
  /** Of the bytes that came, whether or not they are all. */
  readonly digest: Digest;
  /** How it ended before its end, if it did. */
  readonly broken: { readonly outcome: AttemptOutcome; readonly note: string } | null;
}

/**
 * Hashes a body as it comes, in constant memory. `data` events are the fastest way that Node has to read a socket.
 * Rejects only with what the tap throws.
 */
export function hashBody(answer: IncomingMessage, mostBytes: number, tap?: Tap): Promise<Body> {
  return new Promise((resolve, reject) => {
    const hash = createHash("sha256");
    let sizeBytes = 0;
    const done = (broken: Body["broken"]) =>
      resolve({ sizeBytes, digest: `sha256:${hash.digest("hex")}`, broken });
    const ended = once(done);
    answer.on("data", (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes > mostBytes) {
        ended({ outcome: "too-large", note: `over ${mostBytes} bytes` });
        answer.destroy();
        return;
      }
      hash.update(chunk);
      if (tap === undefined) return;
      try {
        tap(chunk);
      } catch (error) {
        reject(error);
        answer.destroy();
      }
    });
    answer.on("end", () =>
      ended(answer.complete ? null : { outcome: "cut", note: "the connection broke off" }),
    );
    answer.on("error", (error) => ended(breakage(error)));
    answer.on("close", () => ended({ outcome: "cut", note: "the connection broke off" }));
  });
}

const breakage = (error: Error): Body["broken"] =>
  error instanceof TooSlow
    ? { outcome: "too-slow", note: error.message }
    : { outcome: "cut", note: `the connection broke off: ${error.message.slice(0, 100)}` };

function once<A>(act: (argument: A) => void): (argument: A) => void {
  let acted = false;
  return (argument) => {
    if (!acted) act(argument);
    acted = true;
  };
}
