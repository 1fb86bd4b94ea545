import { Stack, type StackProps, Tags, Validations } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { type Bundles, bundled, mostBytes } from "./bundling.ts";
import { withDefaults } from "./configuration.ts";
import { Health } from "./health.ts";
import type { MonitorProps } from "./monitor-props.ts";
import { outputs } from "./outputs.ts";
import { Pipeline } from "./pipeline.ts";
import { Stores } from "./stores.ts";
import { Topics } from "./topics.ts";

/** What the operator chose, and what they get. */
export interface MonitorStackProps extends Partial<MonitorProps>, StackProps {
  /** Our version, for the User-Agent. */
  readonly version: string;
  /**
   * The code of the functions.
   * @default bundled from `functions/`
   */
  readonly bundles?: Bundles;
}

/** One monitor of one index. A second one in the same account is a second stack. */
export class MonitorStack extends Stack {
  readonly stores: Stores;
  readonly topics: Topics;
  readonly pipeline: Pipeline;
  readonly health: Health;

  constructor(scope: Construct, id: string, { version, bundles, ...given }: MonitorStackProps) {
    const props = withDefaults(given);
    super(scope, id, {
      description: "Counterfoil: compares what PyPI publishes with what was released",
      ...given,
    });
    this.stores = new Stores(this, "Stores", props);
    this.topics = new Topics(this, "Topics", props);
    const { stores, topics } = this;
    const code = bundles ?? bundled(mostBytes, props.trustedRoot);
    this.pipeline = new Pipeline(this, "Pipeline", { stores, topics, props, bundles: code, version });
    this.health = new Health(this, "Health", { pipeline: this.pipeline, topics, props });
    outputs(this, { stores, topics, pipeline: this.pipeline, props });
    warnOfSilence(this);
    Tags.of(this).add("application", "counterfoil");
  }
}

/** A monitor that tells nobody is worse than none: somebody believes in it. */
function warnOfSilence(stack: MonitorStack): void {
  const topics = new Set(stack.topics.subscribers.map(({ topic }) => topic));
  for (const topic of ["findings", "health"] as const)
    if (!topics.has(topic))
      Validations.of(stack.topics.all[topic]).addWarning(
        `nobody-told-of-${topic}`,
        `Nobody would be told of ${topic}: no subscription was given. For example, in cdk.context.json: "${topic}Email": "security@example.org"`,
      );
}
