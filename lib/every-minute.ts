import { Duration, Stack } from "aws-cdk-lib";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Function as Lambda } from "aws-cdk-lib/aws-lambda";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { deadLetterQueue } from "./queues.ts";

/**
 * Wakes a function every minute. A minute that was missed is not made up for, because the next has come. What the schedule
 * could not hand to Lambda at all, for want of a right, is a dead letter, and alarms. Throttling is none of that: Lambda
 * takes the event and throttles later, by itself.
 */
export class EveryMinute extends Construct {
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, target: Lambda) {
    super(scope, id);
    this.deadLetters = deadLetterQueue(this, "DeadLetters", "the schedule");
    // Lambda would keep a throttled event for six hours and try a failed one twice more: once there is room again, many
    // would run side by side. Source: Lambda developer guide, "How Lambda handles errors and retries with asynchronous
    // invocation".
    target.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.seconds(60) });
    const role = schedulerRole(this, target, this.deadLetters);
    new CfnSchedule(this, "Schedule", {
      scheduleExpression: "rate(1 minute)",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: target.functionArn,
        roleArn: role.roleArn,
        deadLetterConfig: { arn: this.deadLetters.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 2 },
      },
    });
  }
}

/** Only schedules of this account may take it. Source: EventBridge Scheduler user guide, "Confused deputy prevention". */
function schedulerRole(scope: Construct, target: Lambda, deadLetters: Queue): Role {
  const allow = (action: string, resource: string): PolicyStatement =>
    new PolicyStatement({ actions: [action], resources: [resource] });
  return new Role(scope, "Role", {
    description: "Counterfoil: what the schedule may do",
    assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
      conditions: { StringEquals: { "aws:SourceAccount": Stack.of(scope).account } },
    }),
    inlinePolicies: {
      wake: new PolicyDocument({
        statements: [
          allow("lambda:InvokeFunction", target.functionArn),
          allow("sqs:SendMessage", deadLetters.queueArn),
        ],
      }),
    },
  });
}
