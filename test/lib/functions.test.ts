import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ENVIRONMENT } from "../../functions/aws/environment.ts";
import { FUNCTIONS } from "../../lib/names.ts";
import { inside, Synthesised } from "./template.ts";

const synthesised = new Synthesised();
const functions = synthesised.of("AWS::Lambda::Function");

describe("each function", () => {
  it("is one of the drawing's, and each of the drawing's is there once", () => {
    const stages = functions.map((each) =>
      inside(each.Properties, "Environment", "Variables", ENVIRONMENT.stage),
    );
    assert.deepEqual(stages.toSorted(), FUNCTIONS.toSorted());
  });

  it("runs on Node 24 and arm64, outside of any VPC, traced by nobody", () => {
    assert.equal(functions.length, 8);
    for (const { Properties } of functions) {
      assert.equal(Properties["Runtime"], "nodejs24.x");
      assert.deepEqual(Properties["Architectures"], ["arm64"]);
      assert.equal(Properties["VpcConfig"], undefined);
      assert.equal(Properties["TracingConfig"], undefined);
      assert.equal(Properties["ReservedConcurrentExecutions"], undefined);
    }
  });

  it("writes to a log of its own that ends", () => {
    const groups = functions.map(({ Properties }) =>
      synthesised.at(inside(Properties, "LoggingConfig", "LogGroup")),
    );
    assert.equal(new Set(groups.map(({ id }) => id)).size, 8);
    for (const { Properties } of groups) assert.equal(Properties["RetentionInDays"], 90);
  });

  it("is told only what has a name, and no instant", () => {
    const known = new Set<string>([...Object.values(ENVIRONMENT), "NODE_OPTIONS"]);
    const given = functions.flatMap(({ Properties }) =>
      Object.entries(inside(Properties, "Environment", "Variables") as Record<string, unknown>),
    );
    assert.ok(given.length > 60, `saw only ${given.length} variables`);
    assert.deepEqual(
      given.filter(([name]) => !known.has(name)),
      [],
    );
    const clocks = given.filter(
      ([name, value]) =>
        /CLOCK|TIME|NOW$|DATE/.test(name) || /\d{4}-\d{2}-\d{2}T/.test(JSON.stringify(value)),
    );
    assert.deepEqual(clocks, []);
  });

  it("has as much memory and time as its work needs, fetch one artifact at a time", () => {
    const sizes = Object.fromEntries(
      functions.map(({ Properties }) => [
        inside(Properties, "Environment", "Variables", ENVIRONMENT.stage),
        [Properties["MemorySize"], Properties["Timeout"]],
      ]),
    );
    assert.deepEqual(sizes, {
      feed: [512, 180],
      survey: [1024, 150],
      fetch: [512, 300],
      compare: [512, 60],
      alert: [256, 60],
      sweep: [512, 120],
      api: [512, 29],
      copy: [256, 60],
    });
  });

  it("reserves concurrency when the operator says so", () => {
    const reserved = new Synthesised({ reservedConcurrency: "5" }).of("AWS::Lambda::Function");
    assert.equal(reserved.length, 8);
    for (const { Properties } of reserved) assert.equal(Properties["ReservedConcurrentExecutions"], 5);
  });
});

describe("each schedule", () => {
  const schedules = synthesised.of("AWS::Scheduler::Schedule");

  it("wakes its function every minute and keeps what it could not hand over", () => {
    assert.equal(schedules.length, 2);
    for (const { Properties } of schedules) {
      assert.equal(Properties["ScheduleExpression"], "rate(1 minute)");
      assert.equal(inside(Properties, "Target", "RetryPolicy", "MaximumEventAgeInSeconds"), 60);
      assert.equal(synthesised.at(inside(Properties, "Target", "Arn")).Type, "AWS::Lambda::Function");
      assert.equal(
        synthesised.at(inside(Properties, "Target", "DeadLetterConfig", "Arn")).Type,
        "AWS::SQS::Queue",
      );
    }
  });

  it("can be used by this account's schedules alone", () => {
    const roles = schedules.map(({ Properties }) => synthesised.at(inside(Properties, "Target", "RoleArn")));
    assert.equal(roles.length, 2);
    for (const { Properties } of roles)
      assert.deepEqual(inside(Properties, "AssumeRolePolicyDocument", "Statement", 0, "Condition"), {
        StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } },
      });
  });
});
