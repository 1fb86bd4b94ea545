import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { CONSUMERS, FUNCTIONS } from "../../lib/names.ts";
import { RUNBOOK, runbookAddress } from "../../lib/runbook.ts";
import { inside, listed, type Resource, Synthesised, statementsIn } from "./template.ts";

const synthesised = new Synthesised();
const alarms = synthesised.of("AWS::CloudWatch::Alarm");
const health = synthesised.of("AWS::SNS::Topic").find(({ id }) => id.startsWith("TopicsHealth"));
const service = (principal: unknown): unknown => inside(principal, "Service");
const nameOf = ({ Properties }: Resource): string =>
  String(Properties["AlarmName"]).replace("Counterfoil ", "");
/** What is not undone by a metric that is silent again. */
const ONCE = ["unknown journal actions", "ledger tampering", "fetched bytes"];
const described = ({ Properties }: Resource): string => String(Properties["AlarmDescription"]);

describe("each alarm", () => {
  it("of the monitor's own is there", () => {
    const names = alarms.map(nameOf);
    assert.equal(new Set(names).size, names.length);
    const own = [
      "no successful poll",
      "blind",
      "lag",
      "unknown journal actions",
      "ledger tampering",
      "fetched bytes",
      "no sweep",
      "ledger copy behind",
      "API faults",
      "undelivered alerts",
    ];
    assert.deepEqual(
      own.filter((name) => !names.includes(name)),
      [],
    );
  });

  it("reaches whoever subscribes to health: action, topic, its policy, its key, a subscription", () => {
    assert.ok(alarms.length >= 40, `saw only ${alarms.length}`);
    assert.ok(health !== undefined);
    for (const alarm of alarms) {
      const { id, Properties } = alarm;
      assert.notEqual(Properties["ActionsEnabled"], false, id);
      const over = ONCE.includes(nameOf(alarm)) ? [] : ["OKActions"];
      for (const when of ["AlarmActions", ...over]) {
        const actions = listed(Properties[when]);
        assert.equal(actions.length, 1, id);
        assert.equal(synthesised.at(actions[0]).id, health.id, id);
      }
    }
  });

  it("of what happened once never says that it is well again", () => {
    const silent = alarms.filter(({ Properties }) => Properties["OKActions"] === undefined);
    assert.deepEqual(silent.map(nameOf).toSorted(), ONCE.toSorted());
  });

  it("may publish to health by the topic's policy", () => {
    const policies = synthesised
      .of("AWS::SNS::TopicPolicy")
      .filter(({ Properties }) =>
        listed(Properties["Topics"]).some((to) => inside(to, "Ref") === health?.id),
      );
    const allows = policies
      .flatMap(({ Properties }) => statementsIn(Properties["PolicyDocument"]))
      .filter(
        ({ Effect, Principal }) => Effect === "Allow" && service(Principal) === "cloudwatch.amazonaws.com",
      );
    assert.equal(allows.length, 1);
    assert.deepEqual(allows[0]?.Action, "sns:Publish");
    assert.equal(synthesised.at(allows[0]?.Resource).id, health?.id);
  });

  it("may use the key of health by the key's policy", () => {
    const key = synthesised.at(health?.Properties["KmsMasterKeyId"]);
    assert.equal(key.Type, "AWS::KMS::Key");
    const allows = statementsIn(key.Properties["KeyPolicy"]).filter(
      ({ Effect, Principal }) => Effect === "Allow" && service(Principal) === "cloudwatch.amazonaws.com",
    );
    assert.deepEqual(
      allows.flatMap(({ Action }) => listed(Action)),
      ["kms:Decrypt", "kms:GenerateDataKey"],
    );
  });

  it("is read by somebody, and what nobody took is kept", () => {
    const subscriptions = synthesised.of("AWS::SNS::Subscription");
    assert.equal(subscriptions.length, 3);
    const ofHealth = subscriptions.filter(
      ({ Properties }) => inside(Properties, "TopicArn", "Ref") === health?.id,
    );
    assert.deepEqual(
      ofHealth.map(({ Properties }) => [Properties["Protocol"], Properties["Endpoint"]]),
      [["email", "health@example.org"]],
    );
    for (const { Properties } of subscriptions)
      assert.equal(
        synthesised.at(inside(Properties, "RedrivePolicy", "deadLetterTargetArn")).Type,
        "AWS::SQS::Queue",
      );
  });

  it("is filtered on findings alone, where a drill is the contacts' business: alarms have no attributes to filter by", () => {
    const subscriptions = synthesised.of("AWS::SNS::Subscription");
    const filters = subscriptions.map(({ Properties }) => [
      inside(Properties, "TopicArn", "Ref") === health?.id,
      Properties["FilterPolicy"],
    ]);
    const noDrills = { verdict: [{ "anything-but": ["drill"] }] };
    assert.deepEqual(
      filters.toSorted(),
      [
        [false, noDrills],
        [false, noDrills],
        [true, undefined],
      ].toSorted(),
    );
  });

  it("says what it means in a sentence, and names its heading of the runbook", () => {
    const addresses = Object.values(RUNBOOK).map(runbookAddress);
    for (const alarm of alarms) {
      const [, sentence = "", address = ""] = /^(\S.*\.) What to do: (\S+)$/.exec(described(alarm)) ?? [];
      assert.ok(sentence.length > 40, nameOf(alarm));
      assert.ok(addresses.includes(address), `${nameOf(alarm)} leads to ${address}`);
      assert.ok(described(alarm).length <= 1024);
    }
    const used = new Set(alarms.map((alarm) => described(alarm).split(" ").at(-1)));
    assert.deepEqual(
      addresses.filter((address) => !used.has(address)),
      [],
    );
  });

  it("has its heading in docs/runbook.md", () => {
    const runbook = new URL("../../docs/runbook.md", import.meta.url);
    assert.ok(existsSync(runbook), "docs/runbook.md is missing");
    const headings = [...readFileSync(runbook, "utf8").matchAll(/^##+ (.+)$/gm)].map(
      ([, heading]) => heading,
    );
    assert.deepEqual(
      Object.values(RUNBOOK).filter((heading) => !headings.includes(heading)),
      [],
    );
  });

  it("that waits for a sign of life takes silence for its absence", () => {
    const breaching = alarms.filter(({ Properties }) => Properties["TreatMissingData"] === "breaching");
    assert.deepEqual(breaching.map(nameOf).toSorted(), ["no successful poll", "no sweep"]);
    for (const { Properties } of breaching)
      assert.equal(Properties["ComparisonOperator"], "LessThanThreshold");
  });
});

describe("nothing fails without an alarm:", () => {
  const watching = (metric: string, dimension: string) =>
    alarms
      .filter(({ Properties }) => Properties["MetricName"] === metric)
      .flatMap(({ Properties }) => listed(Properties["Dimensions"]))
      .filter((each) => inside(each, "Name") === dimension)
      .map((each) => synthesised.at(inside(each, "Value")).id);

  const queues = synthesised.of("AWS::SQS::Queue");
  const worked = queues
    .filter(({ Properties }) => Properties["RedrivePolicy"] !== undefined)
    .map(({ id }) => id);
  const last = queues.filter(({ id }) => !worked.includes(id)).map(({ id }) => id);

  it("each queue of last resort", () => {
    assert.equal(last.length, 10);
    assert.deepEqual(watching("ApproximateNumberOfMessagesVisible", "QueueName").toSorted(), last.toSorted());
  });

  it("each queue that is worked on, by its oldest message", () => {
    assert.equal(worked.length, 6);
    assert.deepEqual(watching("ApproximateAgeOfOldestMessage", "QueueName").toSorted(), worked.toSorted());
  });

  it("each function, by errors and throttles", () => {
    const functions = synthesised.of("AWS::Lambda::Function").map(({ id }) => id);
    assert.equal(functions.length, FUNCTIONS.length);
    for (const metric of ["Errors", "Throttles"])
      assert.deepEqual(watching(metric, "FunctionName").toSorted(), functions.toSorted(), metric);
  });

  it("each stage that takes messages, by those that failed: they fail no invocation", () => {
    const queues = synthesised
      .of("AWS::Lambda::EventSourceMapping")
      .filter(({ Properties }) => Properties["ScalingConfig"] !== undefined)
      .map(({ Properties }) => synthesised.at(Properties["FunctionName"]))
      .map(({ Properties }) => String(Properties["Description"]).replace("Counterfoil: ", ""));
    assert.deepEqual([...new Set(queues)].toSorted(), CONSUMERS.toSorted());
    const failed = alarms.filter(({ Properties }) => Properties["MetricName"] === "MessagesFailed");
    const when = failed.map(({ Properties }) => [
      inside(Properties, "Dimensions", 0, "Value"),
      Properties["DatapointsToAlarm"],
      Properties["EvaluationPeriods"],
      Properties["Threshold"],
    ]);
    assert.deepEqual(when.toSorted(), [
      ["alert", 1, 1, 0],
      ["compare", 3, 3, 0],
      ["fetch", 3, 3, 0],
      ["survey", 3, 3, 0],
    ]);
  });

  it("each metric of ours that can tell of a fault", () => {
    const own = alarms.filter(({ Properties }) => Properties["Namespace"] === "Counterfoil");
    const watched = own.map(({ Properties }) => [
      inside(Properties, "Dimensions", 0, "Value"),
      Properties["MetricName"],
    ]);
    assert.deepEqual(watched.toSorted(), [
      ["alert", "MessagesFailed"],
      ["api", "Faults"],
      ["compare", "MessagesFailed"],
      ["copy", "LedgerTampering"],
      ["feed", "Blind"],
      ["feed", "LagSeconds"],
      ["feed", "Polls"],
      ["feed", "UnknownActions"],
      ["fetch", "FetchedBytes"],
      ["fetch", "MessagesFailed"],
      ["survey", "MessagesFailed"],
    ]);
    const document = readFileSync(
      new URL("../../docs/decisions/0031-aws-functions.md", import.meta.url),
      "utf8",
    );
    for (const [, metric] of watched) assert.match(document, new RegExp(`\\| (\`\\w+\`, )*\`${metric}\``));
  });
});

describe("the dashboard", () => {
  it("keeps the periods it was given, and shows two weeks of days", () => {
    const body = JSON.stringify(synthesised.of("AWS::CloudWatch::Dashboard")[0]?.Properties["DashboardBody"]);
    assert.match(body, /\\"periodOverride\\":\\"inherit\\"/);
    const widget = body.slice(body.indexOf("Fetched in a day"));
    assert.match(widget.slice(0, widget.indexOf("API requests")), /\\"start\\":\\"-P14D\\"/);
    assert.match(widget.slice(0, widget.indexOf("API requests")), /\\"period\\":86400/);
  });

  it("shows each queue, each function and each alarm", () => {
    const [dashboard, ...others] = synthesised.of("AWS::CloudWatch::Dashboard");
    assert.ok(dashboard !== undefined);
    assert.equal(others.length, 0);
    const body = JSON.stringify(dashboard.Properties["DashboardBody"]);
    const shown = [...synthesised.of("AWS::Lambda::Function"), ...alarms].map(({ id }) => id);
    assert.ok(shown.length >= 48);
    assert.deepEqual(
      shown.filter((id) => !body.includes(`"${id}"`)),
      [],
    );
  });
});
