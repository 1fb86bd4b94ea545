import {
  type BucketName,
  type FunctionName,
  QUEUES,
  type QueueName,
  type TableName,
  type TopicName,
} from "./names.ts";

/** A thing that a policy can name. A bucket's part is a prefix of its keys, or the bucket itself for listing. */
export type Thing =
  | `table/${TableName}`
  | `table/${TableName}/index/${string}`
  | `queue/${QueueName}`
  | `dead-letters/${QueueName}`
  | `topic/${TopicName}`
  | `topics-key`
  | "any-subscription"
  | `bucket/${BucketName}`
  | `bucket/${BucketName}/${string}*`
  | "ledger-stream"
  | "ledger-streams"
  | "copy-dead-letters"
  | `log-group/${FunctionName}`;

/** Some actions on some things, allowed to one function. */
export interface Access {
  readonly actions: readonly string[];
  readonly on: readonly Thing[];
  /** For `s3:ListBucket`: only prefixes of this pattern. */
  readonly prefix?: string;
  /** For `sns:Subscribe`: only endpoints of these kinds. */
  readonly protocols?: readonly string[];
}

const db = (...names: readonly string[]): string[] => names.map((name) => `dynamodb:${name}`);
const table = (name: TableName, ...names: readonly string[]): Access => ({
  actions: db(...names),
  on: [`table/${name}`],
});
const index = (name: TableName, ...indexes: readonly string[]): Access => ({
  actions: db("Query"),
  on: indexes.map((each) => `table/${name}/index/${each}` as const),
});
const sends = (...queues: readonly QueueName[]): Access => ({
  actions: ["sqs:SendMessage"],
  on: queues.map((name) => `queue/${name}` as const),
});
/** The event source calls with the function's role; the function itself hastens what failed. */
const consumes = (...queues: readonly QueueName[]): Access => ({
  actions: [
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ChangeMessageVisibility",
  ],
  on: queues.map((name) => `queue/${name}` as const),
});
const logs = (name: FunctionName): Access => ({
  actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
  on: [`log-group/${name}`],
});

/**
 * What each function may do, all of it: the policies are written from this table and from nothing else, and it is
 * compared with the calls that were really made, in both directions.
 */
export const ACCESS: Readonly<Record<FunctionName, readonly Access[]>> = {
  feed: [
    logs("feed"),
    table("Journal", "GetItem", "PutItem", "Query"),
    table("Watchers", "BatchGetItem", "Query"),
    sends("changes-now"),
  ],
  survey: [
    logs("survey"),
    consumes("changes-now", "changes-sweep"),
    table("Journal", "GetItem"),
    table("Watchers", "Query"),
    table("Ledger", "Query"),
    table("View", "Query"),
    table("Pages", "GetItem", "Query", "PutItem"),
    sends("changes-now", "changes-sweep", "artifacts-now", "artifacts-sweep", "facts"),
  ],
  fetch: [
    logs("fetch"),
    consumes("artifacts-now", "artifacts-sweep"),
    sends("artifacts-now", "artifacts-sweep", "facts"),
    { actions: ["s3:PutObject"], on: ["bucket/evidence/bytes/*", "bucket/evidence/items/*"] },
    { actions: ["s3:GetObject"], on: ["bucket/evidence/items/*"] },
    { actions: ["s3:ListBucket"], on: ["bucket/evidence"], prefix: "items/*" },
  ],
  compare: [
    logs("compare"),
    consumes("facts"),
    table("Ledger", "Query", "PutItem"),
    table("Watchers", "Query"),
    table("Records", "Query", "GetItem"),
    table("Journal", "GetItem", "Query"),
    table("View", "Query", "BatchGetItem", "PutItem", "UpdateItem", "ConditionCheckItem"),
    table("Schedule", "Query", "PutItem", "BatchWriteItem", "DeleteItem"),
    table("Pages", "GetItem", "Query"),
    sends("artifacts-sweep", "alerts"),
  ],
  alert: [
    logs("alert"),
    consumes("alerts"),
    table("Ledger", "Query", "PutItem"),
    table("Watchers", "Query"),
    table("View", "UpdateItem"),
    { actions: ["sns:Publish"], on: ["topic/findings", "topic/health"] },
    // SNS asks with the publisher's own rights.
    { actions: ["kms:GenerateDataKey", "kms:Decrypt"], on: ["topics-key"] },
  ],
  sweep: [
    logs("sweep"),
    table("Journal", "GetItem"),
    table("Schedule", "GetItem", "PutItem", "BatchWriteItem", "DeleteItem"),
    index("Schedule", "due"),
    index("View", "unpublished"),
    // To count what was hashed again in time.
    table("View", "Query"),
    table("Watchers", "Query"),
    table("Pages", "GetItem", "Query"),
    sends("changes-now", "changes-sweep", "alerts"),
  ],
  api: [
    logs("api"),
    table("Journal", "GetItem", "Query"),
    table("Watchers", "GetItem", "Query", "PutItem", "UpdateItem"),
    table("Records", "Query", "GetItem", "PutItem", "UpdateItem"),
    table("Ledger", "Query", "PutItem"),
    table("View", "Query", "BatchGetItem", "PutItem", "UpdateItem", "ConditionCheckItem"),
    table("Schedule", "GetItem", "PutItem", "BatchWriteItem", "DeleteItem"),
    table("Pages", "GetItem", "Query"),
    { actions: ["s3:GetObject"], on: ["bucket/evidence/bytes/*", "bucket/evidence/items/*"] },
    { actions: ["s3:ListBucket"], on: ["bucket/evidence"], prefix: "items/*" },
    sends("changes-now", "alerts"),
    { actions: ["sns:Subscribe"], on: ["topic/findings"], protocols: ["email", "https"] },
    { actions: ["sns:GetSubscriptionAttributes"], on: ["any-subscription"] },
    {
      actions: ["sqs:GetQueueAttributes"],
      on: QUEUES.flatMap((name) => [`queue/${name}`, `dead-letters/${name}`] as const),
    },
  ],
  copy: [
    logs("copy"),
    // The event source's calls, with the function's role.
    { actions: db("DescribeStream", "GetRecords", "GetShardIterator"), on: ["ledger-stream"] },
    { actions: db("ListStreams"), on: ["ledger-streams"] },
    { actions: ["sqs:SendMessage"], on: ["copy-dead-letters"] },
    { actions: ["s3:PutObject", "s3:GetObject"], on: ["bucket/ledger-copy/ledger/*"] },
  ],
};
