import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { ENVIRONMENT } from "../../functions/aws/environment.ts";
import { FUNCTIONS } from "../../lib/names.ts";
import { inside, type Resource, Synthesised } from "./template.ts";

const synthesised = new Synthesised();
const functions = synthesised.of("AWS::Lambda::Function");

const stageOf = ({ Properties }: Resource): unknown =>
  inside(Properties, "Environment", "Variables", ENVIRONMENT.stage);

type Documented = readonly [string, readonly (keyof typeof ENVIRONMENT)[], number, number];

/** Name, variables, seconds and megabytes, as the table of docs/decisions/0031 has them. */
const DOCUMENTED = readFileSync(
  new URL("../../docs/decisions/0031-aws-functions.md", import.meta.url),
  "utf8",
)
  .split("\n")
  .flatMap((line): Documented[] => {
    const [, name = "", needs = "", , , timeout = "", memory = ""] = line
      .split("|")
      .map((cell) => cell.trim());
    if (!timeout.endsWith(" s")) return [];
    const names = needs
      .replaceAll(/\([^)]*\)/g, "")
      .split(",")
      .map((each) => each.trim());
    return [
      [
        name,
        names as (keyof typeof ENVIRONMENT)[],
        Number.parseInt(timeout, 10),
        Number.parseInt(memory, 10),
      ],
    ];
  });

/** Any would do that is one. */
const ROOT_FILE = fileURLToPath(new URL("../../functions/pypi/trusted-root.json", import.meta.url));

describe("each function", () => {
  it("is one of the drawing's, and each of the drawing's is there once", () => {
    assert.deepEqual(functions.map(stageOf).toSorted(), FUNCTIONS.toSorted());
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

  it("is told what docs/decisions/0031 says, and has the time and memory that it says", () => {
    const chosen = { heartbeatUrl: "https://hc.example.org", trustedRoot: ROOT_FILE };
    const whole = new Synthesised(chosen).of("AWS::Lambda::Function");
    assert.equal(DOCUMENTED.length, 8);
    for (const [name, needs, timeout, memory] of DOCUMENTED) {
      const one = whole.find((each) => stageOf(each) === name);
      const told = Object.keys(inside(one?.Properties, "Environment", "Variables") as object);
      const always = [ENVIRONMENT.stage, ENVIRONMENT.logLevel, "NODE_OPTIONS"];
      assert.deepEqual(
        told.toSorted(),
        [...needs.map((need) => ENVIRONMENT[need]), ...always].toSorted(),
        name,
      );
      assert.equal(one?.Properties["Timeout"], timeout, name);
      assert.equal(one?.Properties["MemorySize"], memory, name);
    }
  });

  it("may be asked again by a message it sent, without Lambda taking it for a loop", () => {
    for (const { Properties } of functions) assert.equal(Properties["RecursiveLoop"], "Allow");
  });

  it("writes its log lines as they are: the embedded metrics in them would not survive being wrapped", () => {
    for (const { Properties } of functions)
      assert.notEqual(inside(Properties, "LoggingConfig", "LogFormat"), "JSON");
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

  it("lets no missed minute pile up in Lambda, to be run with others later", () => {
    const rules = synthesised.of("AWS::Lambda::EventInvokeConfig");
    const woken = schedules.map(({ Properties }) => synthesised.at(inside(Properties, "Target", "Arn")).id);
    assert.deepEqual(
      rules.map(({ Properties }) => synthesised.at(Properties["FunctionName"]).id).toSorted(),
      woken.toSorted(),
    );
    assert.equal(rules.length, 2);
    for (const { Properties } of rules) {
      assert.equal(Properties["MaximumRetryAttempts"], 0);
      assert.equal(Properties["MaximumEventAgeInSeconds"], 60);
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
