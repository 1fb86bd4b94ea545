import type * as z from "zod/mini";
import { ProblemAnswer } from "./answers.ts";
import { ApiRefused, ApiUnreachable } from "./errors.ts";

/** Where the API is, and who asks. */
export interface Connection {
  /** The monitor's origin, `http://127.0.0.1:8080` for one. */
  readonly url: string;
  /** `null` asks as anybody. */
  readonly key: string | null;
  readonly timeoutMs: number;
}

/** One question to the API. */
export interface Question {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string;
  /** A status beside 2xx whose body is an answer too. */
  readonly alsoAnswers?: number;
}

function headersFor({ key }: Connection, { body }: Question): Record<string, string> {
  return {
    Accept: "application/json",
    ...(body === undefined ? {} : { "Content-Type": "text/plain; charset=utf-8" }),
    ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
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

async function send(connection: Connection, question: Question): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(new URL(question.path, connection.url), {
      method: question.method,
      headers: headersFor(connection, question),
      signal: AbortSignal.timeout(connection.timeoutMs),
      redirect: "error",
      ...(question.body === undefined ? {} : { body: question.body }),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    throw new ApiUnreachable(`No monitor could be asked at ${connection.url}: ${reasonOf(error)}.`, error);
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A refusal as one sentence. Without a problem in it, it did not come from a monitor. */
function refusal(status: number, body: unknown): ApiRefused | ApiUnreachable {
  const said = ProblemAnswer.safeParse(body);
  if (!said.success)
    return new ApiUnreachable(
      `What answered is not a Counterfoil monitor, or not a whole one (HTTP ${status}).`,
    );
  const { title, detail, code, line } = said.data;
  const where = line === undefined ? "" : ` on line ${line}`;
  const sentence = `${title}${where}: ${detail} (${code})`;
  return status >= 500 ? new ApiUnreachable(sentence) : new ApiRefused(status, code, sentence);
}

/**
 * Asks once and reads the answer by its schema. A redirect is not followed: it would carry the key elsewhere. Throws
 * `ApiRefused` or `ApiUnreachable`, each with one sentence for people.
 */
export async function ask<S extends z.ZodMiniType>(
  connection: Connection,
  question: Question,
  schema: S,
): Promise<z.infer<S>> {
  const { status, text } = await send(connection, question);
  const body = parsedJson(text);
  if ((status < 200 || status > 299) && status !== question.alsoAnswers) throw refusal(status, body);
  const answer = schema.safeParse(body);
  if (!answer.success) throw refusal(status, body);
  return answer.data;
}
