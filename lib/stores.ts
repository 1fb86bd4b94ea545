import { RemovalPolicy, Stack } from "aws-cdk-lib";
import {
  AttributeType,
  Billing,
  type GlobalSecondaryIndexPropsV2,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from "aws-cdk-lib/aws-dynamodb";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { evidenceBucket, ledgerCopyBucket, logsBucket } from "./buckets.ts";
import type { MonitorProps } from "./monitor-props.ts";
import { type BucketName, TABLES, type TableName } from "./names.ts";

const text = (name: string) => ({ name, type: AttributeType.STRING });

const ITEM = { partitionKey: text("pk"), sortKey: text("sk") };
const ENTRY = { partitionKey: text("subject"), sortKey: { name: "number", type: AttributeType.NUMBER } };

/** Sparse indexes for what is due or unpublished; docs/decisions/0030 has the items. */
const INDEXES: Readonly<Partial<Record<TableName, readonly GlobalSecondaryIndexPropsV2[]>>> = {
  View: [{ indexName: "unpublished", partitionKey: text("unpublished"), sortKey: text("changedAt") }],
  Schedule: [{ indexName: "due", partitionKey: text("bucket"), sortKey: text("due") }],
};

/** Everything that is kept: one table per trust, divergent bytes, and the ledger's copy out of everybody's reach. */
export class Stores extends Construct {
  readonly tables: Readonly<Record<TableName, TableV2>>;
  readonly buckets: Readonly<Record<BucketName, Bucket>>;

  constructor(scope: Construct, id: string, props: MonitorProps) {
    super(scope, id);
    const tables = TABLES.map((name) => [name, this.#table(name, props.keepData)] as const);
    this.tables = Object.fromEntries(tables) as Record<TableName, TableV2>;
    const accessLogs = logsBucket(this, props);
    this.buckets = {
      evidence: evidenceBucket(this, props, accessLogs),
      "ledger-copy": ledgerCopyBucket(this, props, accessLogs),
    };
  }

  #table(name: TableName, keepData: boolean): TableV2 {
    const isLedger = name === "Ledger";
    return new TableV2(this, name, {
      ...(isLedger ? ENTRY : ITEM),
      billing: Billing.onDemand(),
      // Encrypted with a key of DynamoDB's own: a key of ours would cost a call per request and keep out nobody more.
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: keepData,
      removalPolicy: keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      globalSecondaryIndexes: [...(INDEXES[name] ?? [])],
      ...(isLedger && { dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES }),
    });
  }
}

/** The ARN pattern of every stream the ledger ever had: `ListStreams` can be granted on nothing narrower. */
export const streamsOf = (table: TableV2): string =>
  Stack.of(table).formatArn({
    service: "dynamodb",
    resource: "table",
    resourceName: `${table.tableName}/stream/*`,
  });
