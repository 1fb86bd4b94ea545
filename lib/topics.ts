import { createHash } from "node:crypto";
import { RemovalPolicy, Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Subscription, SubscriptionFilter, SubscriptionProtocol, Topic } from "aws-cdk-lib/aws-sns";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { MonitorProps, Subscriptions } from "./monitor-props.ts";
import { TOPICS, type TopicName, titled } from "./names.ts";
import { deadLetterQueue } from "./queues.ts";

interface Subscriber {
  readonly topic: TopicName;
  readonly protocol: SubscriptionProtocol;
  readonly endpoint: string;
}

/** Findings and health, never mixed, and who is told. */
export class Topics extends Construct {
  readonly all: Readonly<Record<TopicName, Topic>>;
  readonly key: Key;
  /** Alerts that SNS gave up delivering. */
  readonly undelivered: Queue;
  readonly subscribers: readonly Subscriber[];

  constructor(scope: Construct, id: string, props: MonitorProps) {
    super(scope, id);
    this.key = this.#key(props.keepData);
    this.undelivered = deadLetterQueue(this, "Undelivered", "SNS");
    const topics = TOPICS.map((name) => [name, this.#topic(name)] as const);
    this.all = Object.fromEntries(topics) as Record<TopicName, Topic>;
    this.subscribers = subscribersOf(props);
    for (const subscriber of this.subscribers) this.#subscribe(subscriber);
    this.#letAlarmsPublish();
    this.#keepUndelivered();
  }

  /**
   * One key of ours for both topics, at a dollar a month: SNS encrypts with KMS only, and no alarm may publish to a topic
   * under the key that AWS keeps for SNS, because its policy cannot be changed.
   * Source: SNS developer guide, "Enable compatibility between event sources from AWS services and encrypted topics".
   */
  #key(keepData: boolean): Key {
    return new Key(this, "Key", {
      description: "Counterfoil: what is on its way to subscribers",
      enableKeyRotation: true,
      removalPolicy: keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  #topic(name: TopicName): Topic {
    return new Topic(this, titled(name), {
      displayName: name === "findings" ? "Counterfoil" : "Counterfoil health",
      masterKey: this.key,
      enforceSSL: true,
    });
  }

  /** A topic with a policy of its own allows nothing that is not in it, alarms included. */
  #letAlarmsPublish(): void {
    const alarms = new ServicePrincipal("cloudwatch.amazonaws.com");
    const ofThisAccount = { StringEquals: { "aws:SourceAccount": Stack.of(this).account } };
    this.all.health.addToResourcePolicy(
      new PolicyStatement({
        sid: "AlarmsPublish",
        principals: [alarms],
        actions: ["sns:Publish"],
        resources: [this.all.health.topicArn],
        conditions: ofThisAccount,
      }),
    );
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: "AlarmsPublishEncrypted",
        principals: [alarms],
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        resources: ["*"],
        conditions: ofThisAccount,
      }),
    );
  }

  /** What does not reach a contact either: the API subscribes them to findings, whether or not the operator is told of those. */
  #keepUndelivered(): void {
    this.undelivered.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal("sns.amazonaws.com")],
        actions: ["sqs:SendMessage"],
        resources: [this.undelivered.queueArn],
        conditions: { ArnEquals: { "aws:SourceArn": this.all.findings.topicArn } },
      }),
    );
  }

  #subscribe({ topic, protocol, endpoint }: Subscriber): void {
    // Named after what it is, not after its place in a list: the others need not be confirmed again when one goes.
    const digest = createHash("sha256").update(`${protocol} ${endpoint}`).digest("hex").slice(0, 8);
    new Subscription(this, `${titled(topic)}Subscription${digest}`, {
      topic: this.all[topic],
      protocol,
      endpoint,
      deadLetterQueue: this.undelivered,
      ...(topic === "findings" && { filterPolicy: ALL_BUT_DRILLS }),
    });
  }
}

/**
 * A drill is between one watcher and the contacts of that enrolment, however often they try. On findings only: an alarm of
 * CloudWatch's comes to health without attributes, and any filter on one would swallow it.
 */
const ALL_BUT_DRILLS = { verdict: SubscriptionFilter.stringFilter({ denylist: ["drill"] }) };

const hook = (endpoint: string): SubscriptionProtocol =>
  endpoint.startsWith("https:") ? SubscriptionProtocol.HTTPS : SubscriptionProtocol.HTTP;

function subscribersOf(props: Subscriptions): readonly Subscriber[] {
  const all = TOPICS.flatMap((topic) => [
    ...props[`${topic}Email`].map((endpoint) => ({ topic, protocol: SubscriptionProtocol.EMAIL, endpoint })),
    ...props[`${topic}Https`].map((endpoint) => ({ topic, protocol: hook(endpoint), endpoint })),
    ...props[`${topic}Sms`].map((endpoint) => ({ topic, protocol: SubscriptionProtocol.SMS, endpoint })),
  ]);
  const keys = new Set(
    all.map(({ topic, protocol, endpoint }) => JSON.stringify([topic, protocol, endpoint])),
  );
  return all.filter(({ topic, protocol, endpoint }) =>
    keys.delete(JSON.stringify([topic, protocol, endpoint])),
  );
}
