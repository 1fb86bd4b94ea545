import assert from "node:assert/strict";
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListBucketsCommand, PutBucketTaggingCommand } from "@aws-sdk/client-s3";
import { ListTopicsCommand } from "@aws-sdk/client-sns";
import { ListQueuesCommand } from "@aws-sdk/client-sqs";
import { removeBatchGrants } from "./batch-grants.ts";
import { STACK } from "./cdk.ts";
import type { Claims } from "./claims.ts";
import type { Clients, Deployed } from "./deployed.ts";
import type { Setting } from "./setting.ts";

export const LEAVING: Claims<Setting> = {
  "cdk destroy removes the stack and leaves nothing of it": destroyed,
};

async function destroyed({ operator, context, clients, queue, deployed }: Setting): Promise<void> {
  await queue.stop();
  await removeBatchGrants(clients.cloudFormation);
  await tagBuckets(clients, deployed);
  await operator.destroy(context);
  const gone = clients.cloudFormation.send(new DescribeStacksCommand({ StackName: STACK }));
  await assert.rejects(gone, /does not exist/);
  const left = await everythingAt(clients);
  const ours = new Set([...deployed.resources.values()].map(({ id }) => id));
  assert.deepEqual(
    left.filter((id) => ours.has(id)),
    [],
  );
}

/** MiniStack leaves a template's tags off its buckets, and without this one CDK's function empties none of them. */
async function tagBuckets({ s3 }: Clients, { resources }: Deployed): Promise<void> {
  const TagSet = [{ Key: "aws-cdk:auto-delete-objects", Value: "true" }];
  const buckets = [...resources.values()].filter(({ type }) => type === "AWS::S3::Bucket");
  for (const { id: Bucket } of buckets)
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
}

/** Ids of what costs money or holds data. */
async function everythingAt({ dynamoDb, lambda, s3, sns, sqs }: Clients): Promise<readonly string[]> {
  const { TableNames = [] } = await dynamoDb.send(new ListTablesCommand({}));
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  const ids = [
    ...TableNames,
    ...Functions.map(({ FunctionName }) => FunctionName),
    ...Buckets.map(({ Name }) => Name),
    ...Topics.map(({ TopicArn }) => TopicArn),
    ...QueueUrls,
  ];
  return ids.map((id) => id ?? "");
}
