import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Function as Lambda, RecursiveLoop, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { ENVIRONMENT } from "../functions/aws/environment.ts";
import { ACCESS, type Access, type Thing } from "./access.ts";
import { acknowledge } from "./acknowledged.ts";
import type { FunctionName, Variable } from "./names.ts";
import { arnOf, type Own, type Surroundings, variables } from "./surroundings.ts";

/** What differs between functions. */
export interface StageFunctionProps {
  readonly name: FunctionName;
  /** Which variables it is given, besides `stage` and `logLevel`. Those that the operator left out are left out. */
  readonly needs: readonly Variable[];
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  /** Where what it gives up goes, when that is not the business of a queue. */
  readonly deadLetters?: Queue;
}

/**
 * The one place where a function is made: Node 24 on arm64, outside of any VPC, with logs that end, and with a role that
 * allows exactly what `ACCESS` says.
 */
export class StageFunction extends Lambda {
  constructor(scope: Construct, surroundings: Surroundings, given: StageFunctionProps) {
    const { props, bundles } = surroundings;
    const logGroup = new LogGroup(scope, "Logs", {
      retention: props.logRetentionDays,
      removalPolicy: props.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const own: Own = {
      logGroupArn: logGroup.logGroupArn,
      ...(given.deadLetters && { deadLetters: given.deadLetters }),
    };
    super(scope, "Function", {
      description: `Counterfoil: ${given.name}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: "index.handler",
      code: bundles(given.name),
      timeout: Duration.seconds(given.timeoutSeconds),
      memorySize: given.memoryMegabytes,
      role: roleOf(scope, given.name, surroundings, own),
      environment: environmentOf(given, surroundings),
      logGroup,
      // Survey, fetch and compare ask each other again by queue, as often as a message's own counts allow. Lambda would take
      // the sixteenth time for a mistake and give the message up.
      recursiveLoop: RecursiveLoop.ALLOW,
      ...(props.reservedConcurrency !== undefined && {
        reservedConcurrentExecutions: props.reservedConcurrency,
      }),
    });
  }
}

/** The policy is part of the role, so that it is there before anything takes the role. */
function roleOf(scope: Construct, name: FunctionName, surroundings: Surroundings, own: Own): Role {
  const role = new Role(scope, "Role", {
    description: `Counterfoil: what ${name} may do`,
    assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    inlinePolicies: {
      [name]: new PolicyDocument({
        statements: ACCESS[name].map((access) => statementOf(access, surroundings, own)),
      }),
    },
  });
  const patterns = ACCESS[name].flatMap(({ on }) => on).filter((thing) => reasonForPattern(thing) !== null);
  for (const thing of patterns) {
    const arn: unknown = Stack.of(scope).resolve(arnOf(thing, surroundings, own));
    acknowledge(role, "IAM5", reasonForPattern(thing) ?? "", `Resource::${asNagSays(arn)}`);
  }
  return role;
}

/** Why a policy names more than one thing by a pattern; `null` where it does not. */
function reasonForPattern(thing: Thing): string | null {
  if (thing === "ledger-streams")
    return "Streams of this one table; ListStreams can be granted on nothing narrower.";
  if (thing === "any-subscription")
    return "SNS knows no resource narrower than all for reading a subscription, of which one must know the ARN.";
  return thing.endsWith("*")
    ? "Objects below one prefix of one bucket; their names are digests and entries to come."
    : null;
}

/** A resolved ARN as findings of cdk-nag spell it: `<LogicalId.Arn>/prefix/*`. */
function asNagSays(resolved: unknown): string {
  if (typeof resolved === "string") return resolved;
  const { "Fn::Join": [, parts] = ["", []] } = resolved as { "Fn::Join"?: [string, unknown[]] };
  return parts.map(spelt).join("");
}

function spelt(part: unknown): string {
  if (typeof part === "string") return part;
  const { Ref, "Fn::GetAtt": attribute } = part as { Ref?: string; "Fn::GetAtt"?: [string, string] };
  return `<${Ref ?? attribute?.join(".")}>`;
}

const statementOf = (
  { actions, on, prefix, protocols }: Access,
  surroundings: Surroundings,
  own: Own,
): PolicyStatement =>
  new PolicyStatement({
    effect: Effect.ALLOW,
    actions: [...actions],
    resources: on.map((thing) => arnOf(thing, surroundings, own)),
    ...(prefix !== undefined && { conditions: { StringLike: { "s3:prefix": prefix } } }),
    // Where SNS says which protocol it is, which it does.
    ...(protocols && { conditions: { StringEqualsIfExists: { "sns:Protocol": protocols } } }),
  });

function environmentOf(
  { name, needs }: StageFunctionProps,
  surroundings: Surroundings,
): Record<string, string> {
  const known = { ...variables(surroundings), stage: name };
  const given = [...needs, "stage" as const, "logLevel" as const].flatMap((variable) => {
    const value = known[variable];
    return value === undefined ? [] : [[ENVIRONMENT[variable], value] as const];
  });
  return { ...Object.fromEntries(given), NODE_OPTIONS: "--enable-source-maps" };
}
