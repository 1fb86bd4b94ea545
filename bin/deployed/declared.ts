import { CloudFormationClient, GetTemplateCommand } from "@aws-sdk/client-cloudformation";
import * as z from "zod/mini";
import type { Topic } from "../../functions/domain/verdicts.ts";
import { AwsError } from "./aws-errors.ts";
import type { Deployed } from "./stack.ts";

/** A subscription that the stack declares. It may be gone: SNS deletes what nobody confirms, and no deploy brings it back. */
export interface Declared {
  readonly topic: Topic;
  readonly protocol: string;
  readonly endpoint: string;
}

const REF = z.object({ Ref: z.string() });
const TOPIC_OUTPUT = z.object({ Value: REF });
const TEMPLATE = z.object({
  Outputs: z.object({ FindingsTopicArn: TOPIC_OUTPUT, HealthTopicArn: TOPIC_OUTPUT }),
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.optional(z.unknown()) })),
});
const SUBSCRIPTION = z.object({ TopicArn: REF, Protocol: z.string(), Endpoint: z.string() });

/** Everybody whom the deployed template subscribes. It says what was deployed last, not what is there. */
export async function declaredBy({ name, client }: Deployed): Promise<readonly Declared[]> {
  const cloudFormation = new CloudFormationClient(client);
  try {
    const { TemplateBody = "" } = await cloudFormation.send(new GetTemplateCommand({ StackName: name }));
    return declaredIn(TemplateBody, name);
  } finally {
    cloudFormation.destroy();
  }
}

function declaredIn(body: string, name: string): readonly Declared[] {
  const read = TEMPLATE.safeParse(parsed(body));
  if (!read.success)
    throw new AwsError(
      `The template of the stack ${name} is not one of this version's: who should be subscribed is not known. Deploy it again.`,
      2,
    );
  const { Outputs, Resources } = read.data;
  const topics = new Map<string, Topic>([
    [Outputs.FindingsTopicArn.Value.Ref, "findings"],
    [Outputs.HealthTopicArn.Value.Ref, "health"],
  ]);
  return Object.values(Resources)
    .filter(({ Type }) => Type === "AWS::SNS::Subscription")
    .flatMap(({ Properties }) => {
      const { TopicArn, Protocol, Endpoint } = SUBSCRIPTION.parse(Properties);
      const topic = topics.get(TopicArn.Ref);
      return topic === undefined ? [] : [{ topic, protocol: Protocol, endpoint: Endpoint }];
    });
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
