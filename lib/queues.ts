import { Duration } from "aws-cdk-lib";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledged.ts";
import { QUEUES, type QueueName, titled } from "./names.ts";

/** How long its consumer may take for one batch, in seconds: the visibility timeout is six times that. */
const CONSUMER_SECONDS: Readonly<Record<QueueName, number>> = {
  "changes-now": 150,
  "changes-sweep": 150,
  "artifacts-now": 300,
  "artifacts-sweep": 300,
  facts: 60,
  alerts: 60,
};

/**
 * Throttling must only delay: as many receives as it takes for a message to be given up. With the waits between them what
 * fails is tried for half a day, longer than most faults of a region; that it fails is told within minutes.
 */
const MOST_RECEIVES = 60;

/** A queue and where its messages go when they are given up. */
export interface WorkQueue {
  readonly name: QueueName;
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly consumerSeconds: number;
}

/** A queue of last resort. SQS keeps nothing longer than 14 days. `whose` is said where it is not another queue's. */
export function deadLetterQueue(scope: Construct, id: string, whose?: string): Queue {
  const queue = new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  if (whose !== undefined)
    acknowledge(
      queue,
      "SQS3",
      `It is a dead-letter queue: ${whose}'s. Only those of other queues are known as such.`,
    );
  return queue;
}

/**
 * The six queues of the pipeline, each with its dead letters. They outlive no stack: any message that is lost is made
 * good by the next look at its project.
 */
export class Queues extends Construct {
  readonly all: Readonly<Record<QueueName, WorkQueue>>;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const made = QUEUES.map((name) => [name, this.#workQueue(name)] as const);
    this.all = Object.fromEntries(made) as Record<QueueName, WorkQueue>;
  }

  /** For `COUNTERFOIL_BACKLOG` and the operator's commands: `[{queue, url, deadLettersUrl}]`. */
  backlog(): readonly { readonly queue: string; readonly url: string; readonly deadLettersUrl: string }[] {
    return Object.values(this.all).map(({ name, queue, deadLetters }) => ({
      queue: name,
      url: queue.queueUrl,
      deadLettersUrl: deadLetters.queueUrl,
    }));
  }

  #workQueue(name: QueueName): WorkQueue {
    const consumerSeconds = CONSUMER_SECONDS[name];
    const deadLetters = deadLetterQueue(this, `${titled(name)}DeadLetters`);
    const queue = new Queue(this, titled(name), {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(6 * consumerSeconds),
      // Less than the dead letters': a letter's age counts from when it was first sent.
      retentionPeriod: Duration.days(7),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: MOST_RECEIVES },
    });
    return { name, queue, deadLetters, consumerSeconds };
  }
}
