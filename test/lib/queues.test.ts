import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inside, listed, type Resource, Synthesised, statementsIn } from "./template.ts";

const synthesised = new Synthesised();
const queues = synthesised.of("AWS::SQS::Queue");
const worked = queues.filter(({ Properties }) => Properties["RedrivePolicy"] !== undefined);
const mappings = synthesised.of("AWS::Lambda::EventSourceMapping");
const ofQueues = mappings.filter(
  ({ Properties }) => inside(Properties, "EventSourceArn", "Fn::GetAtt", 1) === "Arn",
);
const functionOf = (among: Synthesised, mapping: Resource["Properties"]): unknown =>
  among.at(mapping["FunctionName"]).Properties;
const lettersOf = ({ Properties }: Resource): Resource =>
  synthesised.at(inside(Properties, "RedrivePolicy", "deadLetterTargetArn"));

describe("each queue", () => {
  it("is encrypted, and refuses whoever comes without TLS", () => {
    assert.equal(queues.length, 16);
    const policies = synthesised.of("AWS::SQS::QueuePolicy");
    for (const { id, Properties } of queues) {
      assert.equal(Properties["SqsManagedSseEnabled"], true, id);
      const own = policies.filter((each) =>
        listed(each.Properties["Queues"]).some((to) => inside(to, "Ref") === id),
      );
      const statements = own.flatMap((each) => statementsIn(each.Properties["PolicyDocument"]));
      const refuses = statements.filter(
        ({ Effect, Condition }) =>
          Effect === "Deny" && inside(Condition, "Bool", "aws:SecureTransport") === "false",
      );
      assert.equal(refuses.length, 1, id);
    }
  });

  it("that is worked on gives up late, to dead letters of its own that outlive it", () => {
    assert.equal(worked.length, 6);
    assert.equal(new Set(worked.map((queue) => lettersOf(queue).id)).size, 6);
    for (const queue of worked) {
      assert.ok(Number(inside(queue.Properties, "RedrivePolicy", "maxReceiveCount")) >= 20, queue.id);
      const kept = Number(queue.Properties["MessageRetentionPeriod"]);
      assert.ok(kept >= 4 * 86_400, queue.id);
      assert.ok(Number(lettersOf(queue).Properties["MessageRetentionPeriod"]) > kept, queue.id);
    }
  });

  it("of last resort keeps for 14 days", () => {
    const last = queues.filter((queue) => !worked.includes(queue));
    assert.equal(last.length, 10);
    for (const { Properties } of last) assert.equal(Properties["MessageRetentionPeriod"], 14 * 86_400);
  });
});

describe("each event source of a queue", () => {
  it("is one queue's, and each queue has one", () => {
    const sources = ofQueues.map(({ Properties }) => synthesised.at(Properties["EventSourceArn"]).id);
    assert.deepEqual(sources.toSorted(), worked.map(({ id }) => id).toSorted());
  });

  it("hides a message for six times as long as its function may take", () => {
    assert.equal(ofQueues.length, 6);
    for (const { Properties } of ofQueues) {
      const queue = synthesised.at(Properties["EventSourceArn"]);
      const timeout = Number(synthesised.at(Properties["FunctionName"]).Properties["Timeout"]);
      assert.ok(Number(queue.Properties["VisibilityTimeout"]) >= 6 * timeout, queue.id);
    }
  });

  it("has what failed come back alone, and waits for no company", () => {
    for (const { Properties } of mappings)
      assert.deepEqual(Properties["FunctionResponseTypes"], ["ReportBatchItemFailures"]);
    for (const { Properties } of ofQueues) {
      assert.equal(Properties["MaximumBatchingWindowInSeconds"], undefined);
      assert.equal(inside(Properties, "ScalingConfig", "MaximumConcurrency"), 2);
    }
    assert.deepEqual(
      ofQueues.map(({ Properties }) => Properties["BatchSize"]).toSorted(),
      [1, 1, 1, 10, 5, 5],
    );
  });

  it("grows with the operator's wish, but for alerts, of which mail takes ten a second", () => {
    const grown = new Synthesised({ concurrency: "20" });
    const wishes = grown
      .of("AWS::Lambda::EventSourceMapping")
      .filter(({ Properties }) => Properties["ScalingConfig"] !== undefined)
      .map(({ Properties }) => [
        inside(functionOf(grown, Properties), "Description"),
        Properties["BatchSize"],
        inside(Properties, "ScalingConfig", "MaximumConcurrency"),
      ]);
    assert.equal(wishes.length, 6);
    for (const [stage, batch, most] of wishes)
      assert.deepEqual(
        [batch === 1, most],
        stage === "Counterfoil: alert" ? [true, 2] : [stage === "Counterfoil: fetch", 20],
        String(stage),
      );
  });
});

describe("the ledger's stream", () => {
  const [stream, ...others] = mappings.filter((each) => !ofQueues.includes(each));

  it("is followed from its beginning, leaving out nothing, and letting one entry stop no others", () => {
    assert.ok(stream !== undefined);
    assert.equal(others.length, 0);
    const { Properties } = stream;
    assert.equal(inside(Properties, "EventSourceArn", "Fn::GetAtt", 1), "StreamArn");
    assert.equal(Properties["StartingPosition"], "TRIM_HORIZON");
    assert.equal(Properties["FilterCriteria"], undefined);
    assert.equal(Properties["BisectBatchOnFunctionError"], true);
    // The stream keeps a record for a day: what stands in front must give way long before.
    assert.ok(Number(Properties["MaximumRecordAgeInSeconds"]) <= 43_200);
    const letters = synthesised.at(inside(Properties, "DestinationConfig", "OnFailure", "Destination"));
    assert.equal(letters.Type, "AWS::SQS::Queue");
    const table = synthesised.at(Properties["EventSourceArn"]);
    assert.equal(inside(table.Properties, "StreamSpecification", "StreamViewType"), "NEW_AND_OLD_IMAGES");
  });
});
