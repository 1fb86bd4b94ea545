import type { ProblemCode } from "./problems.ts";
import type { Audience, Route } from "./route.ts";

/** What any request can end in. */
const ALWAYS: readonly ProblemCode[] = ["throttled", "internal", "unavailable"];

/** What a key or token that was sent can end in, whether one is needed or not. */
const BEARER: readonly ProblemCode[] = [
  "unknown-key",
  "revoked-key",
  "expired-key",
  "pending-key",
  "bad-token",
  "unknown-issuer",
  "expired-token",
  "wrong-audience",
  "issuer-unreachable",
];

const DEMANDED: readonly ProblemCode[] = [
  "missing-key",
  "wrong-key-kind",
  "wrong-project-key",
  "enrolment-ended",
  "token-not-bound",
];

const BODY: readonly ProblemCode[] = ["too-large", "not-utf8", "bad-json"];
const JSON_BODY: readonly ProblemCode[] = ["bad-request", "unknown-field"];
const SUBMISSION: readonly ProblemCode[] = [
  "empty-submission",
  "too-many-files",
  "bad-entry",
  "unparsable-line",
  "bad-digest",
  "bad-file-name",
  "wrong-project",
  "two-digests",
];

const isDemanding = (who: Audience): boolean => who !== "anybody";

/** Every refusal of a route: its own, and those that follow from what it takes and whom it asks. */
export function refusalsOf({ path, who, query, body, refuses }: Route): readonly ProblemCode[] {
  return [
    ...new Set([
      ...refuses,
      ...(isDemanding(who) ? DEMANDED : []),
      ...BEARER,
      ...(path.includes("{project}") ? (["bad-project-name", "not-enrolled"] as const) : []),
      ...(path.includes("{enrolment}") ? (["no-such-enrolment"] as const) : []),
      ...(query === undefined ? [] : (["bad-query"] as const)),
      ...(body === undefined ? [] : BODY),
      ...(body === "submission" ? SUBMISSION : body === undefined ? [] : JSON_BODY),
      ...ALWAYS,
    ]),
  ];
}
