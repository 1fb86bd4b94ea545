import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  type DynamoDBClient,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";

type KeyType = "S" | "N";
interface Shape {
  readonly partition: string;
  readonly sort: readonly [name: string, type: KeyType];
}

/** A table as the adapters expect it; the constructs' are compared with these. Indexes hold all attributes. */
export interface TableShape extends Shape {
  readonly indexes: Readonly<Record<string, Shape>>;
}

const SIMPLE: TableShape = { partition: "pk", sort: ["sk", "S"], indexes: {} };

export const TABLE_SHAPES = {
  ledger: { partition: "subject", sort: ["number", "N"], indexes: {} },
  records: SIMPLE,
  watchers: SIMPLE,
  journal: SIMPLE,
  view: { ...SIMPLE, indexes: { unpublished: { partition: "unpublished", sort: ["changedAt", "S"] } } },
  schedule: { ...SIMPLE, indexes: { due: { partition: "bucket", sort: ["due", "S"] } } },
  pages: SIMPLE,
} as const satisfies Readonly<Record<string, TableShape>>;

export type TableKind = keyof typeof TABLE_SHAPES;
export type TableNames = Readonly<Record<TableKind, string>>;

const KINDS = Object.keys(TABLE_SHAPES) as TableKind[];

const keysOf = ({ partition, sort: [sort] }: Shape): CreateTableCommandInput["KeySchema"] => [
  { AttributeName: partition, KeyType: "HASH" },
  { AttributeName: sort, KeyType: "RANGE" },
];

function inputOf(name: string, shape: TableShape): CreateTableCommandInput {
  const indexes = Object.entries(shape.indexes);
  const shapes = [shape, ...indexes.map(([, index]) => index)];
  return {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: keysOf(shape),
    AttributeDefinitions: shapes.flatMap(({ partition, sort: [sort, type] }) => [
      { AttributeName: partition, AttributeType: "S" },
      { AttributeName: sort, AttributeType: type },
    ]),
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map(([index, of]) => ({
        IndexName: index,
        KeySchema: keysOf(of),
        Projection: { ProjectionType: "ALL" },
      })),
    }),
  };
}

/** Seven empty tables whose names begin so. */
export async function createTables(client: DynamoDBClient, prefix: string): Promise<TableNames> {
  const names = Object.fromEntries(KINDS.map((kind) => [kind, `${prefix}-${kind}`])) as TableNames;
  await Promise.all(
    KINDS.map(async (kind) => {
      await client.send(new CreateTableCommand(inputOf(names[kind], TABLE_SHAPES[kind])));
      await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 1 }, { TableName: names[kind] });
    }),
  );
  return names;
}

export async function deleteTables(client: DynamoDBClient, names: TableNames): Promise<void> {
  await Promise.all(KINDS.map((kind) => client.send(new DeleteTableCommand({ TableName: names[kind] }))));
}
