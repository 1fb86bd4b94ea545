import { DeleteItemCommand, PutItemCommand, paginateScan, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import * as z from "zod";
import { brokenAt, type LedgerEntry } from "../../functions/domain/ledger.ts";
import { outputOf } from "./deployed.ts";
import type { Setting } from "./setting.ts";

const ITEM = z.looseObject({
  subject: z.looseObject({ S: z.string() }),
  number: z.looseObject({ N: z.string() }),
  entry: z.looseObject({ S: z.string() }),
});

/** Every entry of the deployed ledger, by `subject number`, read as no stage reads it: all of the table. */
export async function entriesIn({ clients, deployed }: Setting): Promise<ReadonlyMap<string, LedgerEntry>> {
  const TableName = outputOf(deployed, "LedgerTableName");
  const entries = new Map<string, LedgerEntry>();
  for await (const { Items = [] } of paginateScan({ client: clients.dynamoDb }, { TableName }))
    for (const { entry } of Items.map((item) => ITEM.parse(item))) {
      const read = JSON.parse(entry.S) as LedgerEntry;
      entries.set(`${read.subject} ${read.number}`, read);
    }
  return entries;
}

/** Entries at which a chain of hashes does not hold. */
export function brokenIn(entries: ReadonlyMap<string, LedgerEntry>): readonly string[] {
  const bySubject = Map.groupBy(entries.values(), ({ subject }) => subject);
  return [...bySubject.values()].flatMap((each) => {
    const broken = brokenAt(each.toSorted((one, other) => one.number - other.number));
    return broken === null ? [] : [`${broken.subject} ${broken.number}`];
  });
}

/** Every entry's copy in the locked bucket. */
export async function copiesIn({ clients, deployed }: Setting): Promise<ReadonlyMap<string, LedgerEntry>> {
  const Bucket = outputOf(deployed, "LedgerCopyBucketName");
  const copies = new Map<string, LedgerEntry>();
  for await (const { Contents = [] } of paginateListObjectsV2({ client: clients.s3 }, { Bucket }))
    for (const { Key } of Contents) {
      const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket, Key }));
      const read = JSON.parse((await Body?.transformToString()) ?? "") as LedgerEntry;
      copies.set(`${read.subject} ${read.number}`, read);
    }
  return copies;
}

/** What somebody with the right to write does who wants an alert unsaid. */
export async function forge({ clients, deployed }: Setting, { subject, number }: LedgerEntry): Promise<void> {
  await clients.dynamoDb.send(
    new UpdateItemCommand({
      TableName: outputOf(deployed, "LedgerTableName"),
      Key: { subject: { S: subject }, number: { N: String(number) } },
      UpdateExpression: "SET entry = :other",
      ExpressionAttributeValues: { ":other": { S: "{}" } },
    }),
  );
}

export async function remove(
  { clients, deployed }: Setting,
  { subject, number }: LedgerEntry,
): Promise<void> {
  await clients.dynamoDb.send(
    new DeleteItemCommand({
      TableName: outputOf(deployed, "LedgerTableName"),
      Key: { subject: { S: subject }, number: { N: String(number) } },
    }),
  );
}

/** Puts an entry where there is none, in the form of the adapter that alone may. */
export async function putBack({ clients, deployed }: Setting, entry: LedgerEntry): Promise<void> {
  await clients.dynamoDb.send(
    new PutItemCommand({
      TableName: outputOf(deployed, "LedgerTableName"),
      Item: {
        subject: { S: entry.subject },
        number: { N: String(entry.number) },
        entry: { S: JSON.stringify(entry) },
      },
    }),
  );
}
