import { ResponseType, type RestApi } from "aws-cdk-lib/aws-apigateway";

/** One answer that API Gateway gives without asking the function. */
export interface GatewayAnswer {
  readonly type: ResponseType;
  /** One of the API's codes: clients may switch over it without knowing who answered. */
  readonly code: "too-large" | "throttled" | "unavailable" | "no-such-route" | "bad-request";
  readonly status: number;
  readonly title: string;
  readonly detail: string;
}

const UNAVAILABLE = {
  code: "unavailable",
  status: 503,
  title: "Not at this moment",
  detail:
    "The monitor's API could not answer. Try again in a minute; what was submitted may or may not be stored, and submitting it again is harmless.",
} as const;

/**
 * By kind of answer; what is not here falls to the two defaults.
 * Source: API Gateway developer guide, "Gateway response types".
 */
export const GATEWAY_ANSWERS: readonly GatewayAnswer[] = [
  {
    type: ResponseType.REQUEST_TOO_LARGE,
    code: "too-large",
    status: 413,
    title: "The body is too large",
    detail: "The body is larger than the API takes. Nothing was stored; submit it in parts.",
  },
  {
    type: ResponseType.THROTTLED,
    code: "throttled",
    status: 429,
    title: "Too many requests",
    detail: "The API was asked too often. Nothing was stored; try again in a few seconds.",
  },
  {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    code: "no-such-route",
    status: 404,
    title: "There is nothing here",
    detail: "No route has this path.",
  },
  { type: ResponseType.INTEGRATION_TIMEOUT, ...UNAVAILABLE },
  { type: ResponseType.INTEGRATION_FAILURE, ...UNAVAILABLE },
  {
    type: ResponseType.DEFAULT_4XX,
    code: "bad-request",
    status: 422,
    title: "The request does not have the form expected",
    detail: "API Gateway refused the request before it reached the monitor. Nothing was stored.",
  },
  { type: ResponseType.DEFAULT_5XX, ...UNAVAILABLE },
];

/** Constant: nothing of the request comes back in it. */
const bodyOf = (url: string, { code, status, title, detail }: GatewayAnswer): string =>
  JSON.stringify({ type: `${url}/v1/problems/${code}`, status, title, code, detail });

/** Has API Gateway refuse as the API at `url` itself does: `application/problem+json` with a code. */
export function answerAsProblems(rest: RestApi, url: string): void {
  for (const answer of GATEWAY_ANSWERS)
    rest.addGatewayResponse(`Answer${answer.type.responseType}`, {
      type: answer.type,
      statusCode: String(answer.status),
      responseHeaders: { "Content-Type": "'application/problem+json'", "Cache-Control": "'no-store'" },
      // Templates are looked up as JSON whatever was asked for; the header says what it is.
      templates: { "application/json": bodyOf(url, answer) },
    });
}
