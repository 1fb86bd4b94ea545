import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import * as z from "zod";
import type { Request } from "./called.ts";

/** A message as a stage sent it. */
export interface Sent {
  readonly queueUrl: string;
  readonly body: string;
  readonly attributes: Record<string, MessageAttributeValue>;
}

const BATCH = z.looseObject({
  QueueUrl: z.string(),
  Entries: z.array(
    z.looseObject({
      MessageBody: z.string(),
      MessageAttributes: z.optional(
        z.record(z.string(), z.object({ DataType: z.string(), StringValue: z.string() })),
      ),
    }),
  ),
});

/** The messages in a call, if it sends any. */
export function sentBy({ headers, body }: Request): readonly Sent[] {
  if (headers["x-amz-target"] !== "AmazonSQS.SendMessageBatch") return [];
  const { QueueUrl: queueUrl, Entries } = BATCH.parse(JSON.parse(body.toString("utf8")));
  return Entries.map(({ MessageBody, MessageAttributes = {} }) => ({
    queueUrl,
    body: MessageBody,
    attributes: MessageAttributes,
  }));
}
