import type { Log } from "./logging.ts";

/** What a call acts on, by name: a queue, a topic, an object, one table or several. */
export function resourceOf(input: unknown): string {
  const { QueueUrl, TopicArn, Bucket, Key, Prefix, TableName, IndexName, RequestItems, TransactItems } =
    input as Readonly<Record<string, unknown>>;
  if (typeof TableName === "string") return IndexName ? `${TableName}/index/${IndexName}` : TableName;
  if (typeof Bucket === "string") return `${Bucket}/${typeof Key === "string" ? Key : (Prefix ?? "")}`;
  if (typeof RequestItems === "object" && RequestItems) return Object.keys(RequestItems).join(" ");
  if (Array.isArray(TransactItems)) {
    const parts: { readonly TableName?: string }[] = TransactItems.flatMap((part: object) =>
      Object.values(part),
    );
    return [...new Set(parts.map((part) => part.TableName))].join(" ");
  }
  return (
    String(QueueUrl ?? TopicArn ?? "")
      .split(/[/:]/)
      .at(-1) ?? ""
  );
}

type Next = (args: { readonly input: unknown }) => Promise<unknown>;
interface Told {
  readonly clientName?: string;
  readonly commandName?: string;
}
/** As much of the SDK's clients as this needs: they differ in the types of their commands. */
interface Watched {
  readonly middlewareStack: {
    add(middleware: (next: Next, told: Told) => Next, options: { step: "initialize"; name: string }): void;
  };
}

/** Has every call of a client logged at DEBUG, its retries together; also one that fails. */
export function logCalls(client: object, stage: string, log: Log): void {
  const middleware = (next: Next, { clientName = "", commandName = "" }: Told): Next => {
    const action = `${clientName.replace(/Client$/, "").toLowerCase()}:${commandName.replace(/Command$/, "")}`;
    return async (args) => {
      const beganMs = performance.now();
      try {
        return await next(args);
      } finally {
        const ms = Math.round(performance.now() - beganMs);
        log("debug", "call", { call: { stage, action, resource: resourceOf(args.input), ms } });
      }
    };
  };
  (client as Watched).middlewareStack.add(middleware, { step: "initialize", name: "logCalls" });
}
