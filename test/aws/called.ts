import type { IncomingHttpHeaders } from "node:http";
import * as z from "zod";

/** One thing that a call needs a grant for: an action in IAM's words, on a resource by its name. */
export interface Called {
  /** Which function called, by the application id in its user agent; `null` for everybody else. */
  readonly stage: string | null;
  /** `dynamodb:PutItem` */
  readonly action: string;
  /** `table`, `table/index/name`, a queue, a topic, a bucket, or `bucket/folder/*` for the objects of a folder. */
  readonly resource: string;
}

/** A call as it came over the wire. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a call asks for; nothing for a call of a kind that no stage makes. */
export function calledBy(request: Request): readonly Called[] {
  const stage = /\bapp\/([\w-]+)/.exec(String(request.headers["user-agent"]))?.[1] ?? null;
  const target = String(request.headers["x-amz-target"] ?? "");
  const asked = target.startsWith("DynamoDB_")
    ? onTables(operationOf(target), jsonOf(request.body))
    : target.startsWith("AmazonSQS.")
      ? onQueue(operationOf(target), jsonOf(request.body))
      : elsewhere(request);
  return asked.map((each) => ({ stage, ...each }));
}

type Asked = Omit<Called, "stage">;

const operationOf = (target: string): string => target.slice(target.indexOf(".") + 1);
const jsonOf = (body: Buffer): unknown => JSON.parse(body.toString("utf8"));
const lastOf = (name: string, by: string): string => name.split(by).at(-1) ?? name;

const ON_TABLE = z.object({ TableName: z.string() });
const DYNAMODB = z.looseObject({
  TableName: z.optional(z.string()),
  IndexName: z.optional(z.string()),
  RequestItems: z.optional(z.record(z.string(), z.unknown())),
  TransactItems: z.optional(z.array(z.record(z.string(), ON_TABLE))),
});

/** A transaction needs the grants of what it does; a batch has actions of its own. */
function onTables(operation: string, body: unknown): readonly Asked[] {
  const { TableName, IndexName, RequestItems, TransactItems } = DYNAMODB.parse(body);
  if (TransactItems !== undefined)
    return TransactItems.flatMap((item) =>
      Object.entries(item).map(([kind, { TableName: table }]) => ({
        action: `dynamodb:${ITEM_ACTIONS[kind] ?? kind}`,
        resource: lastOf(table, "/"),
      })),
    );
  const tables = RequestItems === undefined ? [TableName ?? ""] : Object.keys(RequestItems);
  const index = IndexName === undefined ? "" : `/index/${IndexName}`;
  return tables.map((table) => ({
    action: `dynamodb:${operation}`,
    resource: `${lastOf(table, "/")}${index}`,
  }));
}

/** Source: the DynamoDB developer guide, "Using IAM with DynamoDB transactions". */
const ITEM_ACTIONS: Readonly<Record<string, string>> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  Get: "GetItem",
  ConditionCheck: "ConditionCheckItem",
};

const SQS = z.looseObject({ QueueUrl: z.optional(z.string()) });

function onQueue(operation: string, body: unknown): readonly Asked[] {
  const { QueueUrl = "" } = SQS.parse(body);
  return [{ action: `sqs:${operation.replace(/Batch$/, "")}`, resource: lastOf(QueueUrl, "/") }];
}

/** SNS speaks forms, S3 speaks HTTP. */
function elsewhere({ method, path, headers, body }: Request): readonly Asked[] {
  const signed = /Credential=[^/]+\/\d+\/[\w-]+\/(\w+)\//.exec(String(headers.authorization))?.[1];
  if (signed === "sns") {
    const form = new URLSearchParams(body.toString("utf8"));
    // What is done to a subscription is asked of all: there is no resource that is one.
    return [{ action: `sns:${form.get("Action")}`, resource: lastOf(form.get("TopicArn") ?? "*", ":") }];
  }
  return signed === "s3" ? onBucket(method, new URL(path, "http://s3"), headers) : [];
}

function onBucket(method: string, url: URL, headers: IncomingHttpHeaders): readonly Asked[] {
  const [, bucket = "", ...key] = decodeURIComponent(url.pathname).split("/");
  const resource = key[0] ? `${bucket}/${key[0]}/*` : bucket;
  if (!key[0])
    return [
      { action: url.searchParams.has("versions") ? "s3:ListBucketVersions" : "s3:ListBucket", resource },
    ];
  const actions = [`s3:${OBJECT_ACTIONS[method] ?? method}`];
  if (method === "PUT" && headers["x-amz-object-lock-mode"]) actions.push("s3:PutObjectRetention");
  if (url.searchParams.has("uploadId") && method === "DELETE") actions[0] = "s3:AbortMultipartUpload";
  return actions.map((action) => ({ action, resource }));
}

/** Parts of a large upload need what the whole needs. Source: the S3 user guide, "Multipart upload and permissions". */
const OBJECT_ACTIONS: Readonly<Record<string, string>> = {
  GET: "GetObject",
  HEAD: "GetObject",
  PUT: "PutObject",
  POST: "PutObject",
  DELETE: "DeleteObject",
};
