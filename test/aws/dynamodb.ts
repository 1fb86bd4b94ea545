import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { cursors } from "../../functions/aws/cursors.ts";
import { deadlines } from "../../functions/aws/deadlines.ts";
import { enrolments } from "../../functions/aws/enrolments.ts";
import { entries } from "../../functions/aws/entries.ts";
import { flakyEdges } from "../../functions/aws/flaky-edges.ts";
import { ledger } from "../../functions/aws/ledger.ts";
import { manifests } from "../../functions/aws/manifests.ts";
import { pageStore } from "../../functions/aws/pages.ts";
import { positions } from "../../functions/aws/positions.ts";
import { records } from "../../functions/aws/records.ts";
import { sourceStates } from "../../functions/aws/source-states.ts";
import { tableNamed } from "../../functions/aws/table.ts";
import { view } from "../../functions/aws/view.ts";
import type { ContractHost } from "../contracts/host.ts";
import { StillClock } from "../world.ts";
import { createTables, deleteTables, type TableKind } from "./tables.ts";

const url = process.env["COUNTERFOIL_TEST_DYNAMODB"];
if (!url)
  throw new Error("COUNTERFOIL_TEST_DYNAMODB names no endpoint: these tests are run by npm run test:aws");

/** Which implementation answers. */
export const ANSWERER = process.env["COUNTERFOIL_TEST_NAME"] ?? url;

const credentials = { accessKeyId: "test", secretAccessKey: "test" };
export const client = new DynamoDBClient({ endpoint: url, region: "us-east-1", credentials });

/** What DynamoDB keeps of a host. */
export type OnDynamo = Pick<
  ContractHost,
  | "cursors"
  | "sourceStates"
  | "entries"
  | "enrolments"
  | "records"
  | "manifests"
  | "ledger"
  | "view"
  | "deadlines"
  | "positions"
  | "flakyEdges"
  | "pageStore"
>;

/** The ports over tables of their own. `by` is another client than the tests', to watch or to spoil its calls. */
export function portsOver(table: (kind: TableKind) => ReturnType<typeof tableNamed>): OnDynamo {
  return {
    cursors: cursors(table("journal")),
    sourceStates: sourceStates(table("journal")),
    entries: entries(table("journal")),
    enrolments: enrolments(table("watchers")),
    records: records(table("records")),
    manifests: manifests(table("records")),
    ledger: ledger(table("ledger"), new StillClock()),
    view: view(table("view"), () => table("watchers")),
    deadlines: deadlines(table("schedule")),
    positions: positions(table("schedule")),
    flakyEdges: flakyEdges(table("schedule")),
    pageStore: pageStore(table("pages")),
  };
}

/** Seven fresh tables for one test, gone with it. */
export async function onFreshTables<T>(
  use: (names: Readonly<Record<TableKind, string>>) => Promise<T>,
): Promise<T> {
  const names = await createTables(client, `test-${randomUUID().slice(0, 8)}`);
  try {
    return await use(names);
  } finally {
    await deleteTables(client, names);
  }
}

const elsewhere = (): never => {
  throw new Error("this is not kept in DynamoDB");
};

/** A host of which only the ports on DynamoDB are real. */
export async function makeHost(): Promise<ContractHost> {
  const names = await createTables(client, `test-${randomUUID().slice(0, 8)}`);
  const clock = new StillClock();
  return {
    ...portsOver((kind) => tableNamed(client, names[kind])),
    ledger: ledger(tableNamed(client, names.ledger), clock),
    now: clock.now,
    evidence: { spool: elsewhere, list: elsewhere, read: elsewhere },
    evidenceCaps: { bodyBytes: 0, findingBytes: 0, dayBytes: 0 },
    pass: elsewhere,
    queue: elsewhere,
    receiver: elsewhere,
    flush: async () => undefined,
    powerFailure: elsewhere,
    close: () => deleteTables(client, names),
  };
}
