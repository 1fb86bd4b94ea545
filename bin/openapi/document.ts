import { toJSONSchema } from "zod";
import { refusalsOf } from "../../functions/api/implied.ts";
import { PROBLEMS, type ProblemCode } from "../../functions/api/problems.ts";
import type { Answer, Audience, Route } from "../../functions/api/route.ts";
import { ROUTES } from "../../functions/api/routes.ts";
import { MOST_SUBMISSION_BYTES } from "../../functions/records/formats.ts";

type Json = Readonly<Record<string, unknown>>;
type Schema = NonNullable<Answer["schema"]>;

const schemaOf = (schema: Schema, io: "input" | "output"): Json => {
  const { $schema: _, ...said } = toJSONSchema(schema, { target: "draft-2020-12", io }) as Json;
  return said;
};

/** Who may ask, in words and as a requirement: with `{}` among them a key is welcome and not needed. */
const SECURITY: Readonly<Record<Audience, { readonly words: string; readonly needed: boolean }>> = {
  anybody: { words: "Anybody; who sends a key may see more.", needed: false },
  operator: { words: "The operator.", needed: true },
  watcher: { words: "A maintainer key of this enrolment.", needed: true },
  "watcher or operator": { words: "A maintainer key of this enrolment, or the operator.", needed: true },
  member: {
    words:
      "A maintainer or CI key of an enrolment of this project, or a CI provider's token that it expects.",
    needed: true,
  },
  "whoever enrols": {
    words: "The operator, or an invitation; nobody's key is needed where registration is open.",
    needed: false,
  },
};

const PATH_PARAMETERS: Readonly<Record<string, string>> = {
  project: "The project's name on the index; normalised (PEP 503).",
  enrolment: "The id of one of the project's enrolments.",
  finding: "The finding's id.",
  digest: "`sha256:` and 64 hex digits.",
};

const parametersIn = (path: string): Json[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    ...(name in PATH_PARAMETERS && { description: PATH_PARAMETERS[name] }),
    schema: { type: "string" },
  }));

function queryParameters(query: Schema | undefined): Json[] {
  if (query === undefined) return [];
  const { properties = {} } = schemaOf(query, "input") as { properties?: Record<string, Json> };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    required: false,
    ...(description !== undefined && { description }),
    schema,
  }));
}

const SUBMISSION = {
  description: `What the digests are, in any of the formats of docs/api.md; told apart by what it says, at most ${MOST_SUBMISSION_BYTES} bytes. An armored SSH signature may follow the manifest.`,
  required: true,
  content: Object.fromEntries(
    ["text/plain", "application/octet-stream", "application/x-www-form-urlencoded", "application/json"].map(
      (type) => [type, {}],
    ),
  ),
};

function bodyOf({ body }: Route): Json {
  if (body === undefined) return {};
  if (body === "submission") return { requestBody: SUBMISSION };
  const content = { "application/json": { schema: schemaOf(body, "input") } };
  return { requestBody: { required: true, content } };
}

const answerOf = ({ what, schema, also = [] }: Answer): Json => ({
  description: what,
  headers: { "X-Request-Id": { $ref: "#/components/headers/RequestId" } },
  content: {
    ...(schema && { "application/json": { schema: schemaOf(schema, "output") } }),
    ...Object.fromEntries(also.map((type) => [type, { schema: { type: "string" } }])),
  },
});

/** The refusals of one status: one schema, with the codes that it can have. */
const refusalOf = (codes: readonly ProblemCode[]): Json => ({
  description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(" "),
  headers: { "X-Request-Id": { $ref: "#/components/headers/RequestId" } },
  content: {
    "application/problem+json": {
      schema: {
        allOf: [
          { $ref: "#/components/schemas/Problem" },
          { properties: { code: { enum: [...codes].sort() } } },
        ],
      },
    },
  },
});

/** The same refusals are named once: most routes have them in common. */
class Refusals {
  readonly all: Record<string, Json> = {};
  readonly #names = new Map<string, string>();

  refer(status: string, codes: readonly ProblemCode[]): Json {
    const key = [...codes].sort().join(" ");
    const name = this.#names.get(key) ?? `Refused${status}${this.#suffix(status)}`;
    this.#names.set(key, name);
    this.all[name] ??= refusalOf(codes);
    return { $ref: `#/components/responses/${name}` };
  }

  /** A letter for each after the first. */
  #suffix(status: string): string {
    const count = Object.keys(this.all).filter((name) => name.startsWith(`Refused${status}`)).length;
    return count === 0 ? "" : `-${count + 1}`;
  }
}

function responsesOf(route: Route, refused: Refusals): Json {
  const byStatus = Map.groupBy(refusalsOf(route), (code) => PROBLEMS[code].status);
  const answered = new Set(Object.keys(route.answers));
  const refusals = [...byStatus].map(([status, codes]) => {
    const said = String(status);
    return [said, answered.has(said) ? refusalOf(codes) : refused.refer(said, codes)] as const;
  });
  const answers = Object.entries(route.answers).map(
    ([status, answer]) => [status, answerOf(answer)] as const,
  );
  const both = new Map<string, Json>(refusals);
  for (const [status, answer] of answers) both.set(status, merged(answer, both.get(status)));
  return Object.fromEntries([...both].sort(([a], [b]) => Number(a) - Number(b)));
}

/** A status may be an answer and a refusal: health that is blind, and an API that is not there. */
function merged(answer: Json, refusal: Json | undefined): Json {
  if (refusal === undefined) return answer;
  const content = { ...(answer["content"] as Json), ...(refusal["content"] as Json) };
  return { ...answer, description: `${answer["description"]} ${refusal["description"]}`, content };
}

const BEARER = { key: [] };

function operationOf(route: Route, refused: Refusals): Json {
  const { words, needed } = SECURITY[route.who];
  const parameters = [...parametersIn(route.path), ...queryParameters(route.query)];
  return {
    operationId: route.id,
    summary: route.summary,
    description: words,
    security: needed ? [BEARER] : [{}, BEARER],
    ...(parameters.length > 0 && { parameters }),
    ...bodyOf(route),
    responses: responsesOf(route, refused),
  };
}

const PROBLEM = {
  type: "object",
  description: "RFC 9457. `code` is closed; `detail` says what happened and what to do.",
  required: ["type", "title", "status", "code", "detail"],
  properties: {
    type: { type: "string", format: "uri" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string" },
    detail: { type: "string" },
    line: { type: "integer", minimum: 1, description: "Line of the submission that is to blame." },
  },
};

const KEY = {
  type: "http",
  scheme: "bearer",
  description:
    "`cf_<kind>_<id>_<secret>`, or the OIDC token of a CI provider made for this monitor's address.",
};

/** The OpenAPI document of every route, made from what the routes say of themselves. Where it is served comes with the answer. */
export function openApiDocument(version: string): Json {
  const refused = new Refusals();
  const byPath = Map.groupBy(ROUTES, ({ path }) => path);
  const paths = [...byPath].map(([path, routes]) => [
    path,
    Object.fromEntries(routes.map((route) => [route.method.toLowerCase(), operationOf(route, refused)])),
  ]);
  return {
    openapi: "3.1.0",
    info: {
      title: "Counterfoil",
      version,
      summary: "Is PyPI currently publishing what the developer of this project released?",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    paths: Object.fromEntries(paths),
    components: {
      schemas: { Problem: PROBLEM },
      responses: refused.all,
      headers: {
        RequestId: { description: "Finds the request in the log.", schema: { type: "string" } },
      },
      securitySchemes: { key: KEY },
    },
  };
}
