import {
  type CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from "@aws-sdk/client-cloudformation";
import { ACCOUNT } from "./cdk.ts";
import type { Deployed } from "./deployed.ts";
import type { Grant } from "./grants.ts";
import { REGION } from "./ministack.ts";

const STACK = "Batches";

/**
 * On AWS `sqs:SendMessage` allows `SendMessageBatch`, and there is no action of that name; MiniStack evaluates one. Grants it
 * to each stage for exactly those queues that the stage may send to.
 */
export async function grantBatches(
  client: CloudFormationClient,
  deployed: Deployed,
  granted: readonly Grant[],
): Promise<void> {
  const sends = Map.groupBy(
    granted.filter(({ action }) => action === "sqs:SendMessage"),
    ({ stage }) => stage,
  );
  if (sends.size < 5) throw new Error(`only ${sends.size} stages may send to a queue`);
  const policies = [...sends].map(([stage, queues]) => [
    `Of${stage}`,
    policyFor(deployed.functions.get(stage)?.Role ?? "", queues),
  ]);
  const TemplateBody = JSON.stringify({ Resources: Object.fromEntries(policies) });
  const Capabilities = ["CAPABILITY_IAM" as const];
  await client.send(new CreateStackCommand({ StackName: STACK, TemplateBody, Capabilities }));
  await waitUntilStackCreateComplete({ client, ...PATIENCE }, { StackName: STACK });
}

/** Before the roles themselves are removed. */
export async function removeBatchGrants(client: CloudFormationClient): Promise<void> {
  await client.send(new DeleteStackCommand({ StackName: STACK }));
  await waitUntilStackDeleteComplete({ client, ...PATIENCE }, { StackName: STACK });
}

/** In seconds. */
const PATIENCE = { maxWaitTime: 30, minDelay: 1, maxDelay: 1 };

function policyFor(role: string, queues: readonly Grant[]): object {
  const Resource = queues.map(({ resource }) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${resource}`);
  const Statement = [{ Effect: "Allow", Action: "sqs:SendMessageBatch", Resource }];
  return {
    Type: "AWS::IAM::Policy",
    Properties: {
      PolicyName: "Batches",
      Roles: [role.split("/").at(-1)],
      PolicyDocument: { Version: "2012-10-17", Statement },
    },
  };
}
