import type { ENVIRONMENT } from "../functions/aws/environment.ts";

/** A variable of `ENVIRONMENT`, by its short name. */
export type Variable = keyof typeof ENVIRONMENT;

/** The stages, and two more: the API, and what copies the ledger's stream. */
export const FUNCTIONS = ["feed", "survey", "fetch", "compare", "alert", "sweep", "api", "copy"] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** Those that take messages from queues, and count what fails of them. */
export const CONSUMERS = ["survey", "fetch", "compare", "alert"] as const satisfies readonly FunctionName[];
export type Consumer = (typeof CONSUMERS)[number];

/** As messages flow; a lane of its own keeps sweeps from delaying a fresh upload. */
export const QUEUES = [
  "changes-now",
  "changes-sweep",
  "artifacts-now",
  "artifacts-sweep",
  "facts",
  "alerts",
] as const;
export type QueueName = (typeof QUEUES)[number];

export const TABLES = ["Ledger", "Records", "Watchers", "Journal", "View", "Schedule", "Pages"] as const;
export type TableName = (typeof TABLES)[number];

export const TOPICS = ["findings", "health"] as const;
export type TopicName = (typeof TOPICS)[number];

export type BucketName = "evidence" | "ledger-copy";

/** `changes-now` as part of a construct's id: `ChangesNow`. */
export const titled = (name: string): string =>
  name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
