import { CfnOutput, type Stack } from "aws-cdk-lib";
import type { MonitorProps } from "./monitor-props.ts";
import type { Pipeline } from "./pipeline.ts";
import type { Stores } from "./stores.ts";
import type { Topics } from "./topics.ts";

interface Parts {
  readonly stores: Stores;
  readonly topics: Topics;
  readonly pipeline: Pipeline;
  readonly props: MonitorProps;
}

/** What the operator's commands read: docs/decisions/0033. */
function facts(stack: Stack, { stores, topics, pipeline, props }: Parts): Readonly<Record<string, string>> {
  const { tables, buckets } = stores;
  return {
    ApiUrl: pipeline.api.url,
    Index: props.index,
    Contact: props.contact === "" ? "loopback" : props.contact,
    FindingsTopicArn: topics.all.findings.topicArn,
    HealthTopicArn: topics.all.health.topicArn,
    WatchersTableName: tables.Watchers.tableName,
    LedgerTableName: tables.Ledger.tableName,
    JournalTableName: tables.Journal.tableName,
    ScheduleTableName: tables.Schedule.tableName,
    Queues: stack.toJsonString(pipeline.queues.backlog()),
    LedgerCopyBucketName: buckets["ledger-copy"].bucketName,
    EvidenceBucketName: buckets.evidence.bucketName,
  };
}

/** What to do next, in order; the command line prints outputs by name. */
function steps(stack: Stack, { topics, pipeline }: Parts): readonly string[] {
  const { stackName, region } = stack;
  const mails = topics.subscribers.filter(({ protocol }) => protocol === "email");
  const confirm = mails.length > 0;
  return [
    confirm
      ? `Open the mail "AWS Notification - Subscription Confirmation" sent to ${mails.map(({ endpoint }) => endpoint).join(", ")} and follow its link: until then nobody is told there.`
      : 'Nobody is told by mail. To be: put "findingsEmail" and "healthEmail" into cdk.context.json, and deploy again.',
    `(umask 077; npx counterfoil operator-key --stack ${stackName} --region ${region} > operator.key)`,
    `npx counterfoil test-alert --stack ${stackName} --region ${region}`,
    `npx counterfoil enrol PROJECT --url ${pipeline.api.url} --key-file operator.key`,
    `A new account runs 10 Lambdas at a time, which is slow but loses nothing. See: aws service-quotas get-service-quota --service-code lambda --quota-code L-B99A9384 --region ${region}; raise: aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000 --region ${region}`,
    `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${stackName}`,
  ];
}

/** The stack's outputs: what commands read, and what a person runs next. */
export function outputs(stack: Stack, parts: Parts): void {
  for (const [name, value] of Object.entries(facts(stack, parts))) new CfnOutput(stack, name, { value });
  for (const [index, value] of steps(stack, parts).entries())
    new CfnOutput(stack, `Next${index + 1}`, { value });
}
