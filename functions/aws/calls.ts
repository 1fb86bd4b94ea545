import * as z from "zod/mini";
import type { Log } from "./logging.ts";

/** What a call needs to be allowed to do: an action as policies name it, and the name of what it acts on. */
export interface Permission {
  readonly action: string;
  readonly resource: string;
}

const TEXT = z.optional(z.string());
const TABLES = z.optional(z.record(z.string(), z.unknown()));
const INPUT = z.looseObject({
  QueueUrl: TEXT,
  TopicArn: TEXT,
  TableName: TEXT,
  IndexName: TEXT,
  Bucket: TEXT,
  Key: z.optional(z.unknown()),
  Prefix: TEXT,
  RequestItems: TABLES,
  TransactItems: z.optional(z.array(z.record(z.string(), z.looseObject({ TableName: z.string() })))),
});
type Input = z.output<typeof INPUT>;

/** Calls that policies know by another name. Source: the service authorization reference of SQS and of S3. */
const KNOWN_AS: Readonly<Record<string, string>> = {
  SendMessageBatch: "SendMessage",
  ListObjectsV2: "ListBucket",
};
/** What the parts of a transaction are, to a policy. Source: "Using IAM with DynamoDB transactions". */
const PARTS: Readonly<Record<string, string>> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  Get: "GetItem",
  ConditionCheck: "ConditionCheckItem",
};

/** Everything one call of the SDK needs to be allowed to do. */
export function permissionsOf(clientName: string, commandName: string, input: unknown): Permission[] {
  const service = clientName.replace(/Client$/, "").toLowerCase();
  const command = commandName.replace(/Command$/, "");
  const asked = INPUT.parse(input);
  const parts = asked.TransactItems?.flatMap((part) => Object.entries(part)) ?? [];
  if (parts.length > 0)
    return distinct(
      parts.map(([kind, { TableName }]) => ({
        action: `${service}:${PARTS[kind] ?? kind}`,
        resource: TableName,
      })),
    );
  const action = `${service}:${KNOWN_AS[command] ?? command}`;
  return resourcesOf(asked).map((resource) => ({ action, resource }));
}

function resourcesOf({ QueueUrl, TopicArn, TableName, IndexName, Bucket, ...rest }: Input): string[] {
  if (rest.RequestItems !== undefined) return Object.keys(rest.RequestItems);
  if (TableName !== undefined)
    return [IndexName === undefined ? TableName : `${TableName}/index/${IndexName}`];
  if (Bucket !== undefined)
    return [`${Bucket}/${typeof rest.Key === "string" ? rest.Key : (rest.Prefix ?? "")}`];
  return [(QueueUrl ?? TopicArn ?? "").split(/[/:]/).at(-1) ?? ""];
}

const distinct = (all: readonly Permission[]): Permission[] => [
  ...new Map(all.map((each) => [`${each.action} ${each.resource}`, each])).values(),
];

type Next = (args: { readonly input: unknown }) => Promise<unknown>;
interface Told {
  readonly clientName?: string;
  readonly commandName?: string;
}
/** As much of the SDK's clients as this needs: they differ in their inputs' types. */
interface Watched {
  readonly middlewareStack: {
    add(middleware: (next: never, told: Told) => never, options: { step: "initialize"; name: string }): void;
  };
}

/** Has every call of a client logged at DEBUG, once per permission it needs; also one that fails. */
export function logCalls(client: object, stage: string, log: Log): void {
  const middleware = (next: Next, told: Told) => async (args: { readonly input: unknown }) => {
    const beganMs = performance.now();
    try {
      return await next(args);
    } finally {
      const ms = Math.round(performance.now() - beganMs);
      for (const needed of permissionsOf(told.clientName ?? "", told.commandName ?? "", args.input))
        log("debug", "call", { call: { stage, ...needed, ms } });
    }
  };
  (client as Watched).middlewareStack.add(middleware as never, { step: "initialize", name: "logCalls" });
}
