import { CloudFormationClient, DescribeStacksCommand, type Stack } from "@aws-sdk/client-cloudformation";
import * as z from "zod/mini";
import { AwsError } from "./aws-errors.ts";
import type { StackOptions } from "./options.ts";

const TEXT = z.string().check(z.minLength(1));

/** Not JSON is nothing: whoever reads it says so. */
function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text)) as unknown;
  } catch {
    return undefined;
  }
}

const QUEUES = z.array(z.object({ queue: TEXT, url: z.url(), deadLettersUrl: z.url() }));

/** What the commands read of a stack; the constructs promise these names (docs/decisions/0033). */
const OUTPUTS = z.object({
  ApiUrl: z.url(),
  Index: z.url(),
  Contact: TEXT,
  FindingsTopicArn: TEXT,
  HealthTopicArn: TEXT,
  WatchersTableName: TEXT,
  LedgerTableName: TEXT,
  JournalTableName: TEXT,
  ScheduleTableName: TEXT,
  Queues: z.pipe(z.transform(parsed), QUEUES),
});

export type Outputs = z.output<typeof OUTPUTS>;
export type QueueAddress = Outputs["Queues"][number];

/** A monitor deployed to AWS, and how to make clients that reach it. */
export interface Deployed {
  readonly name: string;
  readonly client: { readonly region: string };
  readonly outputs: Outputs;
}

/** Finds the stack that the options name. Throws `AwsError` when it is not there, or is not a monitor's. */
export async function deployed({ stack: name, region }: StackOptions): Promise<Deployed> {
  const client = new CloudFormationClient(region === undefined ? {} : { region });
  try {
    const here = await client.config.region();
    const stack = await described(client, name, here);
    return { name, client: { region: here }, outputs: outputsOf(stack, name, here) };
  } finally {
    client.destroy();
  }
}

async function described(client: CloudFormationClient, name: string, region: string): Promise<Stack> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const stack = Stacks?.[0];
    if (stack !== undefined) return stack;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  throw new AwsError(
    `There is no stack ${name} in ${region}. Name the one you deployed with --stack, and where with --region (or AWS_REGION, AWS_PROFILE).`,
    2,
  );
}

/** CloudFormation says it by a `ValidationError`, whose words are all there is to tell it by. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error && error.name === "ValidationError" && /does not exist/.test(error.message);

function outputsOf(stack: Stack, name: string, region: string): Outputs {
  const given = Object.fromEntries(
    (stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
  const read = OUTPUTS.safeParse(given);
  if (read.success) return read.data;
  throw new AwsError(whyNot(stack, given, `${name} in ${region}`, read.error), 2);
}

function whyNot(
  stack: Stack,
  given: Record<string, unknown>,
  where: string,
  error: z.core.$ZodError,
): string {
  const status = stack.StackStatus ?? "unknown";
  if (!/^(CREATE|UPDATE|IMPORT|UPDATE_ROLLBACK)_COMPLETE/.test(status) && given["ApiUrl"] === undefined)
    return `The stack ${where} is not up: its status is ${status}. Deploy it again, or wait until it is done.`;
  const kind = given["ApiUrl"] === undefined || given["Queues"] === undefined;
  if (kind)
    return `The stack ${where} is not a Counterfoil monitor: it lacks the outputs of one. Name yours with --stack.`;
  const names = [...new Set(error.issues.map(({ path }) => String(path[0])))].join(", ");
  return `The stack ${where} was deployed by another version of Counterfoil: this one cannot read its outputs ${names}. Use the version that deployed it, or deploy again.`;
}
