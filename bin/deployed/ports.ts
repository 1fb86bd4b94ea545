import { setTimeout } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { cursors } from "../../functions/aws/cursors.ts";
import { deadlines } from "../../functions/aws/deadlines.ts";
import { enrolments } from "../../functions/aws/enrolments.ts";
import { ledger } from "../../functions/aws/ledger.ts";
import { queue } from "../../functions/aws/queues.ts";
import { tableNamed } from "../../functions/aws/table.ts";
import type { Finding } from "../../functions/domain/findings.ts";
import { systemClock as clock } from "../machine.ts";
import { AwsError } from "./aws-errors.ts";
import type { Deployed } from "./stack.ts";

/** A deployed monitor's ports, as far as commands use them. */
export function portsOf({ client, outputs }: Deployed) {
  const db = new DynamoDBClient(client);
  return {
    clock,
    cursors: cursors(tableNamed(db, outputs.JournalTableName)),
    ledger: ledger(tableNamed(db, outputs.LedgerTableName), clock),
    deadlines: deadlines(tableNamed(db, outputs.ScheduleTableName)),
    enrolments: enrolments(tableNamed(db, outputs.WatchersTableName)),
  };
}

/** The queue of what is to be told. */
export function alertsOf({ client, outputs, name }: Deployed) {
  const address = outputs.Queues.find((each) => each.queue === "alerts");
  if (address === undefined)
    throw new AwsError(`The stack ${name} names no queue for alerts. Deploy it again.`, 2);
  const sqs = new SQSClient({ ...client, useQueueUrlAsEndpoint: false });
  return queue<Finding>(sqs, { name: "alerts", url: address.url }, setTimeout);
}

/** Who asks, as CloudTrail knows them: the id of the AWS access key, which is no secret. */
export async function whoAsks({ client }: Deployed): Promise<string> {
  const { accessKeyId } = await new DynamoDBClient(client).config.credentials();
  return `AWS access key ${accessKeyId}`;
}
