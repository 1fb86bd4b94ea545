import type { IncomingMessage } from "node:http";
import XMLBuilder from "fast-xml-builder";
import { type Clock, IndexUnavailable } from "../ports.ts";
import { dismiss, encoding, garbled, mediaType, pieces, refusal } from "./answers.ts";
import type { Connection } from "./connection.ts";
import type { Limits } from "./limits.ts";
import { exhaustedMs, type Throttle } from "./throttle.ts";
import type { Value } from "./values.ts";
import { answerReader } from "./xmlrpc.ts";

/** What calling the index's XML-RPC needs. */
export interface Calls {
  readonly url: string;
  readonly connection: Connection;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly throttle: Throttle;
}

const RESET = /Limit may reset in (\d+) seconds/;
const XML = new Set(["text/xml", "application/xml"]);
const XML_TEXT = new XMLBuilder();

/**
 * Calls one method and yields what its answer holds, as it comes: the items of an outermost array in lots, at last the
 * answer itself (`whole`). Made only when the index does not bid us wait. Throws `IndexUnavailable`, and whatever the
 * socket throws.
 */
export async function* call(
  calls: Calls,
  method: string,
  parameters: readonly number[],
): AsyncGenerator<{ items: Value[]; whole: Value | null }> {
  const answer = await post(calls, callText(method, parameters));
  const text = new TextDecoder("utf-8");
  let items: Value[] = [];
  let whole: Value | null = null;
  const reader = answerReader({
    item: (value) => void items.push(value),
    result: (value) => {
      whole = value;
    },
    fault: (code, message) => {
      throw faulted(calls, code, message);
    },
  });
  for await (const piece of pieces(answer, calls.limits.journalBytes)) {
    reader.write(text.decode(piece, { stream: true }));
    if (items.length > 0) yield { items, whole: null };
    items = [];
  }
  reader.write(text.decode());
  reader.end();
  yield { items, whole };
}

/** https://xmlrpc.com/spec.md: every parameter we ever send is a number. */
function callText(methodName: string, parameters: readonly number[]): string {
  const param = parameters.map((int) => ({ value: { int } }));
  return XML_TEXT.build({ methodCall: { methodName, params: { param } } });
}

async function post(calls: Calls, body: string): Promise<IncomingMessage> {
  const { url, clock, limits } = calls;
  const waitMs = calls.throttle.waitMs(clock.now());
  if (waitMs > 0) throw new IndexUnavailable("throttled", "the index bade us wait", waitMs);
  const headers = { "Content-Type": "text/xml", "Content-Length": Buffer.byteLength(body) };
  const answer = await calls.connection.ask({ url, body, headers, totalMs: limits.journalMs });
  calls.throttle.hold(clock.now(), exhaustedMs(answer.headers));
  if (answer.statusCode !== 200) throw held(calls, refusal(answer, clock.now()));
  if (XML.has(mediaType(answer)) && encoding(answer) === "identity") return answer;
  dismiss(answer);
  throw garbled(`the answer is ${mediaType(answer) || "untyped"}, not plain XML`);
}

function faulted(calls: Calls, code: string, message: string): IndexUnavailable {
  const said = `fault ${code.slice(0, 20)}: ${message.slice(0, 300)}`;
  if (!message.startsWith("HTTPTooManyRequests")) return new IndexUnavailable("fault", said);
  const seconds = RESET.exec(message)?.[1];
  const waitMs = Math.max(seconds === undefined ? 1000 : Number(seconds) * 1000, waiting(calls));
  return held(calls, new IndexUnavailable("throttled", said, waitMs));
}

const waiting = ({ throttle, clock }: Calls): number => throttle.waitMs(clock.now());

function held(calls: Calls, refused: IndexUnavailable): IndexUnavailable {
  calls.throttle.hold(calls.clock.now(), refused.retryAfterMs ?? 0);
  return refused;
}
