import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ACCESS } from "../../lib/access.ts";
import { FUNCTIONS } from "../../lib/names.ts";
import { inside, listed, type Statement, Synthesised, statementsIn } from "./template.ts";

const synthesised = new Synthesised();
const roles = synthesised.of("AWS::IAM::Role");
const policiesOf = (properties: unknown): readonly Statement[] =>
  listed(inside(properties, "Policies") ?? []).flatMap((each) =>
    statementsIn(inside(each, "PolicyDocument")),
  );
const granted = roles.flatMap(({ Properties }) => policiesOf(Properties));
const texts = (value: unknown): string => JSON.stringify(value);

/** All there is that names more than one thing, and why. */
const PATTERNS: Readonly<Record<string, string>> = {
  "/bytes/*": "divergent bytes are named by digest",
  "/items/*": "items of evidence are named by artifact and digest",
  "/ledger/*": "copies of entries are named by subject and number",
  '"*"': "GetSubscriptionAttributes can be granted on nothing narrower, and tells of one whose ARN one knows",
  "/stream/*": "ListStreams can be granted on nothing narrower than a table's streams",
};

describe("what functions may do", () => {
  it("is written in policies of their roles and nowhere else", () => {
    assert.equal(
      roles.length,
      FUNCTIONS.length + 3,
      "a role per function, per schedule, and API Gateway's own",
    );
    assert.deepEqual(synthesised.of("AWS::IAM::Policy"), []);
    assert.deepEqual(synthesised.of("AWS::IAM::ManagedPolicy"), []);
    const managed = roles.filter(({ Properties }) => Properties["ManagedPolicyArns"] !== undefined);
    assert.deepEqual(
      managed.map(({ id }) => id),
      ["PipelineApiGatewayCloudWatchRole"].map((start) => managed.find(({ id }) => id.startsWith(start))?.id),
    );
  });

  it("is as many actions on things as were written down", () => {
    const pairs = (actions: readonly unknown[], things: readonly unknown[]): number =>
      actions.length * things.length;
    const written = FUNCTIONS.flatMap((name) => ACCESS[name]).reduce(
      (sum, { actions, on }) => sum + pairs(actions, on),
      0,
    );
    const allowed = granted.reduce(
      (sum, { Action, Resource }) => sum + pairs(listed(Action), listed(Resource)),
      0,
    );
    assert.ok(written > 100, `saw only ${written}`);
    // Each schedule's role has two of its own.
    assert.equal(allowed, written + 4);
  });

  it("is named action by action", () => {
    const actions = granted.flatMap(({ Action }) => listed(Action));
    assert.ok(actions.length > 70, `saw only ${actions.length}`);
    assert.deepEqual(
      actions.filter((action) => action.includes("*")),
      [],
    );
  });

  it("is named thing by thing, but for objects and streams whose names are yet to come", () => {
    const patterns = granted
      .flatMap(({ Resource }) => listed(Resource).map(texts))
      .filter((resource) => resource.includes("*"));
    const known = patterns.filter((text) => Object.keys(PATTERNS).some((each) => text.includes(each)));
    assert.deepEqual(patterns, known);
    assert.equal(new Set(patterns).size, Object.keys(PATTERNS).length);
  });

  it("allows fetch, which reads what is hostile, no table", () => {
    const fetch = ACCESS.fetch.flatMap(({ actions }) => actions);
    assert.ok(fetch.length > 5);
    assert.deepEqual(
      fetch.filter((action) => action.startsWith("dynamodb:") || action.startsWith("sns:")),
      [],
    );
  });

  it("lets nobody change or remove what the ledger holds", () => {
    const onLedger = FUNCTIONS.flatMap((name) =>
      ACCESS[name].filter(({ on }) => on.includes("table/Ledger")).flatMap(({ actions }) => actions),
    );
    assert.ok(onLedger.length > 5);
    assert.deepEqual([...new Set(onLedger)].toSorted(), ["dynamodb:PutItem", "dynamodb:Query"]);
  });

  it("lets alert alone publish", () => {
    const publishers = FUNCTIONS.filter((name) =>
      ACCESS[name].some(({ actions }) => actions.includes("sns:Publish")),
    );
    assert.deepEqual(publishers, ["alert"]);
  });
});

describe("the API's right to subscribe", () => {
  const statements = granted.filter(({ Action }) => listed(Action).includes("sns:Subscribe"));

  it("is to findings, by mail or https, and nobody else's", () => {
    assert.equal(statements.length, 1);
    const [{ Action, Resource, Condition } = { Action: "", Resource: "", Condition: {} }] = statements;
    assert.deepEqual(listed(Action), ["sns:Subscribe"]);
    assert.match(synthesised.at(Resource).id, /^TopicsFindings/);
    assert.deepEqual(Condition, { StringEqualsIfExists: { "sns:Protocol": ["email", "https"] } });
  });
});

describe("policies of things", () => {
  const things = synthesised.all.filter(({ Type }) => /(Queue|Topic|Bucket)Policy$/.test(Type));
  const statements = things.flatMap(({ Properties }) => statementsIn(Properties["PolicyDocument"]));

  it("allow services alone, for this account", () => {
    assert.ok(things.length >= 16 + 2 + 3, `saw only ${things.length}`);
    const allows = statements.filter(({ Effect }) => Effect === "Allow");
    // Alarms to health; SNS what it cannot deliver, per topic; S3's access logs, per bucket.
    assert.equal(allows.length, 1 + 2 + 2);
    for (const allow of allows) {
      assert.ok(inside(allow.Principal, "Service"), texts(allow));
      assert.match(texts(allow.Condition), /SourceAccount|SourceArn/i, texts(allow));
    }
  });
});
