import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import type { Artifact, Change } from "../domain/changes.ts";
import type { Fact } from "../domain/facts.ts";
import type { Finding } from "../domain/findings.ts";
import type { Queue, Queues } from "../ports.ts";
import type { Caller } from "./clients.ts";
import { sqsClient } from "./clients.ts";
import { type Configuration, configuration } from "./configuration.ts";
import { type StageLog, stageLog } from "./logging.ts";
import { type Meter, stageMeter } from "./metrics.ts";
import { lanes, queue } from "./queues.ts";

/** What every function begins with. */
export interface Started {
  readonly env: Configuration;
  readonly stage: StageLog;
  readonly meter: Meter;
  readonly caller: Caller;
}

/** Reads who this function is, once, while it starts. */
export function start(): Started {
  const env = configuration(process.env);
  const stage = stageLog(env.stage);
  return { env, stage, meter: stageMeter(env.stage), caller: { stage: env.stage, log: stage.log } };
}

/** The queues a function sends to, each made when it is asked for, so that one needs the URLs of those it uses. */
export class Sending implements Queues {
  readonly sqs: SQSClient;
  readonly #env: Configuration;

  constructor({ env, caller }: Started) {
    this.sqs = sqsClient(caller);
    this.#env = env;
  }

  get changes(): Queues["changes"] {
    const { changesNowQueue: now, changesSweepQueue: sweep } = this.#env;
    return lanes<Change>(this.sqs, "changes", { now, sweep });
  }

  get artifacts(): Queues["artifacts"] {
    const { artifactsNowQueue: now, artifactsSweepQueue: sweep } = this.#env;
    return lanes<Artifact>(this.sqs, "artifacts", { now, sweep });
  }

  /** Where nothing goes to the other lane. */
  get changesNow(): Queue<Change> {
    return queue(this.sqs, { name: "changes-now", url: this.#env.changesNowQueue });
  }

  get artifactsSweep(): Queue<Artifact> {
    return queue(this.sqs, { name: "artifacts-sweep", url: this.#env.artifactsSweepQueue });
  }

  get facts(): Queue<Fact> {
    return queue(this.sqs, { name: "facts", url: this.#env.factsQueue });
  }

  get alerts(): Queue<Finding> {
    return queue(this.sqs, { name: "alerts", url: this.#env.alertsQueue });
  }
}

/** A function that a schedule invokes: its lines bear the invocation's id, and its figures are written at the end. */
export const invoked =
  (started: Started, run: (context: Context, started: Started) => Promise<void>) =>
  async (_: unknown, context: Context): Promise<void> => {
    started.stage.begin(context);
    try {
      await run(context, started);
    } finally {
      started.meter.publish();
    }
  };
