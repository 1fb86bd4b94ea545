import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";

/** The policy of a queue that takes what SNS sends it on behalf of these topics: without one it gets nothing. */
export const fromTopics = (...topics: readonly string[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: "*",
        Condition: { ArnEquals: { "aws:SourceArn": topics } },
      },
    ],
  });

export async function arnOf(sqs: SQSClient, url: string): Promise<string> {
  const asked = { QueueUrl: url, AttributeNames: ["QueueArn" as const] };
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand(asked));
  if (Attributes?.QueueArn === undefined) throw new Error(`${url} has no ARN`);
  return Attributes.QueueArn;
}
