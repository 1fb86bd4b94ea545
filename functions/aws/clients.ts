import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";

/** What every client of a stage has in common; region, endpoint and credentials come from the environment, as the SDK reads it. */
export interface ClientOptions {
  /** In the user agent as `app/<stage>`, so that CloudTrail says which stage called. */
  readonly userAgentAppId: string;
  readonly retryMode: "standard";
  readonly maxAttempts: number;
  readonly requestHandler: { readonly connectionTimeout: number; readonly requestTimeout: number };
}

/**
 * Standard retries, not adaptive: what still fails after them returns to its queue, which slows a stage down better than
 * a limit of the client's own that no other Lambda knows of. Throttled: about 10 seconds in all, then thrown as it is.
 * See https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html.
 */
export const options = (stage: string): ClientOptions => ({
  userAgentAppId: stage,
  retryMode: "standard",
  maxAttempts: 6,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000 },
});

/** One per process, made at module level: its connections outlive an invocation. */
export const dynamoClient = (stage: string, more: DynamoDBClientConfig = {}): DynamoDBClient =>
  new DynamoDBClient({ ...options(stage), ...more });
