import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { logCalls } from "./calls.ts";
import type { Log } from "./logging.ts";

/** Who calls: in the user agent of each call, and on its line in the log. */
export interface Caller {
  readonly stage: string;
  readonly log: Log;
}

/** What hangs is given up long before the function's own time is over, and tried again. */
const QUICK = { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true };
/** Evidence is large. */
const PATIENT = { ...QUICK, requestTimeout: 60_000 };

const watched = <C extends object>(client: C, { stage, log }: Caller): C => {
  logCalls(client, stage, log);
  return client;
};

/**
 * A throttled table is asked again for some seconds. Standard retries, not adaptive: what still fails returns to its
 * queue, which slows every Lambda of a stage down, where a limit of the client's own slows one.
 * See https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html.
 */
const PERSISTENT = { retryMode: "standard", maxAttempts: 6 };

export const dynamoClient = (caller: Caller): DynamoDBClient =>
  watched(new DynamoDBClient({ userAgentAppId: caller.stage, requestHandler: QUICK, ...PERSISTENT }), caller);

/** Goes where the endpoint is configured, not where the queue's URL says: that may be another host's name for it. */
export const sqsClient = (caller: Caller): SQSClient =>
  watched(
    new SQSClient({ userAgentAppId: caller.stage, requestHandler: QUICK, useQueueUrlAsEndpoint: false }),
    caller,
  );

export const snsClient = (caller: Caller): SNSClient =>
  watched(new SNSClient({ userAgentAppId: caller.stage, requestHandler: QUICK }), caller);

export const s3Client = (caller: Caller): S3Client =>
  watched(new S3Client({ userAgentAppId: caller.stage, requestHandler: PATIENT }), caller);
