import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStackResourcesCommand,
} from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type FunctionConfiguration, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { ENVIRONMENT } from "../../functions/aws/environment.ts";
import { STACK } from "./cdk.ts";
import { CREDENTIALS, REGION } from "./ministack.ts";

/** Clients of somebody with every right, for what an operator, an attacker or a broken machine would do. */
export interface Clients {
  readonly cloudFormation: CloudFormationClient;
  readonly dynamoDb: DynamoDBClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
}

export function clientsAt(endpoint: string): Clients {
  const credentials = {
    accessKeyId: CREDENTIALS.AWS_ACCESS_KEY_ID,
    secretAccessKey: CREDENTIALS.AWS_SECRET_ACCESS_KEY,
  };
  const options = { endpoint, region: REGION, credentials };
  return {
    cloudFormation: new CloudFormationClient(options),
    dynamoDb: new DynamoDBClient(options),
    lambda: new LambdaClient(options),
    logs: new CloudWatchLogsClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
    sns: new SNSClient(options),
    sqs: new SQSClient(options),
  };
}

/** What `cdk deploy` made. */
export interface Deployed {
  readonly outputs: ReadonlyMap<string, string>;
  /** Physical ids, by logical id. */
  readonly resources: ReadonlyMap<string, Resource>;
  /** The deployed functions, by stage. */
  readonly functions: ReadonlyMap<string, FunctionConfiguration>;
}

export interface Resource {
  readonly id: string;
  readonly type: string;
}

export async function deployedAt(clients: Clients): Promise<Deployed> {
  const { Stacks } = await clients.cloudFormation.send(new DescribeStacksCommand({ StackName: STACK }));
  const outputs = (Stacks?.[0]?.Outputs ?? []).map(
    ({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue] as const,
  );
  return {
    outputs: new Map(outputs),
    resources: await resourcesAt(clients.cloudFormation),
    functions: await functionsAt(clients.lambda),
  };
}

async function resourcesAt(client: CloudFormationClient): Promise<ReadonlyMap<string, Resource>> {
  const all = new Map<string, Resource>();
  for (let NextToken: string | undefined; ; ) {
    const page = await client.send(new ListStackResourcesCommand({ StackName: STACK, NextToken }));
    for (const {
      LogicalResourceId = "",
      PhysicalResourceId = "",
      ResourceType = "",
    } of page.StackResourceSummaries ?? [])
      all.set(LogicalResourceId, { id: PhysicalResourceId, type: ResourceType });
    NextToken = page.NextToken;
    if (NextToken === undefined) return all;
  }
}

async function functionsAt(client: LambdaClient): Promise<ReadonlyMap<string, FunctionConfiguration>> {
  const { Functions = [] } = await client.send(new ListFunctionsCommand({ MaxItems: 50 }));
  const staged = Functions.flatMap((each) => {
    const stage = each.Environment?.Variables?.[ENVIRONMENT.stage];
    return stage === undefined ? [] : [[stage, each] as const];
  });
  return new Map(staged);
}

/** An output that the stack must have. */
export function outputOf({ outputs }: Deployed, name: string): string {
  const value = outputs.get(name);
  if (value === undefined)
    throw new Error(`the stack has no output ${name}, only ${[...outputs.keys()].join(", ")}`);
  return value;
}

/** Where the deployed API answers here: MiniStack serves API Gateway's addresses below its own. */
export function apiAt(endpoint: string, deployed: Deployed): string {
  const { hostname, pathname } = new URL(outputOf(deployed, "ApiUrl"));
  return `${endpoint}/restapis/${hostname.split(".")[0]}${pathname.replace(/\/$/, "")}/_user_request_`;
}
