import type * as z from "zod/mini";
import { ProblemAnswer } from "../records/answers/problems.ts";
import { ApiRefused, ApiUnreachable } from "./errors.ts";

/** Where the API is, and who asks. */
export interface Connection {
  /** The monitor's address, `http://127.0.0.1:8080` for one; a path in front of the API's is kept. */
  readonly url: string;
  /** `null` asks as anybody. */
  readonly key: string | null;
  readonly timeoutMs: number;
}

/** What is sent along. */
export type Body = string | Uint8Array<ArrayBuffer> | object;

/** One question to the API. */
export interface Question {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** From `/v1` on. */
  readonly path: string;
  /** Text and bytes go as they are, anything else as JSON. */
  readonly body?: Body;
  /** A status beside 2xx whose body is an answer too. */
  readonly alsoAnswers?: number;
  /** For a part of something large. */
  readonly range?: string;
}

/** An answer before anybody read it. */
interface Said {
  readonly status: number;
  readonly type: string;
  /** Which part of the whole it is; empty for the whole. */
  readonly range: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

function encoded({ body }: Question): { type: string; content: string | Uint8Array<ArrayBuffer> } | null {
  if (body === undefined) return null;
  if (typeof body === "string" || body instanceof Uint8Array)
    return { type: "text/plain; charset=utf-8", content: body };
  return { type: "application/json", content: JSON.stringify(body) };
}

function requestFor({ key, timeoutMs }: Connection, question: Question, accept: string): RequestInit {
  const body = encoded(question);
  return {
    method: question.method,
    headers: {
      Accept: accept,
      ...(question.range && { Range: question.range }),
      ...(body && { "Content-Type": body.type }),
      ...(key !== null && { Authorization: `Bearer ${key}` }),
    },
    signal: AbortSignal.timeout(timeoutMs),
    // A redirect would carry the key elsewhere.
    redirect: "error",
    ...(body && { body: body.content }),
  };
}

/** Why a request came to nothing, from the depths where fetch hides it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "no answer";
  if (error.name === "TimeoutError") return "it did not answer in time";
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error ? cause.message : error.message;
}

/** The API's address below the monitor's, whether that ends in a slash or not. */
const addressOf = (url: string, path: string): URL => new URL(`${url.replace(/\/+$/, "")}${path}`);

async function send(connection: Connection, question: Question, accept: string): Promise<Said> {
  try {
    const response = await fetch(
      addressOf(connection.url, question.path),
      requestFor(connection, question, accept),
    );
    const type = response.headers.get("content-type") ?? "";
    const range = response.headers.get("content-range") ?? "";
    return { status: response.status, type, range, bytes: new Uint8Array(await response.arrayBuffer()) };
  } catch (error) {
    throw new ApiUnreachable(
      `No monitor could be asked at ${connection.url}: ${reasonOf(error).replace(/\s+/g, " ").trim()}. Say where yours is with --url or COUNTERFOIL_URL, or start one here: counterfoil serve.`,
      error,
    );
  }
}

const textOf = ({ bytes }: Said): string => new TextDecoder().decode(bytes);

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A refusal as one sentence. Without a problem in it, it did not come from a monitor. */
function refusal(connection: Connection, said: Said): ApiRefused | ApiUnreachable {
  const problem = ProblemAnswer.safeParse(parsedJson(textOf(said)));
  if (!problem.success)
    return new ApiUnreachable(
      `What answered at ${connection.url} is not a Counterfoil monitor, or not one of this version (HTTP ${said.status}).`,
    );
  const { title, detail, code, line } = problem.data;
  const where = line === undefined ? "" : ` on line ${line}`;
  const what = where === "" && detail.startsWith(title) ? detail : `${title}${where}: ${detail}`;
  const sentence = `${what} (${code})`;
  return said.status >= 500 ? new ApiUnreachable(sentence) : new ApiRefused(said.status, code, sentence);
}

const answers = ({ status }: Said, { alsoAnswers }: Question): boolean =>
  (status >= 200 && status <= 299) || status === alsoAnswers;

/**
 * Asks once and reads the answer by its schema. Throws `ApiRefused` or `ApiUnreachable`, each with one sentence for people.
 */
export async function ask<S extends z.ZodMiniType>(
  connection: Connection,
  question: Question,
  schema: S,
): Promise<z.infer<S>> {
  const said = await send(connection, question, "application/json");
  if (!answers(said, question)) throw refusal(connection, said);
  const answer = schema.safeParse(parsedJson(textOf(said)));
  if (!answer.success) throw refusal(connection, said);
  return answer.data;
}

const isBytes = ({ type }: Said): boolean => /^(text\/plain|application\/octet-stream)\b/.test(type);

/** Asks once for something that is no JSON, and hands over its bytes as they came. Throws as `ask` does. */
export async function askBytes(connection: Connection, path: string): Promise<Uint8Array> {
  const question = { method: "GET", path } as const;
  const said = await send(connection, question, "text/plain, application/octet-stream");
  if (!answers(said, question) || !isBytes(said)) throw refusal(connection, said);
  return said.bytes;
}

/** A part of something large, and how large that is. */
export interface Part {
  readonly bytes: Uint8Array;
  readonly wholeBytes: number;
}

/** As much as any monitor answers at once. */
const PART_BYTES = 4 * 1024 * 1024;
const CONTENT_RANGE = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/;

/** Asks once for the part that begins at `from`; as long as the monitor makes it. Throws as `ask` does. */
export async function askPart(connection: Connection, path: string, from: number): Promise<Part> {
  const question = { method: "GET", path, range: `bytes=${from}-${from + PART_BYTES - 1}` } as const;
  const said = await send(connection, question, "application/octet-stream");
  if (!answers(said, question) || !isBytes(said)) throw refusal(connection, said);
  const [, first, last, whole] = (CONTENT_RANGE.exec(said.range) ?? []).map(Number);
  const { length } = said.bytes;
  if (said.status === 200 && from === 0) return { bytes: said.bytes, wholeBytes: length };
  if (first !== from || last !== from + length - 1 || length === 0 || whole === undefined || last >= whole)
    throw new ApiUnreachable("The monitor answered with another part than it was asked for.");
  return { bytes: said.bytes, wholeBytes: whole };
}
